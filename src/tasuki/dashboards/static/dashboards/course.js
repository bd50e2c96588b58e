// What a figure of the picture means, on hover and focus; Escape hides it. The print button.
const GAP = 12;
let box = null;
let shown = null;

function show(target) {
  if (shown === target) return;
  hide();
  shown = target;
  box = document.createElement("div");
  box.className = "course-tip";
  box.setAttribute("aria-hidden", "true"); // the link's own name says the same
  for (const line of target.dataset.tip.split("|")) {
    const text = document.createElement("p");
    text.textContent = line.trim();
    box.append(text);
  }
  document.body.append(box);
}

function place(x, y) {
  if (!box) return;
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(x + GAP, document.documentElement.clientWidth - width - 8));
  const below = y + GAP + height <= window.innerHeight - 8;
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, below ? y + GAP : y - GAP - height)}px`;
}

function hide() {
  box?.remove();
  box = null;
  shown = null;
}

document.addEventListener("pointermove", (event) => {
  const target = event.target.closest?.("[data-tip]");
  if (!target) {
    if (box && !document.activeElement?.matches("[data-tip]")) hide();
    return;
  }
  show(target);
  place(event.clientX, event.clientY);
});
document.addEventListener("focusin", (event) => {
  const target = event.target.closest?.("[data-tip]");
  if (!target || !target.matches(":focus-visible")) return;
  show(target);
  const around = target.getBoundingClientRect();
  place(around.left + around.width / 2, around.bottom);
});
document.addEventListener("focusout", hide);
document.addEventListener("scroll", hide, { passive: true, capture: true });
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") hide();
});
document.addEventListener("htmx:beforeSwap", hide);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});

// Links outside the part that htmx replaces keep up with the query that is now in the address.
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a[data-follows-query]")) {
    link.search = window.location.search;
  }
});

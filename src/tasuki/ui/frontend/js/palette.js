// The command palette: Ctrl/⌘ K or the field in the top bar. The server answers with options
// (<a role="option" href> to go, <button role="option"> to do); nothing is decided here.
import { debounce, isComposing, isTyping, mount, on } from "./dom.js";
import { Listbox } from "./listbox.js";

const dialog = () => document.getElementById("palette");

function open() {
  const palette = dialog();
  if (!palette || palette.open) return;
  palette.showModal();
  const input = palette.querySelector("input[type='search']");
  input.value = "";
  input.dispatchEvent(new Event("palette:ask"));
  input.focus();
}

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  } else if (event.key === "/" && !isTyping(event) && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    open();
  }
});

on("click", "[data-palette-open]", (event) => {
  event.preventDefault();
  open();
});

mount("#palette", (palette) => {
  const input = palette.querySelector("input[type='search']");
  const list = palette.querySelector("[role='listbox']");
  const status = palette.querySelector("[role='status']");
  const box = new Listbox(input, list);
  let asked = null;

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(palette.dataset.url, location.href);
    url.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(url, {
        signal: asked.signal,
        headers: { "HX-Request": "true", "HX-Current-URL": location.href },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      box.first();
      status.textContent = box.options.length ? "" : palette.dataset.nothing;
    } catch (error) {
      if (error.name === "AbortError") return;
      list.replaceChildren();
      status.textContent = palette.dataset.failed;
    }
  }

  const later = debounce(120, ask);
  input.addEventListener("palette:ask", ask);
  input.addEventListener("input", (event) => {
    if (!isComposing(event)) later();
  });
  input.addEventListener("compositionend", later);
  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (box.move(event.key)) {
      event.preventDefault();
    } else if (event.key === "Escape") {
      // A search field would spend the first Escape on emptying itself.
      event.preventDefault();
      palette.close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const active = box.active;
      if (active && (event.ctrlKey || event.metaKey) && active.href) window.open(active.href, "_blank");
      else active?.click();
    }
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option && option !== box.active) box.activate(option);
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest('[role="option"]')) palette.close();
  });
});

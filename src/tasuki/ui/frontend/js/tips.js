// Tips show on hover and focus by CSS; Escape hides the one shown until the pointer comes back,
// and one that would leave the window is turned to the other side.
import { on } from "./dom.js";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const tip of document.querySelectorAll(".tip:is(:hover, :focus-within)")) {
    tip.dataset.dismissed = "";
  }
});

function place(tip) {
  delete tip.dataset.dismissed;
  const text = tip.querySelector(".tip-text");
  if (!text) return;
  tip.classList.remove("tip-start", "tip-end", "tip-below");
  const box = text.getBoundingClientRect();
  if (box.left < 8) tip.classList.add("tip-start");
  else if (box.right > document.documentElement.clientWidth - 8) tip.classList.add("tip-end");
  if (box.top < 56) tip.classList.add("tip-below");
}

on("mouseover", ".tip", (event, tip) => {
  if (!tip.contains(event.relatedTarget)) place(tip);
});
on("focusin", ".tip", (_event, tip) => place(tip));

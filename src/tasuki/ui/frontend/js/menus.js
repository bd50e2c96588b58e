// Menus are <details data-menu>: they open without script. This closes them and moves between items.
import { on } from "./dom.js";

const ITEMS = ".menu-item:not(:disabled):not([aria-disabled='true'])";

function closeAll(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  closeAll(event.target instanceof Element ? event.target.closest("details[data-menu]") : null);
});

on("click", "details[data-menu] a.menu-item, details[data-menu] [data-menu-close]", (_event, item) => {
  item.closest("details").open = false;
});

// A panel that would leave the window opens to the other side. ("toggle" does not bubble.)
document.addEventListener(
  "toggle",
  (event) => {
    const panel = event.target.querySelector?.(":scope > .menu-panel");
    if (!panel || !event.target.open) return;
    const box = panel.getBoundingClientRect();
    if (box.right > document.documentElement.clientWidth) panel.classList.remove("menu-start");
    else if (box.left < 0) panel.classList.add("menu-start");
  },
  true,
);

document.addEventListener("focusin", (event) => {
  closeAll(event.target instanceof Element ? event.target.closest("details[data-menu]") : null);
});

on("keydown", "details[data-menu]", (event, menu) => {
  if (event.key === "Escape" && menu.open) {
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  menu.open = true;
  const items = [...menu.querySelectorAll(ITEMS)];
  if (!items.length) return;
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step;
  items[(next + items.length) % items.length].focus();
});

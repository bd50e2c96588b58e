// Native dialogs. data-dialog-open="id" opens one, data-dialog-close closes the one around it.
// A fragment swapped into #dialog-body or #drawer-body opens its dialog; the server closes it by
// answering with the HX-Trigger header "dialog:close".
import { on } from "./dom.js";

function open(dialog) {
  if (dialog && !dialog.open) dialog.showModal();
}

on("click", "[data-dialog-open]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialogOpen);
  if (!dialog) return;
  event.preventDefault();
  open(dialog);
});

on("click", "[data-dialog-close]", (event, closer) => {
  event.preventDefault();
  closer.closest("dialog")?.close();
});

// A press that both began and ended on the backdrop closes; a text selection that ends there must not.
let pressedOn = null;
document.addEventListener("pointerdown", (event) => {
  pressedOn = event.target;
});
document.addEventListener("click", (event) => {
  const dialog = event.target;
  if (dialog instanceof HTMLDialogElement && dialog === pressedOn && !("keep" in dialog.dataset)) {
    dialog.close();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const body = event.detail.target;
  if (body?.matches?.("[data-dialog-slot]") && body.childElementCount > 0) {
    open(body.closest("dialog"));
  }
});

document.addEventListener("dialog:close", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
});

document.addEventListener(
  "close",
  (event) => {
    const slot = event.target.querySelector?.("[data-dialog-slot]");
    if (slot) slot.replaceChildren();
  },
  true,
);

// Forms: one submit a press, the first error in view, unsaved text not lost by a slip,
// money with separators while it is typed.
import { isComposing, mount, on } from "./dom.js";

on("submit", "form", (event, form) => {
  if (form.dataset.sent !== undefined && !form.hasAttribute("hx-post")) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  form.dataset.sent = "";
  event.submitter?.setAttribute("aria-busy", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (form) {
    delete form.dataset.sent;
    form.querySelector("button[aria-busy]")?.removeAttribute("aria-busy");
  }
});

mount("form[method='post'] [aria-invalid='true']", (field) => {
  const first = document.querySelector("[aria-invalid='true']");
  if (first === field) field.focus({ preventScroll: false });
});

mount("form[data-guard]", (form) => {
  let dirty = false;
  form.addEventListener("input", () => (dirty = true));
  form.addEventListener("submit", () => (dirty = false));
  window.addEventListener("beforeunload", (event) => {
    if (dirty && form.isConnected) event.preventDefault();
  });
});

// Ctrl/⌘ + Enter sends the form around a text area.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposing(event)) return;
  const form = event.target.closest?.("form");
  if (form && event.target.matches("textarea")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

function grouped(text) {
  const plain = text.normalize("NFKC").replace(/[,、\s¥円]/g, "");
  const match = /^(-?)(\d+)(\.\d*)?$/.exec(plain);
  if (!match) return text;
  return match[1] + match[2].replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (match[3] ?? "");
}

mount("input[data-money]", (input) => {
  const tidy = () => (input.value = grouped(input.value));
  input.addEventListener("change", tidy);
  tidy();
});

// data-autosubmit: a control that applies at once (filters, page size); the button stays for no script.
on("change", "[data-autosubmit]", (_event, control) => control.form?.requestSubmit());

// Toasts: server-rendered ones from the messages framework, and HX-Trigger {"toast": {...}} ones:
// {level: "success" | "info" | "warning" | "error", text, action_label?, action_url?}
import { on } from "./dom.js";

const STAY = 7000;
const region = () => document.getElementById("toasts");

function leave(toast) {
  if (toast.matches(":hover, :focus-within")) {
    setTimeout(leave, 2000, toast);
  } else {
    toast.remove();
  }
}

function schedule(toast) {
  // Errors, and those that can still be undone, stay until dismissed.
  if (!toast.matches("[data-stay]")) setTimeout(leave, STAY, toast);
}

export function show({ level = "info", text, action_label: label, action_url: url }) {
  const template = document.getElementById("toast-template");
  if (!template || !text) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.classList.add(`toast-${level}`);
  toast.querySelector("[data-toast-text]").textContent = text;
  for (const icon of toast.querySelectorAll("[data-level]")) {
    if (icon.dataset.level !== level) icon.remove();
  }
  const form = toast.querySelector("form");
  if (label && url) {
    form.action = url;
    form.querySelector("button").textContent = label;
    toast.dataset.stay = "";
  } else {
    form.remove();
  }
  if (level === "error") toast.dataset.stay = "";
  region().append(toast);
  schedule(toast);
}

document.addEventListener("toast", (event) => show(event.detail));
on("click", "[data-toast-close]", (_event, button) => button.closest(".toast-item").remove());

document.addEventListener("htmx:responseError", (event) => {
  const texts = region().dataset;
  const status = event.detail.xhr.status;
  const text = { 403: texts.denied, 404: texts.gone, 429: texts.slow }[status] ?? texts.failed;
  show({ level: "error", text });
});
document.addEventListener("htmx:sendError", () => show({ level: "error", text: region().dataset.offline }));
document.addEventListener("htmx:timeout", () => show({ level: "error", text: region().dataset.offline }));

for (const toast of document.querySelectorAll(".toast-item")) schedule(toast);

// Alpine (its build without eval) is loaded only by a page that has x-data.
import { mount } from "./dom.js";

let started = false;

mount("[x-data]", async () => {
  if (started) return;
  started = true;
  const { default: Alpine } = await import("@alpinejs/csp");
  document.dispatchEvent(new CustomEvent("tasuki:alpine", { detail: Alpine }));
  Alpine.start();
});

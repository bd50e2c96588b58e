// Combobox with search on the server. Markup: components/form.html, macro combobox. The list is
// asked from data-url?q=…; each option carries data-value and data-label. Single or multiple.
import { debounce, isComposing, mount } from "./dom.js";
import { Listbox } from "./listbox.js";

mount("[data-combo]", (combo) => {
  const input = combo.querySelector("[role='combobox']");
  const list = combo.querySelector("[role='listbox']");
  const chips = combo.querySelector("[data-combo-chips]");
  const many = combo.hasAttribute("data-many");
  const box = new Listbox(input, list);
  let asked = null;

  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) box.activate(null);
  };
  const value = () => combo.querySelector("input[type='hidden'][data-combo-value]");

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(combo.dataset.url, location.href);
    url.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(url, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(String(answer.status));
      list.innerHTML = await answer.text();
      if (!box.options.length) list.innerHTML = combo.querySelector("template[data-none]").innerHTML;
      show(document.activeElement === input);
      box.first();
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  }

  function addChip(option) {
    if (chips.querySelector(`input[value="${CSS.escape(option.dataset.value)}"]`)) return;
    const chip = combo.querySelector("template[data-chip]").content.firstElementChild.cloneNode(true);
    chip.querySelector("input").value = option.dataset.value;
    chip.querySelector("[data-label]").textContent = option.dataset.label;
    chips.append(chip);
  }

  function choose(option) {
    if (many) {
      addChip(option);
      input.value = "";
    } else {
      value().value = option.dataset.value;
      input.value = option.dataset.label;
      input.dataset.chosen = option.dataset.label;
    }
    show(false);
    combo.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const later = debounce(150, ask);
  input.addEventListener("input", (event) => {
    if (!many) value().value = "";
    if (!isComposing(event)) later();
  });
  input.addEventListener("compositionend", later);
  input.addEventListener("focus", ask);
  input.addEventListener("blur", () => {
    setTimeout(show, 150, false);
    if (!many && !value().value) input.value = "";
  });
  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (!list.hidden && box.move(event.key)) event.preventDefault();
    else if (event.key === "ArrowDown") ask();
    else if (event.key === "Enter" && !list.hidden && box.active) {
      event.preventDefault();
      choose(box.active);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      event.preventDefault();
      show(false);
    } else if (event.key === "Backspace" && many && !input.value) {
      chips.lastElementChild?.remove();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) choose(option);
  });
  chips?.addEventListener("click", (event) => {
    if (event.target.closest("[data-chip-remove]")) {
      event.target.closest(".chip").remove();
      combo.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    }
  });
});

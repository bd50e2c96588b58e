// Small words that the modules share.

/** Run `setUp` once for every element matching `selector`, now and after each htmx swap. */
export function mount(selector, setUp) {
  const seen = new WeakSet();
  const run = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.push(root);
    for (const element of found) {
      if (!seen.has(element)) {
        seen.add(element);
        setUp(element);
      }
    }
  };
  run(document);
  document.addEventListener("htmx:load", (event) => run(event.target));
}

/** Delegated listener: `handle(event, element)` for the closest element matching `selector`. */
export function on(type, selector, handle) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handle(event, element);
  });
}

export function debounce(wait, run) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...args), wait);
  };
}

/** True while a person is typing, or choosing kanji: keys then belong to the field. */
export function isTyping(event) {
  if (event.isComposing || event.keyCode === 229) return true;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    !["checkbox", "radio", "button", "submit"].includes(target.type)
  );
}

export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}

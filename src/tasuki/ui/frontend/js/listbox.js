// Moving through a listbox with the arrow keys while the caret stays in its input.

export class Listbox {
  constructor(input, list) {
    this.input = input;
    this.list = list;
  }

  get options() {
    return [...this.list.querySelectorAll('[role="option"]:not([aria-disabled="true"])')];
  }

  get active() {
    return this.list.querySelector('[role="option"][aria-selected="true"]');
  }

  activate(option) {
    this.active?.setAttribute("aria-selected", "false");
    if (option) {
      option.id ||= `option-${Math.random().toString(36).slice(2)}`;
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  first() {
    this.activate(this.options[0]);
  }

  /** Handles ArrowUp/Down, Home and End; true when the key was ours. */
  move(key) {
    const options = this.options;
    const at = options.indexOf(this.active);
    const target = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? options.length - 1 : at - 1,
      PageDown: Math.min(at + 8, options.length - 1),
      PageUp: Math.max(at - 8, 0),
    }[key];
    if (target === undefined) return false;
    if (options.length) this.activate(options[(target + options.length) % options.length]);
    return true;
  }
}

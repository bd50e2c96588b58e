// File drop zone: the file input does the work, this adds dropping and says what was chosen.
import { mount } from "./dom.js";

const UNITS = ["B", "kB", "MB", "GB"];

function size(bytes) {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log10(bytes) / 3), 3) : 0;
  return `${(bytes / 1000 ** step).toFixed(step ? 1 : 0)} ${UNITS[step]}`;
}

mount("[data-drop]", (zone) => {
  const input = zone.querySelector("input[type='file']");
  const chosen = zone.querySelector("[data-drop-chosen]");

  input.addEventListener("change", () => {
    chosen.textContent = [...input.files].map((file) => `${file.name} (${size(file.size)})`).join(", ");
  });
  for (const type of ["dragenter", "dragover"]) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      zone.dataset.over = "";
    });
  }
  for (const type of ["dragleave", "drop"]) {
    zone.addEventListener(type, () => delete zone.dataset.over);
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = new DataTransfer();
    for (const file of event.dataTransfer.files) {
      if (input.multiple || files.files.length === 0) files.items.add(file);
    }
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});

// Record lists: j/k to move, Enter to open, x to select, e to edit, a to accept, Escape to let go;
// range selection with Shift; the bulk bar counts. Markup: components/table.html.
import { isTyping, mount } from "./dom.js";

function rowsOf(list) {
  return [...list.querySelectorAll("tbody tr[data-row]")];
}

function current(list) {
  return list.querySelector("tr[data-current]");
}

function select(list, row) {
  const before = current(list);
  if (before) {
    delete before.dataset.current;
    before.tabIndex = -1;
  }
  if (!row) return;
  row.dataset.current = "";
  row.tabIndex = 0;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(list, step) {
  const rows = rowsOf(list);
  if (!rows.length) return;
  const at = rows.indexOf(current(list));
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
  select(list, rows[Math.max(0, Math.min(rows.length - 1, next))]);
}

function toggle(row) {
  const check = row.querySelector(".row-check");
  if (!check) return;
  check.checked = !check.checked;
  check.dispatchEvent(new Event("change", { bubbles: true }));
}

const KEYS = {
  j: (list) => move(list, 1),
  k: (list) => move(list, -1),
  Enter: (_list, row) => row?.querySelector("a[data-open]")?.click(),
  o: (_list, row) => row?.querySelector("a[data-open]")?.click(),
  e: (_list, row) => row?.querySelector("[data-edit]")?.click(),
  a: (_list, row) => row?.querySelector("[data-accept]")?.click(),
  x: (_list, row) => row && toggle(row),
  Escape: (list) => select(list, null),
};

function activeList() {
  return document.activeElement?.closest("[data-list]") ?? document.querySelector("[data-list]");
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const list = activeList();
  const act = KEYS[event.key];
  if (!list || !act) return;
  const row = current(list);
  if (event.key === "Enter" && document.activeElement !== row) return;
  if (event.key === "Escape" && !row) return;
  event.preventDefault();
  act(list, row);
});

function refreshBulk(list) {
  const checks = [...list.querySelectorAll(".row-check")];
  const chosen = checks.filter((check) => check.checked).length;
  const all = list.querySelector(".check-all");
  if (all) {
    all.checked = chosen > 0 && chosen === checks.length;
    all.indeterminate = chosen > 0 && chosen < checks.length;
  }
  for (const bar of list.querySelectorAll("[data-bulk]")) {
    bar.hidden = chosen === 0;
    for (const count of bar.querySelectorAll("[data-bulk-count]")) count.textContent = chosen;
  }
}

mount("[data-list]", (list) => {
  let last = null;
  list.addEventListener("click", (event) => {
    const check = event.target.closest(".row-check");
    if (check) {
      const checks = [...list.querySelectorAll(".row-check")];
      if (event.shiftKey && last?.isConnected) {
        const [from, to] = [checks.indexOf(last), checks.indexOf(check)].sort((a, b) => a - b);
        for (const each of checks.slice(from, to + 1)) each.checked = check.checked;
      }
      last = check;
      refreshBulk(list);
    }
    if (event.target.closest("[data-bulk-clear]")) {
      for (const each of list.querySelectorAll(".row-check")) each.checked = false;
      refreshBulk(list);
    }
  });
  list.addEventListener("change", (event) => {
    if (event.target.matches(".check-all")) {
      for (const each of list.querySelectorAll(".row-check")) each.checked = event.target.checked;
    }
    refreshBulk(list);
  });
  list.addEventListener("htmx:afterSwap", () => refreshBulk(list));
  refreshBulk(list);
});

/* Keyboard for those who sit here eight hours a day: Ctrl-K or / searches, j and k walk a list, Enter opens. */

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

function focusSearch(event) {
  const field = document.querySelector(".search input");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

/** Move the mark in the page's list by `step` rows and bring it into view. */
function walk(step) {
  const rows = [...document.querySelectorAll("table[data-rows] tbody tr[data-href], table[data-rows] tbody tr:has(a)")];
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  if (now >= 0) rows[now].classList.remove("here");
  next.classList.add("here");
  next.scrollIntoView({ block: "nearest" });
}

function open(row) {
  const address = row?.dataset.href || row?.querySelector("a")?.href;
  if (address) location.assign(address);
}

function onKey(event) {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) return focusSearch(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") return focusSearch(event);
  if (event.key === "j") return walk(1);
  if (event.key === "k") return walk(-1);
  // A focused link or button keeps its own Enter.
  if (event.key === "Enter" && !event.target.closest("a, button, summary")) open(document.querySelector("tr.here"));
}

function onClick(event) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  if (event.target.closest("a, button, input, label, select") || String(getSelection())) return;
  open(event.target.closest("tr[data-href]"));
}

export function watchKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
}

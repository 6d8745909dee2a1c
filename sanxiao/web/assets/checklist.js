/* A checklist by keyboard: inside [data-checklist], 1 2 3 answer the item in hand and go on to the next; ↑ ↓ change it.

   Without a keyboard, or without this file, the same radios are pressed. What is typed into text keeps its digits. */

const writes = (element) => element.closest("textarea, select, input:not([type=radio])") !== null;

const items = (list) => [...list.querySelectorAll("[data-item]")];

/** The item in hand: that of the focused field, else the first without an answer. */
function inHand(list) {
  const all = items(list);
  const held = document.activeElement?.closest("[data-item]");
  return all.includes(held) ? held : all.find((item) => !answer(item)) ?? all[0];
}

const answer = (item) => item.querySelector(".three input:checked")?.value;

function go(item) {
  const field = item?.querySelector(".three input:checked") ?? item?.querySelector(".three input");
  field?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: "center" });
}

function count(list) {
  const said = items(list).map(answer);
  const line = list.querySelector("[data-count]");
  const words = { n: said.filter(Boolean).length, all: said.length, no: said.filter((a) => a === "no").length };
  if (line) line.textContent = list.dataset.said.replace(/\{(\w+)\}/g, (_all, name) => words[name]);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writes(event.target)) return;
  const list = document.querySelector("[data-checklist]");
  if (!list) return;
  const all = items(list);
  const item = inHand(list);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    return go(all[all.indexOf(item) + step]);
  }
  const field = item?.querySelectorAll(".three input")[Number(event.key) - 1];
  if (!field) return;
  event.preventDefault();
  field.checked = true;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  // A failure has more to be said: stay there. Else the next one.
  if (field.value === "no") return go(item);
  go(all[all.indexOf(item) + 1] ?? item);
}

export function watchChecklists() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-checklist]");
    if (list) count(list);
  });
  document.querySelectorAll("[data-checklist]").forEach(count);
}

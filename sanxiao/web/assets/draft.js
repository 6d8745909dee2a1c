/* Drafts: <form data-draft="order-12"> keeps what is typed in this browser until it has been sent.

   One entry per form, one value per field. Never kept: passwords, files, hidden fields and whatever is marked
   data-private (identity numbers, identities of tipsters). A draft leaves when its form was answered without errors:
   on submit it is marked as sent, and the next page that shows no errors for the same form forgets it.
   Drafts older than seven days are forgotten, and all of them when the page says data-forget-drafts (sign-out). */

import { word } from "./words.js";

const PREFIX = "draft:";
const WEEK = 7 * 24 * 3600 * 1000;
const SKIPPED = ["password", "file", "hidden", "submit", "button"];

/** localStorage may be switched off or full; a form without drafts is still a form. */
function store(act) {
  try { return act(localStorage); } catch { return null; }
}
const key = (form) => PREFIX + form.dataset.draft;
const read = (form) => store((box) => JSON.parse(box.getItem(key(form))));
const forget = (form) => store((box) => box.removeItem(key(form)));

/** True when the field may be kept at all. */
function kept(field) {
  return field.name && !SKIPPED.includes(field.type) && !field.closest("[data-private]");
}

const isBox = (field) => field.type === "checkbox" || field.type === "radio";
const label = (field) => (isBox(field) ? `${field.name}=${field.value}` : field.name);

function values(form) {
  return Object.fromEntries([...form.elements].filter(kept).map((field) => {
    if (isBox(field)) return [label(field), field.checked];
    return [label(field), field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value];
  }));
}

function put(form, saved) {
  for (const field of [...form.elements].filter(kept)) {
    const value = saved[label(field)];
    if (value === undefined) continue;
    if (isBox(field)) field.checked = value;
    else if (field.multiple) for (const option of field.options) option.selected = value.includes(option.value);
    else field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function differs(form, saved) {
  const now = values(form);
  return Object.keys(saved).some((name) => name in now && JSON.stringify(now[name]) !== JSON.stringify(saved[name]));
}

/** The line that says so, with a button that takes the draft away again. */
function tell(form, original) {
  const line = document.createElement("p");
  line.className = "drafted";
  line.setAttribute("role", "status");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "quiet", textContent: word("discard") });
  button.addEventListener("click", () => { put(form, original); forget(form); line.remove(); });
  line.append(word("restored"), button);
  form.prepend(line);
}

function restore(form) {
  const draft = read(form);
  if (!draft) return;
  const answered = draft.sent && !form.querySelector(".errors, .errorlist, .refusal");
  if (answered || Date.now() - draft.at > WEEK) return forget(form);
  if (!differs(form, draft.fields)) return;
  const original = values(form);
  put(form, draft.fields);
  tell(form, original);
}

function keep(form, sent = false) {
  store((box) => box.setItem(key(form), JSON.stringify({ at: Date.now(), sent, fields: values(form) })));
}

function watch(form) {
  if (form.dataset.drafting) return;
  form.dataset.drafting = "1";
  restore(form);
  let timer = 0;
  const stop = () => { clearTimeout(timer); timer = 0; };
  const now = () => { if (timer) { stop(); keep(form); } };
  form.addEventListener("input", (event) => { if (event.isTrusted) { stop(); timer = setTimeout(now, 400); } });
  form.addEventListener("submit", (event) => { stop(); if (!event.defaultPrevented) keep(form, true); });
  addEventListener("pagehide", now); // the last words before the page is left, reloaded, or put away by the telephone
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) forget(form); });
}

/** Drafts marked as sent whose form is not on this page were accepted: the server led on to another page. */
function sweep() {
  store((box) => {
    const here = new Set([...document.querySelectorAll("form[data-draft]")].map(key));
    const all = document.querySelector("[data-forget-drafts]") !== null;
    for (const name of Object.keys(box).filter((item) => item.startsWith(PREFIX))) {
      const draft = JSON.parse(box.getItem(name));
      if (all || Date.now() - draft.at > WEEK || (draft.sent && !here.has(name) && !document.querySelector(".refusal"))) box.removeItem(name);
    }
  });
}

export function watchDrafts(root) {
  if (root === document) sweep();
  if (root.matches?.("form[data-draft]")) watch(root);
  root.querySelectorAll("form[data-draft]").forEach(watch);
}

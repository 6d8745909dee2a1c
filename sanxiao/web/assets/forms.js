/* Forms: ask before what cannot be undone, send once, dialogs, ticked rows. All by delegation: parts of a page come and go. */

import { word } from "./words.js";

function askFirst(event) {
  const question = (event.submitter?.dataset.confirm ?? event.target.dataset.confirm);
  if (question !== undefined && !confirm(question || word("confirm"))) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

/** `data-once`: a second press while the first is on its way sends nothing. */
function sendOnce(event) {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
}

function release(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

function openDialog(event) {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  }
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
}

function countChosen(event) {
  if (!event.target.matches("[data-select], [data-select-all]")) return;
  if (event.target.matches("[data-select-all]")) {
    event.target.closest("table").querySelectorAll("[data-select]").forEach((box) => { box.checked = event.target.checked; });
  }
  const chosen = document.querySelectorAll("[data-select]:checked").length;
  const bar = document.querySelector(".bulkbar");
  if (!bar) return;
  bar.hidden = chosen === 0;
  bar.querySelector("span").textContent = word("chosen", { n: chosen });
}

export function watchForms() {
  document.addEventListener("submit", askFirst, true);
  document.addEventListener("submit", sendOnce);
  document.addEventListener("click", openDialog);
  document.addEventListener("change", countChosen);
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submit]")) event.target.form.requestSubmit(); });
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest?.("form"); if (form) release(form); });
  // Coming back with the Back button shows the page as it was left: the guard must not still be shut.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
}

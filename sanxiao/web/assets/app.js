/* What every page may use. Each part adds to a page that already works without it. */

import htmx from "htmx.org";
import { watchChecklists } from "./checklist.js";
import { watchDrafts } from "./draft.js";
import { watchKeys } from "./keys.js";
import { watchLocate } from "./locate.js";
import { watchForms } from "./forms.js";
import { watchPhotos } from "./photos.js";

// Set before the first request; the content security policy allows neither eval nor inline styles.
Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false, allowScriptTags: false, selfRequestsOnly: true, scrollBehavior: "auto", historyCacheSize: 0 });
window.htmx = htmx;

/** The CSRF token: a <meta name="csrf"> of the page, else the cookie. */
function csrfToken() {
  const meta = document.querySelector('meta[name="csrf"]');
  return meta?.content || document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] || "";
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});
// A refusal (409, 422) is an answer to be shown, not an error to be swallowed.
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([403, 409, 412, 422].includes(event.detail.xhr.status)) Object.assign(event.detail, { shouldSwap: true, isError: false });
});

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });

// On a phone the tabs of a room are wider than the screen: the one that is open is brought into view.
document.querySelectorAll(".tabs").forEach((tabs) => {
  const here = tabs.querySelector("[aria-current]");
  if (here) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - here.clientWidth) / 2;
});

watchKeys();
watchForms();
watchPhotos();
watchLocate();
watchChecklists();
watchDrafts(document);
document.addEventListener("htmx:load", (event) => watchDrafts(event.detail.elt));

/* What the page knows just now. Screens read it; home.js, answers.js and sync.js write it. */

import { computed, reactive, shallowReactive } from "./vue.js";
import { overlaid } from "./places.js";

export const app = shallowReactive({
  /** starting · insecure · signed-out · open · shut-out */
  phase: "starting",
  online: navigator.onLine,
  me: /** @type {any} */ (null),
  phone: { id: "", name: "" },
  served: /** @type {any[]} */ ([]), // places as the server gave them
  errands: /** @type {any[]} */ ([]),
  patches: /** @type {any[]} */ ([]),
  boundaries: /** @type {any} */ (null),
  answers: /** @type {any[]} */ ([]), // oldest first; replaced as a whole when one changes
  skew: /** @type {number|null} */ (null),
  busy: "", // "refresh" · "send"
  lastSync: 0,
  trouble: "", // why sending stopped, in words
  toast: "",
  farewell: "", // why the phone was shut out
  newer: false, // a newer page waits
});

export const settings = reactive({ large: localStorage.getItem("field.large") === "1" });

/** @param {boolean} on */
export function setLarge(on) {
  if (on !== settings.large) localStorage.setItem("field.large", on ? "1" : "0");
  settings.large = on;
  document.documentElement.classList.toggle("large", on);
}

export const drafts = computed(() => app.answers.filter((answer) => answer.state === "draft" && !answer.practice));
export const waiting = computed(() => app.answers.filter((answer) => ["queued", "parts"].includes(answer.state)));
/** What would be lost with this phone: everything that the server has not, drafts and what it would not take included. */
export const unsent = computed(() => app.answers.filter((answer) => answer.state !== "sent" && !answer.practice));
/** What the office sent back was mended, and the mended one is on its way. */
export const mended = (answer) => app.answers.some((other) => other.edits === answer.id && other.state !== "draft");
const isBack = (answer) => answer.state === "refused" || (answer.state === "sent" && answer.fate?.state === "returned" && !mended(answer));
/** What has come back to its person: not taken, or returned by the office with a reason. */
export const returned = computed(() => app.answers.filter(isBack));
export const places = computed(() => overlaid(app.served, app.answers));
export const placeOf = (id) => places.value.find((place) => place.id === id);
export const formOf = (code) => app.me?.forms.find((form) => form.code === code);
export const villageOf = (code) => app.me?.villages.find((village) => village.code === code);

let fading = 0;
/** Say something for some seconds. @param {string} words */
export function say(words) {
  app.toast = words;
  clearTimeout(fading);
  fading = setTimeout(() => { app.toast = ""; }, 4000);
}

// --- where one is -------------------------------------------------------------------------------------------------

const read = () => {
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { name: name || "errands", id: rest[0] ? decodeURIComponent(rest[0]) : "", more: rest.slice(1).map(decodeURIComponent) };
};

export const route = shallowReactive(read());
addEventListener("hashchange", () => { Object.assign(route, read()); scrollTo(0, 0); });

/** @param {string} path like "place/123" */
export const go = (path) => { location.hash = `#/${path}`; };
/** Go there and forget where one came from. */
export const replace = (path) => { history.replaceState(null, "", `#/${path}`); Object.assign(route, read()); scrollTo(0, 0); };
export const back = (otherwise) => { if (history.length > 1) history.back(); else replace(otherwise); };

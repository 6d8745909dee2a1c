/* How the page speaks to the program; docs/phone.md says what is asked and answered. */

import { language } from "./words.js";

/** No answer: no network, or the line broke. Try again later. */
export class Offline extends Error {}
/** The server is there but cannot now (5xx, 429). Try again later. */
export class Busy extends Error {}
/** Shut out: `code` is "revoked" or "no-post". */
export class ShutOut extends Error { constructor(code, message) { super(message); this.code = code; } }
/** Not signed in. */
export class SignedOut extends Error {}
/** Refused for good, with words for a person. */
export class Refused extends Error { constructor(status, message, code = "") { super(message); this.status = status; this.code = code; } }

const PATIENCE = 30_000;
let key = "";
/** Milliseconds by which this phone is ahead of the server; null as long as nobody has said. */
export const clock = { skew: /** @type {number|null} */ (null) };

/** @param {string} value the phone's key */
export const useKey = (value) => { key = value; };
export const phoneTime = () => new Date().toISOString();
/** The server's time as far as it is known: a phone's clock may be set at any moment. */
export const serverNow = () => Date.now() - (clock.skew ?? 0);

/** Ask; gives the Response. `own`: with the phone's key (else with the session). */
export async function ask(path, { method = "GET", body = undefined, headers = {}, own = true, patience = PATIENCE } = {}) {
  const cancel = new AbortController();
  const timer = setTimeout(() => cancel.abort(), patience);
  const began = Date.now();
  try {
    const answer = await fetch(path, {
      method, body, signal: cancel.signal, cache: "no-store", redirect: "manual", credentials: own ? "omit" : "same-origin",
      headers: { "X-Phone-Time": phoneTime(), Accept: "application/json", "Accept-Language": language() === "en" ? "en" : "zh-Hans", ...(own && key ? { Authorization: `Bearer ${key}` } : {}), ...headers },
    });
    compareClocks(answer.headers.get("X-Server-Time"), began);
    return await judged(answer);
  } catch (error) {
    if (error instanceof TypeError || error.name === "AbortError") throw new Offline(String(error.message));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The server's clock at the middle of the asking, against ours. */
function compareClocks(said, began) {
  if (said) clock.skew = Math.round((began + Date.now()) / 2 - Date.parse(said));
}

async function judged(answer) {
  if (answer.ok || answer.status === 304) return answer;
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
  if (answer.status >= 500 || [408, 425, 429].includes(answer.status)) throw new Busy(String(answer.status));
  const { code, message } = await complaint(answer);
  if (answer.status === 403 && ["revoked", "no-post"].includes(code)) throw new ShutOut(code, message);
  throw new Refused(answer.status, message || String(answer.status), code);
}

/** What an error says: JSON of ours, or OpenRosa's message. */
async function complaint(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    const said = text.match(/<message[^>]*>([^<]*)</);
    return { code: "", message: said ? said[1] : "" };
  }
}

export async function askJson(path, options) {
  const text = await (await ask(path, options)).text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Offline("no JSON"); // the page of a hotel's network, not our server
  }
}

/** Tell the server something as JSON. */
export const tell = (path, value, options = {}) => ask(path, { method: "POST", body: JSON.stringify(value), ...options, headers: { "Content-Type": "application/json", ...(options.headers ?? {}) } });

const csrf = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";

/** First sign-in: with the session of the office pages. @returns {Promise<{id: string, key: string}>} */
export async function newPhone(name) {
  const answer = await tell("/field/api/phone", { name, client: "page" }, { own: false, headers: { "X-CSRFToken": csrf() } });
  return answer.json();
}

/** Send one part of an answer. Resolves only when the server has said 201 or 202. @param {FormData} data */
export async function submit(data, device) {
  const answer = await ask(`/key/${key}/submission?deviceID=${encodeURIComponent(device)}`, {
    method: "POST", body: data, patience: 180_000, headers: { "X-OpenRosa-Version": "1.0", Accept: "*/*" },
  });
  if (answer.status !== 201 && answer.status !== 202) throw new Busy(String(answer.status)); // a portal's 200 is no receipt
}

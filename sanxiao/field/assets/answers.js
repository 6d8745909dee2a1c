/* Answers on this phone: drafts that are saved with every touch, what waits to be sent, what was sent.

   One record lives in one state at a time:
   draft -> queued -> (parts: the answers have arrived, photos not all) -> sent -> gone after 14 days.
   refused: the server would not have it, with its words; it stays until a person mends or exports it.
   What the server makes of it afterwards is kept beside it as `fate`. */

import * as store from "./store.js";
import { app, returned } from "./state.js";

/** @typedef {{id: string, code: string, version: string, title: string, kind: string, state: string, made_at: number, changed_at: number, by?: {name: string, key: string},
    place?: {id: string, name: string}|null, errand?: string, xml: string, files: any[], points?: Record<string, any>, name?: string, instance?: string, replaces?: string, queued_at?: number,
    sent_at?: number, acked?: string[], told?: boolean, why?: string, fate?: any, entity?: any, merged?: boolean, practice?: boolean, edits?: string}} Answer */

const byAge = (a, b) => (a.queued_at ?? Infinity) - (b.queued_at ?? Infinity) || a.made_at - b.made_at;

export async function loadAnswers() {
  app.answers = (await store.all("answers")).sort(byAge);
}

/** Who fills in on this phone: what is kept here is this person's, since the phone is wiped before another signs in. */
const author = () => ({ name: app.me?.user.name ?? "", key: app.me?.user.key ?? "" });

export const answerOf = (id) => app.answers.find((answer) => answer.id === id);

/** Keep an answer as it is now. @param {Answer} answer */
export async function keep(answer) {
  await store.put("answers", answer.id, answer);
  app.answers = [...app.answers.filter((other) => other.id !== answer.id), answer].sort(byAge);
}

/** @param {Partial<Answer>} first */
export async function begin(first) {
  const now = Date.now();
  const answer = { id: crypto.randomUUID(), state: "draft", by: author(), made_at: now, changed_at: now, xml: "", files: [], ...first };
  await keep(answer);
  return answer;
}

export async function drop(id) {
  await store.dropAnswer(id);
  app.answers = app.answers.filter((answer) => answer.id !== id);
}

/** The photos of an answer that its XML still names. @param {Answer} answer @returns {Promise<File[]>} */
export async function filesOf(answer) {
  const named = answer.files.filter((file) => answer.xml.includes(`>${file.name}<`));
  return (await Promise.all(named.map((file) => store.getFile(answer.id, file.name)))).filter(Boolean);
}

/** An answer that the office sent back, taken up again: a new draft that replaces it, with the same photos. */
export async function mend(sent) {
  const open = app.answers.find((answer) => answer.edits === sent.id && answer.state === "draft");
  if (open) return open;
  const { code, version, title, kind, place, errand, files, points, xml } = sent;
  const draft = { id: crypto.randomUUID(), state: "draft", by: author(), made_at: Date.now(), changed_at: Date.now(), code, version, title, kind, place, errand, files, points, xml: "", source: xml, edits: sent.id };
  for (const file of await filesOf(sent)) await store.putFile(draft.id, file.name, await file.arrayBuffer());
  await keep(draft);
  return draft;
}

/** Remove practice rounds, and what was sent before `limit`; what came back stays until it is mended or thrown away.
    @param {number} limit of the server's clock */
export async function tidy(limit) {
  const old = app.answers.filter((answer) => answer.practice || (answer.state === "sent" && answer.sent_at < limit && !returned.value.includes(answer)));
  for (const answer of old) await drop(answer.id);
}

// --- the last resort: a file ----------------------------------------------------------------------------------------

const asText = (buffer) => {
  let text = "";
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};
const asBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;

/** Everything that has not arrived, with photos, in one file. @returns {Promise<Blob>} */
export async function exported() {
  const chosen = app.answers.filter((answer) => !["sent"].includes(answer.state) && !answer.practice);
  const answers = [];
  for (const answer of chosen) {
    const files = await Promise.all((await filesOf(answer)).map(async (file) => [file.name, asText(await file.arrayBuffer())]));
    answers.push({ answer: { by: author(), ...answer }, files: Object.fromEntries(files) });
  }
  return new Blob([JSON.stringify({ kind: "sanxiao-field-queue", version: 1, person: app.me?.user.name ?? "", at: new Date().toISOString(), answers })], { type: "application/json" });
}

/** Did whoever has this phone fill it in? By the person's key; by the name where an older page wrote the file. */
function isMine(by) {
  const me = author();
  return by.key && me.key ? by.key === me.key : by.name === me.name;
}

/** Take such a file in again; what is here already stays as it is. What another person filled in stays outside: it
    would be sent as mine. @returns {Promise<{came: number, others: string[]}>} how many came; who wrote the others */
export async function imported(text) {
  const said = JSON.parse(text);
  if (said.kind !== "sanxiao-field-queue") throw new Error("kind");
  let came = 0;
  const others = [];
  for (const { answer, files } of said.answers) {
    const by = answer.by ?? { name: said.person ?? "", key: "" };
    if (!isMine(by)) { others.push(by.name); continue; }
    if (answerOf(answer.id)) continue;
    for (const [name, bytes] of Object.entries(files)) await store.putFile(answer.id, name, asBytes(bytes));
    await keep(answer);
    came += 1;
  }
  return { came, others };
}

/* Getting and sending. Sending: oldest first, one at a time, stopped at the first failure of the network; nothing is
   removed before the server has said 201. It starts by itself when the network is back, when the page is looked at
   again, and in growing intervals. Two open tabs do not send at once. */

import * as store from "./store.js";
import * as server from "./server.js";
import { app, waiting } from "./state.js";
import { answerOf, drop, filesOf, keep, tidy } from "./answers.js";
import { t } from "./words.js";

const PART = 1_500_000; // bytes of photos in one request: on a bad line a part that arrived need not be sent again
const SLOWEST = 5 * 60_000;
const SOON = 2000;
let pause = 5000;
let curious = SOON; // doubled before one asks again what became of what was sent
let timer = 0;

// --- getting --------------------------------------------------------------------------------------------------------

/** Take over what the server says of me; forms are fetched when their bytes have changed. */
async function getMe() {
  const { secret: _unused, ...me } = await server.askJson("/field/api/me");
  await leaveBehind(app.me?.villages ?? [], me.villages);
  app.me = me;
  await store.put("lists", "me", me);
  for (const form of me.forms) await getForm(form);
  await dropForms(me.forms);
  for (const list of me.lists ?? []) await getList(list);
  if (!app.boundaries && me.boundaries) await getBoundaries(me.boundaries);
}

/** Whoever was moved to another village keeps nothing of what he sent from the old one; what has not arrived stays. */
async function leaveBehind(before, now) {
  const here = new Set(now.map((village) => village.code));
  const left = new Set(before.map((village) => village.code).filter((code) => !here.has(code)));
  const there = (answer) => left.has(answer.xml.match(/<village>(\d{12})<\/village>/)?.[1]);
  for (const answer of app.answers.filter((one) => one.state === "sent" && there(one))) await drop(answer.id);
}

const formKey = (form) => `${form.code}|${form.version}`;

async function getForm(form) {
  const held = await store.get("forms", formKey(form));
  if (held?.md5 === form.md5) return;
  const xform = await (await server.ask(form.url, { headers: { Accept: "*/*" } })).text();
  await store.put("forms", formKey(form), { ...form, xform });
}

/** A list that forms choose from (suppliers, buyers); got anew when its bytes have changed. */
async function getList({ name, md5, url }) {
  const held = await store.get("lists", `file:${name}`);
  if (held?.md5 === md5) return;
  const text = await (await server.ask(url, { headers: { Accept: "*/*" } })).text();
  await store.put("lists", `file:${name}`, { md5, text });
}

/** Old versions stay as long as a draft or an answer that may come back needs them. */
async function dropForms(forms) {
  const wanted = new Set([...forms.map(formKey), ...app.answers.map(formKey)]);
  for (const id of await store.ids("forms")) if (!wanted.has(id)) await store.remove("forms", id);
}

async function getBoundaries(address) {
  const said = await server.askJson(address).catch(unlessRefused); // a map without lines is a map
  if (!said) return;
  app.boundaries = said;
  await store.put("lists", "boundaries", said);
}

/** What this server will not give is done without; everything else stops the exchange. */
const unlessRefused = (error) => { if (!(error instanceof server.Refused || error instanceof server.SignedOut)) throw error; };

async function getPlaces() {
  const held = await store.get("lists", "places-tag");
  const answer = await server.ask("/field/api/places", { headers: held ? { "If-None-Match": held } : {} });
  const before = settledNow();
  if (answer.status !== 304) {
    const { places } = await answer.json();
    app.served = places;
    await store.put("lists", "places", places);
    await store.put("lists", "places-tag", answer.headers.get("ETag") ?? "");
  }
  // The list has come after these were settled: it holds what they changed.
  for (const done of before) await keep({ ...done, merged: true });
}

const settledNow = () => app.answers.filter((answer) => answer.entity && !answer.merged && ["settled", "trouble", "returned"].includes(answer.fate?.state));

async function getErrands() {
  const said = await server.askJson("/field/api/errands").catch(unlessRefused);
  if (!said) return;
  Object.assign(app, { errands: said.errands, patches: said.patches ?? [] });
  await store.put("lists", "errands", said);
}

/** What became of the sent ones. */
async function getFates() {
  const asked = app.answers.filter((answer) => ["sent", "parts"].includes(answer.state) && answer.instance).slice(-200);
  if (!asked.length) return;
  const { instances } = await (await server.tell("/field/api/status", { instances: asked.map((answer) => answer.instance) })).json();
  for (const { id, instance } of asked) {
    const now = answerOf(id);
    if (now && instances[instance] && JSON.stringify(now.fate) !== JSON.stringify(instances[instance])) await keep({ ...now, fate: instances[instance] });
  }
}

/** Get everything anew. Throws as server.js does. */
async function refresh() {
  await getMe();
  await getFates();
  await getPlaces();
  await getErrands();
  await tidy(server.serverNow() - (app.me.rules?.keep_days ?? 14) * 86_400_000);
  app.lastSync = Date.now();
}

/** What was got before; enough to work with. */
export async function recall() {
  const [me, places, said, boundaries] = await Promise.all(["me", "places", "errands", "boundaries"].map((name) => store.get("lists", name)));
  Object.assign(app, { me: me ?? null, served: places ?? [], errands: said?.errands ?? [], patches: said?.patches ?? [], boundaries: boundaries ?? null });
}

// --- sending --------------------------------------------------------------------------------------------------------

/** The digests of the originals, and how positions came about, are told at once, before the photos themselves. */
async function promise(answer) {
  const said = [...answer.files, ...Object.entries(answer.points ?? {}).map(([name, point]) => ({ name, ...point }))];
  if (answer.told || !said.length) return;
  try {
    await server.tell("/field/api/promises", { instance: answer.instance, files: said });
  } catch (error) {
    if (!(error instanceof server.Refused)) throw error;
  }
  await keep({ ...answerOf(answer.id), told: true });
}

/** Files in handfuls of at most PART bytes; a single larger one goes alone. @param {File[]} files */
function handfuls(files) {
  const parts = [[]];
  let size = 0;
  for (const file of files) {
    if (size + file.size > PART && parts[parts.length - 1].length) { parts.push([]); size = 0; }
    parts[parts.length - 1].push(file);
    size += file.size;
  }
  return parts;
}

async function send(answer) {
  const done = new Set(answer.acked ?? []);
  const parts = handfuls((await filesOf(answer)).filter((file) => !done.has(file.name)));
  for (const [index, files] of parts.entries()) {
    const data = new FormData();
    data.append("xml_submission_file", new Blob([answer.xml], { type: "text/xml" }), "submission.xml");
    for (const file of files) data.append(file.name, file, file.name);
    if (index < parts.length - 1) data.append("*isIncomplete*", "yes");
    await server.submit(data, app.phone.id);
    for (const file of files) done.add(file.name);
    const last = index === parts.length - 1;
    await keep({ ...answerOf(answer.id), acked: [...done], state: last ? "sent" : "parts", sent_at: server.serverNow(), why: "" });
  }
}

const stumbled = new Map(); // id of an answer -> how often the server was there and could not take it

/** The server stumbles over this one again and again: the others need not wait for it. */
const aloneInTrouble = (error, id) => error instanceof server.Busy && stumbled.set(id, (stumbled.get(id) ?? 0) + 1).get(id) > 3;

/** Send what waits. Throws when the network fails; what the server will not have is set aside with its words. Gives
    the error of what was passed over, to be tried again. */
async function push() {
  let passed = null;
  const ids = waiting.value.map((answer) => answer.id);
  for (const next of ids) if (answerOf(next)) await promise(answerOf(next)); // all of them: the photos may take days
  for (const next of ids) {
    const answer = answerOf(next);
    if (!answer || !["queued", "parts"].includes(answer.state)) continue;
    try {
      await send(answer);
    } catch (error) {
      if (aloneInTrouble(error, next)) passed = error;
      else if (error instanceof server.Refused) await keep({ ...answerOf(next), state: "refused", why: error.message });
      else throw error;
    }
  }
  return passed;
}

// --- when -----------------------------------------------------------------------------------------------------------

const alone = (work) => (navigator.locks ? navigator.locks.request("field-sync", { ifAvailable: true }, (lock) => (lock ? work() : undefined)) : work());

/** Send and get; never throws. */
export async function sync() {
  if (app.busy || app.phase !== "open") return;
  clearTimeout(timer);
  app.busy = "send";
  try {
    await alone(exchange);
    pause = 5000;
    app.trouble = "";
    app.online = true;
  } catch (error) {
    await failed(error);
  } finally {
    app.busy = "";
    app.skew = server.clock.skew ?? app.skew;
  }
  const next = app.phase === "open" ? nextTime() : 0;
  if (next) timer = setTimeout(sync, next);
}

/** What arrived and is not yet taken, as far as one knows: the server does that within seconds. */
const underway = () => app.answers.some((answer) => answer.state === "sent" && (!answer.fate || answer.fate.state === "received"));

/** When to speak with the server before the usual beat; 0: no need. */
function nextTime() {
  if (waiting.value.length || app.trouble) return pause;
  curious = underway() ? Math.min(curious * 2, SLOWEST) : SOON;
  return underway() ? curious : 0;
}

/** What the server says in words (errands, reasons) is got anew: the person has chosen another language. */
export function askAnew() {
  app.lastSync = 0;
  sync();
}

async function exchange() {
  const sent = waiting.value.length;
  const passed = await push();
  app.busy = "refresh";
  if (sent || Date.now() - app.lastSync > 20_000) await refresh();
  else if (underway()) await getFates();
  if (passed) throw passed;
}

async function failed(error) {
  if (error instanceof server.ShutOut) return leave(error.code);
  if (!(error instanceof server.Offline || error instanceof server.Busy || error instanceof server.SignedOut || error instanceof server.Refused)) console.error(error);
  app.online = !(error instanceof server.Offline) && navigator.onLine;
  app.trouble = t(error instanceof server.Offline ? "noNetwork" : "serverBusy");
  pause = Math.min(pause * 2, SLOWEST);
}

/** Shut out. What waits is offered once more (what was seen while one held the post is taken), then all is wiped. */
async function leave(code) {
  for (const answer of waiting.value) {
    try {
      await promise(answer);
      await send(answerOf(answer.id));
    } catch (error) {
      if (error instanceof server.Offline || error instanceof server.Busy) return; // the phone is wiped when it could be offered
    }
  }
  Object.assign(app, { phase: "shut-out", farewell: code, me: null, served: [], errands: [], patches: [], answers: [] });
  await store.wipe();
}

/** Start listening: network, looking at the page, time. */
export function keepInTouch() {
  addEventListener("online", () => { app.online = true; pause = 5000; sync(); });
  addEventListener("offline", () => { app.online = false; });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") sync(); });
  setInterval(() => { if (document.visibilityState === "visible" && navigator.onLine) sync(); }, 60_000);
}

// --- signing in and out ----------------------------------------------------------------------------------------------

/** First sign-in of this phone. Throws SignedOut when there is no session. @param {string} name of the phone */
export async function signIn(name) {
  const { id, key } = await server.newPhone(name);
  server.useKey(key);
  const { secret } = await server.askJson("/field/api/me");
  await store.setKey(secret);
  await store.put("settings", "phone", { id, key, name });
  app.phone = { id, name };
  app.phase = "open";
  app.lastSync = 0;
  await sync();
}

/** The phone's key from the store. False when it is not there. */
export async function resume() {
  const phone = await store.get("settings", "phone");
  if (!phone) return false;
  server.useKey(phone.key);
  app.phone = { id: phone.id, name: phone.name };
  return true;
}

/** Sign out: the server is told when it can be reached, then nothing is left here. */
export async function signOut() {
  try {
    await server.ask("/field/api/phone", { method: "DELETE", patience: 5000 });
  } catch { /* without a network the key dies with what it was kept in */ }
  Object.assign(app, { phase: "signed-out", me: null, served: [], errands: [], patches: [], answers: [] });
  await store.wipe();
}

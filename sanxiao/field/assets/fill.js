/* Filling one form: opens it with the list of places it may see, saves every touch, ends with the queue. */

import * as store from "./store.js";
import { app, formOf, placeOf } from "./state.js";
import { begin, filesOf, keep } from "./answers.js";
import { csv } from "./places.js";
import { readAnswer } from "./outline.js";
import { take } from "./photo.js";
import { latest } from "./position.js";
import { PRACTICE } from "./practice.js";
import { t } from "./words.js";

/** The engine comes beside the page: asked for early, waited for only here. */
export const engine = () => import("./engine.js");

const formRecord = async ({ code, version, practice }) => {
  if (practice) return PRACTICE;
  const held = await store.get("forms", `${code}|${version}`);
  if (!held) throw new Error(t("formNotHere"));
  return held;
};

/** The other lists that a form chooses from, as they were last got. */
const listsOf = async (record) => Object.fromEntries(await Promise.all((record.lists ?? []).map(async (name) => [name, (await store.get("lists", `file:${name}`))?.text ?? "name,label\n"])));

/** Begin with a form, about a place or a new one. @param {any} form @param {any} place @param {any} more */
export async function beginForm(form, place = null, more = {}) {
  return begin({ code: form.code, version: form.version, title: form.title, title_en: form.title_en, kind: form.kind, place: place && { id: place.id, name: place.name }, ...more });
}

/** What is known of a new answer before anybody types: who asks, where, who stood beside last time. */
function prefill(session, answer, partner) {
  const put = (name, value, anew = false) => {
    const question = value && session.named(name);
    if (question && (anew || !question.text) && !question.readonly) question.put(value);
  };
  put("surveyor_1", app.me?.user.name);
  put("surveyor_2", partner);
  const villages = app.me?.villages ?? [];
  if (villages.length === 1) put("village", villages[0].code);
  for (const [name, value] of Object.entries(answer.known ?? {})) put(name, value, true);
}

/** A new place that an errand speaks of takes the errand's key, so that the errand is found done when it is filed. */
const keyed = (xml, key) => xml.replace(/(<new_place>)[^<]*(<\/new_place>)/, `$1${key}$2`);

/** One form open in the page. */
export class Filling {
  /** @param {any} answer */
  static async open(answer) {
    const [{ load }, record] = await Promise.all([engine(), formRecord(answer)]);
    const place = answer.place && placeOf(answer.place.id);
    const form = await load(record.xform, { "places.csv": csv(place ? [place] : []), ...(await listsOf(record)) });
    const who = [app.me?.user.name ?? "", app.phone.id];
    const files = await filesOf({ ...answer, xml: answer.xml || answer.source || "" });
    let session = answer.xml ? await form.restore(answer.xml, files, ...who)
      : answer.source ? await form.edit(answer.source, files, ...who) : await form.create(...who);
    if (answer.own && !answer.xml) session = await form.restore(keyed(session.xml, answer.own), [], ...who);
    const filling = new Filling(session, form.outline, answer, record);
    filling.resumed = Boolean(answer.xml);
    if (!answer.xml && !answer.source) {
      if (place) session.choose(place.id);
      const known = place ? session.questions.filter((question) => question.text).map((question) => [question.path, [question.text, question.spoken]]) : [];
      filling.answer = { ...answer, known_before: Object.fromEntries(known) };
      prefill(session, answer, await store.get("settings", "partner"));
    }
    filling.first = new Map(Object.entries(filling.answer.known_before ?? {}));
    session.listener = () => filling.touch();
    await filling.save();
    return filling;
  }

  constructor(session, outline, answer, record) {
    Object.assign(this, { session, outline, answer, record, first: new Map(), kept: new Set(outline.kept.map(([path]) => path)), untouched: true, coming: new Set(), saving: null, dirty: false, pictures: new Map() });
  }

  /** Something was known of the place when the form was opened on it. */
  get knew() { return this.first.size > 3; }
  /** Questions whose answer is not what was known. */
  get changed() { return this.session.questions.filter((question) => this.kept.has(question.path) && question.text !== (this.first.get(question.path)?.[0] ?? "")); }
  /** What was known, in words. */
  before(question) { return this.first.get(question.path)?.[1] ?? ""; }

  /** Save soon: touches that come while one save is being written make one more. */
  touch() {
    this.dirty = true;
    this.untouched = false;
    this.saving ??= this.#write().finally(() => { this.saving = null; });
  }

  async #write() {
    while (this.dirty) {
      await new Promise((done) => setTimeout(done, 25));
      this.dirty = false;
      await this.save();
    }
  }

  async save(more = {}) {
    this.answer = { ...this.answer, ...more, xml: this.session.xml, changed_at: Date.now() };
    if (!this.over) await keep(this.answer);
  }

  /** Everything that was touched is written. */
  async settled() { while (this.saving) await this.saving; }

  /** A photo or a signature is on its way into the answer. @param {Promise<any>} work */
  comes(work) {
    this.coming.add(work);
    work.catch(() => {}).then(() => this.coming.delete(work));
    return work;
  }

  /** Whoever is quicker than the photo waits for it. */
  async arrived() { await Promise.allSettled([...this.coming]); await this.settled(); }

  /** A photo into a question. The file is kept before the answer names it. @param {any} question @param {File} file */
  async photograph(question, file) {
    const where = latest();
    const { name, bytes, told } = await take(file, question.maxPixels ?? app.me?.rules?.photo_max_pixels ?? 1600, where);
    await this.#attach(question, name, bytes, told);
    return told;
  }

  /** How a position came about: taken here, with what the phone says of it, or (null) set by hand. @param {any} question @param {any} fix */
  placed(question, fix) {
    const told = fix ? { lat: fix.lat, lng: fix.lng, accuracy: fix.accuracy, mock: fix.mock, taken_at: new Date(fix.at).toISOString() } : { hand: true };
    this.answer = { ...this.answer, points: { ...this.answer.points, [question.name]: told } };
  }

  /** A drawing (a signature) into a question. @param {any} question @param {Blob} blob */
  async draw(question, blob) {
    await this.#attach(question, `signature-${crypto.randomUUID().slice(0, 8)}.png`, await blob.arrayBuffer(), null);
  }

  async #attach(question, name, bytes, told) {
    const type = name.endsWith(".png") ? "image/png" : "image/jpeg";
    await store.putFile(this.answer.id, name, bytes);
    this.answer = { ...this.answer, files: [...this.answer.files, told ?? { name }] };
    question.attach(new File([bytes], name, { type }));
    this.pictures.set(name, URL.createObjectURL(new Blob([bytes], { type })));
    await this.settled();
  }

  /** An address for the picture of a question. @param {string} name @returns {Promise<string>} */
  async picture(name) {
    if (!this.pictures.has(name)) {
      const file = await store.getFile(this.answer.id, name);
      this.pictures.set(name, file ? URL.createObjectURL(file) : "");
    }
    return this.pictures.get(name);
  }

  told(name) { return this.answer.files.find((file) => file.name === name); }

  /** Into the queue. What is missing must have been settled before. */
  async finish() {
    await this.settled();
    const said = readAnswer(this.session.xml, this.outline);
    if (said.entity?.create) said.entity.branch ||= crypto.randomUUID();
    const partner = this.session.named("surveyor_2")?.text;
    if (partner) await store.put("settings", "partner", partner);
    const named = this.answer.place?.name || this.answer.about || said.name.trim() || said.entity?.label.trim() || "";
    await this.save({ ...said, name: named, state: "queued", queued_at: Date.now() });
    this.close();
    return this.answer;
  }

  close() {
    this.over = true;
    for (const address of this.pictures.values()) if (address) URL.revokeObjectURL(address);
  }
}

/** The form of a kind that surveys it; the newest that the server offers. @param {string} kind */
export const surveyOf = (kind) => app.me?.forms.find((form) => form.kind === kind && form.about === "any");
export const revisitForm = () => app.me?.forms.find((form) => form.about === "place" && form.code.startsWith("revisit")) ?? app.me?.forms.find((form) => form.about === "place");
/** Forms with which the stalls of a market are gone through. */
export const marketForms = () => app.me?.forms.filter((form) => form.about === "place" && form.market) ?? [];
export const walkForm = () => app.me?.forms.find((form) => form.code.startsWith("walk"));
export { formOf };

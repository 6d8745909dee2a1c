/* The one file that knows @getodk/xforms-engine. It calls itself a pre-release: whoever raises its version reads
   this file and runs tests/browser/test_field_engine.py first.

   Everything else sees a Session with pages of parts: Question, Group, Repeat. Their getters read reactive state, so
   a part of the page that reads one is drawn anew when it changes.

   Traps that are dealt with here: a payload of the engine leaves out photos that were not touched since a draft was
   restored, so answers are taken as XML and the files from our own store by the names that the XML says; html in
   labels is read as text; a form without a title or with an unknown function does not load, and says so in words. */

import { loadForm } from "@getodk/xforms-engine";
import { shallowReactive } from "./vue.js";
import { t, language, named } from "./words.js";
import { Outline } from "./outline.js";

/** @typedef {"text"|"integer"|"decimal"|"date"|"month"|"time"|"moment"|"one"|"many"|"point"|"image"|"signature"|"note"|"trigger"|"unknown"} Kind */

const INPUTS = { string: "text", int: "integer", decimal: "decimal", date: "date", time: "time", dateTime: "moment", geopoint: "point", barcode: "text" };

/** A range of the engine as plain text. */
const words = (range) => (range ? range.asString.trim() : "");

const has = (node, appearance) => Boolean(node.appearances?.[appearance]) || [...(node.appearances ?? [])].includes(appearance);

/** One question, as the page sees it. */
export class Question {
  constructor(node, session) { this.node = node; this.session = session; this.id = node.nodeId; this.kind = kindOf(node); this.name = nameOf(node); }

  /** Where it stands, the same as long as the form is: /data/place/address. */
  get path() { return this.node.currentState.reference; }
  get label() { return words(this.node.currentState.label) || this.name; }
  /** What the lines are called among which it stands ("hours" of "from" and "to"); empty outside of a repeat. */
  get within() {
    let node = this.node.parent;
    while (node && !node.nodeType.startsWith("repeat-range")) node = node.parent;
    return node ? words(node.currentState.label) : "";
  }
  get hint() { return words(this.node.currentState.hint); }
  get relevant() { return this.node.currentState.relevant; }
  get required() { return this.node.currentState.required; }
  get readonly() { return this.node.currentState.readonly; }
  /** The answer as the form keeps it. */
  get text() { return this.node.currentState.instanceValue ?? ""; }
  get chosen() { return this.text ? this.text.split(" ") : []; }
  /** @returns {{value: string, label: string}[]} */
  get options() { return (this.node.currentState.valueOptions ?? []).map((item) => ({ value: item.value, label: words(item.label) || item.value })); }
  get minimal() { return has(this.node, "minimal") || has(this.node, "autocomplete"); }
  get numbers() { return has(this.node, "numbers"); }
  get multiline() { return has(this.node, "multiline"); }
  get maxPixels() { return this.node.maxPixels ?? null; }
  /** What is wrong with the answer, in words; empty when nothing is. */
  get fault() {
    const found = this.node.validationState.violation;
    if (!found) return "";
    return words(found.message) || t(found.condition === "required" ? "required" : "notRight");
  }
  get missing() { return this.node.validationState.violation?.condition === "required"; }
  /** Nothing to do for a person: given by the server, or said by a note that is empty. */
  get silent() { return this.name === "form_no" || (this.kind !== "note" && this.readonly && !this.text); }

  /** @param {string} value */
  put(value) {
    if (this.kind === "trigger") this.node.setValue(value === "OK");
    else if (this.kind === "one") this.node.selectValue(value || null);
    else if (this.kind === "many") this.node.selectValues(value ? value.split(" ") : []);
    else this.node.setValue(value === "" && this.kind !== "text" ? null : value);
    this.session.changed();
  }

  /** @param {string} value */
  toggle(value) {
    const now = this.chosen;
    this.put((now.includes(value) ? now.filter((item) => item !== value) : [...now, value]).join(" "));
  }

  /** @param {File|null} file under the name that the answers will say */
  attach(file) { this.node.setValue(file); this.session.changed(); }

  /** The answer in words: what a list of answers shows. */
  get spoken() {
    if (!this.text) return "";
    if (this.kind === "one" || this.kind === "many") return named(this.chosen.map((value) => this.options.find((item) => item.value === value)?.label ?? value));
    if (this.kind === "image" || this.kind === "signature") return t("photoTaken");
    if (this.kind === "month") return this.text.slice(0, 7);
    if (this.kind === "time") return this.text.slice(0, 5);
    if (this.kind === "moment") return this.text.slice(0, 16).replace("T", " ");
    if (this.kind === "point") return this.text.split(" ").slice(0, 2).map((part) => Number(part).toFixed(5)).join(", ");
    return this.text;
  }
}

/** Questions that stand together. */
export class Group {
  constructor(node, session) { this.node = node; this.session = session; this.id = node.nodeId; this.kind = "group"; this.name = nameOf(node); }

  get label() { return words(this.node.currentState.label); }
  get relevant() { return this.node.currentState.relevant; }
  get parts() { return this.session.partsOf(this.node); }
}

/** A group that may come several times. */
export class Repeat {
  constructor(node, session) { this.node = node; this.session = session; this.id = node.nodeId; this.kind = "repeat"; this.name = nameOf(node); }

  get label() { return words(this.node.currentState.label); }
  get relevant() { return this.node.currentState.relevant; }
  get fixed() { return this.node.nodeType === "repeat-range:controlled"; }
  get times() { return this.node.currentState.children.map((child) => this.session.part(child)); }

  add() { this.node.addInstances(); this.session.changed(); return this.times[this.times.length - 1]; }
  /** @param {number} index */
  remove(index) { this.node.removeInstances(index); this.session.changed(); }
}

function kindOf(node) {
  switch (node.nodeType) {
    case "note": return "note";
    case "trigger": return "trigger";
    case "select": return node.selectType === "select" ? "many" : "one";
    case "upload": return node.nodeOptions.media.type === "image" || node.nodeOptions.media.type == null ? (has(node, "signature") || has(node, "draw") ? "signature" : "image") : "unknown";
    case "input": return node.valueType === "date" && has(node, "month-year") ? "month" : INPUTS[node.valueType] ?? "unknown";
    default: return "unknown";
  }
}

const nameOf = (node) => node.currentState.reference.split("/").pop().replace(/\[\d+\]$/, "");

/** A form being filled. `changed` calls whoever listens; drafts are saved by it. */
export class Session {
  constructor(root, outline) {
    this.root = root; this.outline = outline; this.known = new Map(); this.listener = () => {};
    this.speak();
  }

  changed() { this.listener(); }

  /** The form's words in the language of the page; the form's own language where it has no such words. */
  speak() {
    const wanted = this.root.languages.find((item) => item.language.includes(`(${language() === "en" ? "en" : "zh"})`));
    if (wanted) this.root.setLanguage(wanted);
  }

  part(node) {
    if (!this.known.has(node)) {
      const kind = { group: Group, "repeat-instance": Group, "repeat-range:controlled": Repeat, "repeat-range:uncontrolled": Repeat }[node.nodeType] ?? Question;
      this.known.set(node, new kind(node, this));
    }
    return this.known.get(node);
  }

  /** What a page shows of a node's children; the choice of the place is made in our own list. */
  partsOf(node) {
    return node.currentState.children
      .filter((child) => !["model-value", "attribute"].includes(child.nodeType) && child.currentState.reference !== this.outline.chooser)
      .map((child) => this.part(child));
  }

  /** The pages: each group and repeat of the first level; loose questions stand together before what follows them. */
  get pages() {
    const pages = [];
    for (const part of this.partsOf(this.root)) {
      if (part instanceof Question) {
        if (!(pages[pages.length - 1] instanceof Loose)) pages.push(new Loose());
        pages[pages.length - 1].parts.push(part);
      } else pages.push(part);
    }
    return pages.filter((page) => page.relevant && this.shown(page).length > 0);
  }

  /** The questions of a page that a person sees, in order, those of groups within it too. */
  shown(page) {
    if (page instanceof Question) return page.relevant && !page.silent ? [page] : [];
    if (!page.relevant) return [];
    if (page instanceof Repeat) return page.fixed || page.times.length ? page.times.flatMap((time) => this.shown(time)) : [page];
    return page.parts.flatMap((part) => this.shown(part));
  }

  /** Every question that counts now. */
  get questions() { return this.partsOf(this.root).flatMap((part) => this.shown(part)).filter((part) => part instanceof Question); }

  /** The questions that still want something: not answered, or not right. */
  get wanting() {
    const ids = new Set(this.root.validationState.violations.map((item) => item.nodeId));
    return this.questions.filter((question) => ids.has(question.id));
  }

  /** @param {string} name the first question of this name, wherever it stands */
  named(name) {
    const seek = (node) => {
      for (const child of node.currentState.children ?? []) {
        const found = ["group", "repeat-instance", "repeat-range:controlled", "repeat-range:uncontrolled"].includes(child.nodeType) ? seek(child) : nameOf(child) === name && child.nodeType !== "model-value" ? this.part(child) : null;
        if (found) return found;
      }
      return null;
    };
    return seek(this.root);
  }

  /** Choose the place that the answers are about; the form fills in what is known of it. @param {string} id */
  choose(id) {
    const node = this.outline.chooser && this.#at(this.outline.chooser);
    if (node) node.selectValue(id);
    return Boolean(node);
  }

  #at(reference) {
    let node = this.root;
    for (const step of reference.split("/").slice(2)) node = node?.currentState.children.find((child) => nameOf(child) === step);
    return node;
  }

  /** The answers as the form's XML. */
  get xml() { return this.root.instanceState.instanceXML; }
}

/** Questions that stand in no group. */
class Loose {
  constructor() { this.kind = "group"; this.id = "loose"; this.parts = []; this.relevant = true; this.label = ""; }
}

/** Why a form did not open, in words for a person; the engine's own words stay behind them for the forms desk. */
export class Unopened extends Error {
  constructor(cause) { super(`${t("formBroken")}`); this.detail = String(cause?.message ?? cause); }
}

/**
 * Read a form. `lists`: file name -> the lists as the form shall see them, places.csv among them.
 * @param {string} xform @param {Record<string, string>} lists
 */
export async function load(xform, lists) {
  const media = (address) => {
    const csv = lists[String(address).split("/").pop()];
    return csv === undefined ? new Response("", { status: 404 }) : new Response(csv, { headers: { "Content-Type": "text/csv" } });
  };
  const result = await loadForm(xform, { fetchFormAttachment: async (address) => media(address), missingResourceBehavior: "BLANK" });
  if (result.status === "failure") throw new Unopened(result.error);
  const outline = new Outline(xform);
  const config = (user, device) => ({
    stateFactory: (object) => shallowReactive(object),
    instanceAttachments: { fileNameFactory: ({ basename, extension }) => basename + (extension ?? "") },
    preloadProperties: { deviceID: device, username: user },
  });
  const guard = async (make) => { try { return new Session((await make()).root, outline); } catch (error) { throw new Unopened(error); } };
  return {
    outline,
    /** Begin an answer. */
    create: (user, device) => guard(() => result.createInstance(config(user, device))),
    /** Go on with a draft. @param {string} xml @param {File[]} files */
    restore: (xml, files, user, device) => guard(() => result.restoreInstance({ data: [bundle(xml, files)] }, config(user, device))),
    /** Mend an answer that was sent: it becomes a new one that replaces it. */
    edit: (xml, files, user, device) => guard(() => result.editInstance({ inputType: "FORM_INSTANCE_INPUT_RESOLVED", data: [bundle(xml, files)] }, config(user, device))),
  };
}

function bundle(xml, files) {
  const data = new FormData();
  data.append("xml_submission_file", new File([xml], "xml_submission_file", { type: "text/xml" }));
  for (const file of files) data.append(file.name, file);
  return data;
}

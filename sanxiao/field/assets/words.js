/* The words of the phone page: words.zh.json and words.en.json, with the same keys (a test compares them).
   Chinese first; the switch is kept in the browser. */

import { reactive } from "./vue.js";
import chinese from "./words.zh.json";
import english from "./words.en.json";

/** Nobody has chosen here yet: as in the office pages of this browser. */
const asInTheOffice = () => (/(?:^|;\s*)django_language=en/.test(document.cookie) ? "en" : "zh");
const here = reactive({ language: localStorage.getItem("field.language") || asInTheOffice() });

/** "zh" or "en". */
export const language = () => here.language;

/** @param {"zh"|"en"} chosen */
export function speak(chosen) {
  if (chosen !== here.language) localStorage.setItem("field.language", chosen);
  here.language = chosen;
  document.documentElement.lang = chosen === "en" ? "en" : "zh-Hans";
  document.title = t("title");
}

/**
 * The word called `key`, with {n} and the like filled in; `otherwise` where there is none.
 * @param {string} key @param {Record<string, any>} [values] @param {string} [otherwise]
 */
export function t(key, values = {}, otherwise = key) {
  const said = (here.language === "en" ? english : chinese)[key] ?? otherwise;
  return said.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Name of a thing that may have an English one. */
export const nameIn = (thing, chinese = "name", other = "name_en") => (here.language === "en" && thing[other]) || thing[chinese];

/** Several names in one line. @param {string[]} names */
export const named = (names) => names.join(here.language === "en" ? ", " : "、");

/** A day in words: 6月5日; with the year when it is another one. @param {string|number|Date} when */
export function day(when) {
  const date = new Date(when);
  const other = date.getFullYear() !== new Date().getFullYear();
  return date.toLocaleDateString(here.language === "en" ? "en-GB" : "zh-CN", { month: here.language === "en" ? "short" : "long", day: "numeric", ...(other ? { year: "numeric" } : {}) });
}

/** A day and a time: 6月5日 14:03. */
export function moment(when) {
  return `${day(when)} ${new Date(when).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false })}`;
}

/** A distance to read. @param {number} metres */
export const distance = (metres) => (metres < 1000 ? t("metres", { n: Math.round(metres / 10) * 10 }) : t("kilometres", { n: (metres / 1000).toFixed(1) }));

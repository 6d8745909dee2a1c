/* 待办: what is due outside, soonest first; each leads straight to the form. */

import { computed, h } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { beginForm, formOf } from "../fill.js";
import { app, go, mended, placeOf, returned, say, villageOf, waiting } from "../state.js";
import { day, nameIn, t } from "../words.js";

const DAY = 86_400_000;

/** Days until a date, today being 0. */
const left = (on) => Math.round((Date.parse(`${on}T00:00:00`) - new Date().setHours(0, 0, 0, 0)) / DAY);

function dueWords(on) {
  const days = left(on);
  return days < 0 ? t("overdue", { n: -days }) : days === 0 ? t("dueToday") : t("dueIn", { n: days });
}

const dueTone = (errand) => (errand.due_on && left(errand.due_on) < 0 ? "red" : errand.due_on && left(errand.due_on) <= 3 ? "amber" : errand.tone || "blue");

/** The newest answer to an errand that is no draft: done, or come back. */
const given = (errand) => app.answers.filter((answer) => answer.errand === errand.key && answer.state !== "draft" && !mended(answer)).pop();
const answered = (errand) => { const answer = given(errand); return Boolean(answer) && !returned.value.includes(answer); };

/** To its draft, to its answer, to a fresh form, or to the office page where it is done. `here`: from the card of its place. */
async function start(errand, here) {
  const open = app.answers.find((answer) => answer.errand === errand.key && answer.state === "draft") ?? given(errand);
  if (open) return go(open.state === "draft" ? `fill/${open.id}` : `item/${open.id}`);
  const form = formOf(errand.form);
  if (!form && !here && errand.file && placeOf(errand.file)) return go(`place/${errand.file}`);
  if (!form) return app.online && errand.url ? location.assign(errand.url) : say(t("officeNote"));
  return fresh(errand);
}

/** A fresh answer to an errand: the first, or one more where something was left to do. */
export async function fresh(errand) {
  const form = formOf(errand.form);
  const place = errand.file ? placeOf(errand.file) ?? { id: errand.file, name: errand.place } : null;
  const own = !place && form.about === "any" ? errand.key.split(":")[1] ?? "" : "";
  const answer = await beginForm(form, place, { errand: errand.key, own, known: errand.known, about: place || own ? "" : errand.place });
  return go(`fill/${answer.id}`);
}

/** One errand; on the card of its place the place is not named again. */
export const ErrandRow = ({ errand, here }) => {
  const away = formOf(errand.form) ? "" : t("atTheDesk");
  const titled = !here && errand.place;
  return (
    <li><button type="button" class="card" onClick={() => start(errand, here)}>
      <strong>{titled || errand.name}</strong>
      {answered(errand) ? <Chip tone="green">{t("answered")}</Chip> : given(errand) ? <Chip tone="red">{t("returned")}</Chip> : errand.due_on ? <Chip tone={dueTone(errand)}>{dueWords(errand.due_on)}</Chip> : <Chip tone={errand.tone || "blue"}>{t("open")}</Chip>}
      <small>{[titled && errand.name, errand.due_on && t("dueBy", { day: day(`${errand.due_on}T00:00:00`) }), villageOf(errand.village) && nameIn(villageOf(errand.village)), errand.note, away].filter(Boolean).join(" · ")}</small>
    </button></li>
  );
};
ErrandRow.props = ["errand", "here"];

export const Errands = {
  setup() {
    const rows = computed(() => [...app.errands].sort((a, b) => answered(a) - answered(b) || (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999")));
    return () => (
      <div class="screen">
        <Head title={t("errands")} note={app.me && [app.me.user.name, ...app.me.villages.slice(0, 2).map((village) => nameIn(village))].join(" · ")} />
        <main class="page">
          {waiting.value.length > 0 && <button type="button" class="notice amber link" onClick={() => go("work")}><Icon name="upload" /><p>{t("waitingN", { n: waiting.value.length })}</p><Icon name="right" /></button>}
          {returned.value.length > 0 && <button type="button" class="notice red link" onClick={() => go("work")}><Icon name="alert" /><p>{t("returnedN", { n: returned.value.length })}</p><Icon name="right" /></button>}
          {rows.value.length ? <ul class="cards">{rows.value.map((errand) => <ErrandRow errand={errand} key={errand.key} />)}</ul>
            : <Empty icon="checks" title={t("noErrands")} note={t("noErrandsNote")}><button type="button" class="btn" onClick={() => go("places")}>{t("toPlaces")}</button></Empty>}
        </main>
        <div class="thumb"><button type="button" class="btn btn-primary" onClick={() => go("new")}><Icon name="plus" />{t("beginNew")}</button></div>
      </div>
    );
  },
};

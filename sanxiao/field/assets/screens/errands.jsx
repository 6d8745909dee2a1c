/* 待办: what is due outside, soonest first; each leads straight to the form. */

import { computed, h } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { beginForm, formOf } from "../fill.js";
import { app, go, placeOf, villageOf, waiting } from "../state.js";
import { day, nameIn, t } from "../words.js";

const DAY = 86_400_000;

/** Days until a date, today being 0. */
const left = (on) => Math.round((Date.parse(`${on}T00:00:00`) - new Date().setHours(0, 0, 0, 0)) / DAY);

function dueWords(on) {
  const days = left(on);
  return days < 0 ? t("overdue", { n: -days }) : days === 0 ? t("dueToday") : t("dueIn", { n: days });
}

const dueTone = (errand) => (errand.due_on && left(errand.due_on) < 0 ? "red" : errand.due_on && left(errand.due_on) <= 3 ? "amber" : errand.tone || "blue");

const answered = (errand) => app.answers.find((answer) => answer.errand === errand.key && ["queued", "parts", "sent"].includes(answer.state));

async function start(errand) {
  const open = app.answers.find((answer) => answer.errand === errand.key && answer.state === "draft");
  if (open) return go(`fill/${open.id}`);
  const form = formOf(errand.form);
  if (!form) return errand.file && placeOf(errand.file) ? go(`place/${errand.file}`) : errand.url && app.online && location.assign(errand.url);
  const place = errand.file ? placeOf(errand.file) ?? { id: errand.file, name: errand.place } : null;
  const own = !place && form.about === "any" ? errand.key.split(":")[1] ?? "" : "";
  const answer = await beginForm(form, place, { errand: errand.key, own, known: errand.known });
  return go(`fill/${answer.id}`);
}

const Row = ({ errand }) => {
  const done = answered(errand);
  const away = formOf(errand.form) ? "" : t("atTheDesk");
  return (
    <li><button type="button" class="card" onClick={() => start(errand)}>
      <strong>{errand.place || errand.name}</strong>
      {done ? <Chip tone="green">{t("answered")}</Chip> : errand.due_on ? <Chip tone={dueTone(errand)}>{dueWords(errand.due_on)}</Chip> : <Chip tone={errand.tone || "blue"}>{t("open")}</Chip>}
      <small>{[errand.place && errand.name, errand.due_on && t("dueBy", { day: day(`${errand.due_on}T00:00:00`) }), villageOf(errand.village) && nameIn(villageOf(errand.village)), errand.note, away].filter(Boolean).join(" · ")}</small>
    </button></li>
  );
};
Row.props = ["errand"];

export const Errands = {
  setup() {
    const rows = computed(() => [...app.errands].sort((a, b) => Boolean(answered(a)) - Boolean(answered(b)) || (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999")));
    return () => (
      <div class="screen">
        <Head title={t("errands")} note={app.me && [app.me.user.name, ...app.me.villages.slice(0, 2).map((village) => nameIn(village))].join(" · ")} />
        <main class="page">
          {waiting.value.length > 0 && <button type="button" class="notice amber link" onClick={() => go("work")}><Icon name="upload" /><p>{t("waitingN", { n: waiting.value.length })}</p><Icon name="right" /></button>}
          {rows.value.length ? <ul class="cards">{rows.value.map((errand) => <Row errand={errand} key={errand.key} />)}</ul>
            : <Empty icon="checks" title={t("noErrands")} note={t("noErrandsNote")}><button type="button" class="btn" onClick={() => go("places")}>{t("toPlaces")}</button></Empty>}
        </main>
        <div class="thumb"><button type="button" class="btn btn-primary" onClick={() => go("new")}><Icon name="plus" />{t("beginNew")}</button></div>
      </div>
    );
  },
};

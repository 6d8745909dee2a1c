/* One place: what is known, what is missing, and the way to visit or survey it again. Beginning a new one. */

import { h } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { beginForm, revisitForm, surveyOf } from "../fill.js";
import { app, back, go, placeOf, replace, villageOf } from "../state.js";
import { ErrandRow } from "./errands.jsx";
import { kindName } from "./places.jsx";
import { itemState } from "./work.jsx";
import { moment, named, nameIn, t } from "../words.js";

async function open(form, place) {
  const draft = app.answers.find((answer) => answer.state === "draft" && answer.code === form.code && answer.place?.id === place?.id && place);
  const answer = draft ?? (await beginForm(form, place));
  (place ? go : replace)(`fill/${answer.id}`);
}

const Fact = ({ name, value }) => value ? <div><dt>{name}</dt><dd>{value}</dd></div> : null;
Fact.props = ["name", "value"];

export const PlaceCard = {
  props: ["id"],
  setup(props) {
    return () => {
      const place = placeOf(props.id);
      if (!place) return <div class="screen"><Head title={t("place")} onBack={() => back("places")} /><main class="page"><Empty icon="store" title={t("notFound")} note={t("notFoundNote")} /></main></div>;
      const revisit = revisitForm();
      const survey = surveyOf(place.kind);
      const mine = app.answers.filter((answer) => answer.place?.id === place.id || answer.entity?.id === place.id).reverse();
      const errands = app.errands.filter((errand) => errand.file === place.id);
      return (
        <div class="screen">
          <Head title={place.name || t("noName")} note={[kindName(place.kind), villageOf(place.village) && nameIn(villageOf(place.village))].filter(Boolean).join(" · ")} onBack={() => back("places")} />
          <main class="page">
            {place.local && <div class="notice amber"><Icon name="upload" /><p>{t("localNote")}</p></div>}
            {place.missing?.length > 0 && <div class="notice blue"><Icon name="info" /><p>{t("fileLacks", { names: named(place.missing.map((what) => t(`missing_${what}`, {}, what))) })}</p></div>}
            <section class="panel"><dl class="facts one">
              <Fact name={t("operator")} value={place.operator} /><Fact name={t("address")} value={place.address} /><Fact name={t("state")} value={t(`state_${place.state}`, {}, place.state)} /><Fact name={t("number")} value={place.number} />
              <Fact name={t("position")} value={place.lat != null && `${place.lat.toFixed(5)}, ${place.lng.toFixed(5)}`} />
            </dl></section>
            {errands.length > 0 && <section class="block"><h2>{t("errands")}</h2><ul class="cards">{errands.map((errand) => <ErrandRow errand={errand} here={true} key={errand.key} />)}</ul></section>}
            {mine.length > 0 && <section class="block"><h2>{t("fromThisPhone")}</h2><ul class="cards">{mine.map((answer) => { const [tone, word] = itemState(answer); return <li key={answer.id}><button type="button" class="card" onClick={() => go(answer.state === "draft" ? `fill/${answer.id}` : `item/${answer.id}`)}><strong>{nameIn(answer, "title", "title_en")}</strong><Chip tone={tone}>{word}</Chip><small>{moment(answer.changed_at)}</small></button></li>; })}</ul></section>}
          </main>
          <footer class="foot stay">
            {survey && <button type="button" class={["btn", !revisit && "btn-primary"]} onClick={() => open(survey, place)}><Icon name="edit" />{t("surveyAgain")}</button>}
            {revisit && <button type="button" class="btn btn-primary" onClick={() => open(revisit, place)}><Icon name="clipboard" />{t("revisit")}</button>}
          </footer>
        </div>
      );
    };
  },
};

/** Begin new: which form? */
export const Begin = {
  setup() {
    return () => {
      const forms = (app.me?.forms ?? []).filter((form) => form.about !== "place" && !/^(walk|check)/.test(form.code));
      const surveys = forms.filter((form) => form.kind && form.about === "any");
      const others = forms.filter((form) => !surveys.includes(form));
      const row = (form, name, note) => <li key={form.code}><button type="button" class="card" onClick={() => open(form, null)}><strong>{name}</strong><Icon name="right" />{note && <small>{note}</small>}</button></li>;
      return (
        <div class="screen">
          <Head title={t("beginNew")} onBack={() => back("errands")} />
          <main class="page">
            {surveys.length > 0 && <ul class="cards big">{surveys.map((form) => row(form, kindName(form.kind), nameIn(form, "title", "title_en")))}</ul>}
            {others.length > 0 && <section class="block"><h2>{t("otherForms")}</h2><ul class="cards big">{others.map((form) => row(form, nameIn(form, "title", "title_en")))}</ul></section>}
            {!forms.length && <Empty icon="clipboard" title={t("noForms")} note={t("noFormsNote")} />}
          </main>
        </div>
      );
    };
  },
};

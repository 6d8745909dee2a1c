/* A form, page by page: one primary button, what is missing can be touched, everything is saved as it is typed. */

import { computed, h, nextTick, onBeforeUnmount, onMounted, ref, shallowRef, watch } from "../vue.js";
import { Head, Icon, Sure } from "../parts.jsx";
import { Parts } from "../question.jsx";
import { Filling } from "../fill.js";
import { answerOf, drop } from "../answers.js";
import { back, replace, say } from "../state.js";
import { mayWatch, watchPosition } from "../position.js";
import { sync } from "../sync.js";
import { language, nameIn, t } from "../words.js";

/** What has changed against what was known, first; the rest behind one line. */
const Changes = ({ filling, onGo }) => {
  const changed = filling.changed.filter((q) => q.kind !== "note");
  const rest = filling.session.questions.filter((q) => q.text && !changed.includes(q));
  const line = (q) => (
    <li key={q.id}><button type="button" class="fact" onClick={() => onGo(q)}><small>{q.label}</small><span>{q.spoken || t("emptied")}</span>
      {changed.includes(q) && <em>{t("before", { text: filling.before(q) || t("nothing") })}</em>}</button></li>
  );
  return (
    <section class="changes">
      <p class="lead">{t("changedRest", { n: changed.length, m: rest.length })}</p>
      {changed.length > 0 && <ul class="facts-list">{changed.map(line)}</ul>}
      <details><summary>{t("restUnchanged", { m: rest.length })}</summary><ul class="facts-list">{rest.map(line)}</ul></details>
    </section>
  );
};
Changes.props = ["filling", "onGo"];

/** The last page: what is missing, each a way there; then the one button. */
const Closing = ({ filling, onGo, revisit }) => {
  const wanting = filling.session.wanting;
  return (
    <div class="closing">
      {wanting.length > 0
        ? <section class="panel-red"><h2>{t("stillMissing", { n: wanting.length })}</h2><ul class="missing">{wanting.map((q) => <li key={q.id}><button type="button" onClick={() => onGo(q)}><span>{[q.within, q.label].filter(Boolean).join(" · ")}</span><small>{q.fault}</small><Icon name="right" /></button></li>)}</ul></section>
        : <div class="verdict good"><Icon name="tick-circle" /><h1>{t("allFilled")}</h1><p>{t("allFilledNote")}</p></div>}
      {revisit && <Changes filling={filling} onGo={onGo} />}
    </div>
  );
};
Closing.props = ["filling", "onGo", "revisit"];

const START = -1;

/** @param {{id?: string, guide?: any, opened?: any, onFinish?: Function}} props `opened`: a filling that is open already */
export const Fill = {
  props: ["id", "opened", "onFinish", "onLeave", "guide"],
  setup(props) {
    const filling = shallowRef(null);
    const fault = ref("");
    const detail = ref("");
    const at = ref(0);
    const strict = ref(false);
    const sure = ref(false);
    let stop = () => {};

    const pages = computed(() => filling.value?.session.pages ?? []);
    const revisit = computed(() => Boolean(filling.value?.answer.place) && filling.value.knew);
    const closing = computed(() => at.value >= pages.value.length);

    onMounted(async () => {
      try {
        const answer = props.opened ? null : answerOf(props.id);
        if (!props.opened && !answer) return replace("work");
        filling.value = props.opened ?? (await Filling.open(answer));
        at.value = revisit.value && !filling.value.resumed ? START : 0;
        performance.mark("field-ready");
        document.body.dataset.ready = "form";
        if (await mayWatch()) stop = watchPosition();
      } catch (error) {
        fault.value = error.message || String(error);
        detail.value = error.detail ?? "";
        console.warn(error.detail ?? error);
      }
    });
    onBeforeUnmount(() => { stop(); delete document.body.dataset.ready; filling.value?.arrived().then(() => filling.value.close()); });
    watch(language, () => filling.value?.session.speak());

    const show = async (page) => { at.value = page; await nextTick(); scrollTo(0, 0); };
    const find = async (q) => {
      strict.value = true;
      at.value = Math.max(0, pages.value.findIndex((page) => filling.value.session.shown(page).some((part) => part.id === q.id)));
      await nextTick();
      const box = document.getElementById(`q-${q.id}`);
      box?.scrollIntoView({ block: "center" });
      box?.querySelector("input:not(.sr-only), button, textarea")?.focus({ preventScroll: true });
    };
    const leave = async () => { await filling.value?.arrived(); if (props.onLeave) props.onLeave(); else { say(t("draftKept")); back("work"); } };
    const finish = async () => {
      const answer = await filling.value.finish();
      if (props.onFinish) return props.onFinish(answer);
      say(t("queued"));
      replace("work");
      sync();
    };
    const throwAway = async () => { const { id } = filling.value.answer; filling.value.close(); await filling.value.settled(); await drop(id); replace("work"); };

    const title = () => { const answer = filling.value?.answer; return answer ? answer.place?.name || answer.about || nameIn(answer, "title", "title_en") : t("opening"); };

    return () => {
      if (fault.value) return <div class="screen"><Head title={t("notOpened")} onBack={() => (props.onLeave ? props.onLeave() : back("work"))} /><main class="page"><div class="notice red" role="alert"><Icon name="alert" /><p>{fault.value}{detail.value && <small>{detail.value}</small>}</p></div></main></div>;
      if (!filling.value) return <div class="screen"><Head title={t("opening")} /><main class="page"><div class="waiting" role="status"><span class="spinner" />{t("openingForm")}</div></main></div>;
      const total = pages.value.length;
      const page = pages.value[at.value];
      const wanting = filling.value.session.wanting.length;
      return (
        <div class="screen filling">
          <Head title={title()} note={filling.value.answer.place || filling.value.answer.about ? nameIn(filling.value.answer, "title", "title_en") : ""} onBack={leave}>
            <button type="button" class="head-act" aria-label={t("throwAway")} onClick={() => { sure.value = true; }}><Icon name="trash" /></button>
          </Head>
          <progress class="progress" aria-label={t("progress")} max={total} value={Math.min(Math.max(at.value, 0), total)} />
          {props.guide?.(at.value, closing.value)}
          <main class="page" key={at.value}>
            {at.value === START && <Changes filling={filling.value} onGo={find} />}
            {page && <div><div class="page-title"><h2>{page.label || t("questions")}</h2><small>{t("pageOf", { n: at.value + 1, m: total })}</small></div><Parts part={page} filling={filling.value} strict={strict.value} /></div>}
            {closing.value && <Closing filling={filling.value} onGo={find} revisit={revisit.value} />}
          </main>
          <footer class="foot stay">
            {at.value > (revisit.value ? START : 0) && <button type="button" class="btn" onClick={() => show(at.value - 1)}><Icon name="left" />{t("previous")}</button>}
            {closing.value
              ? <button type="button" class="btn btn-primary" disabled={wanting > 0} onClick={finish}>{wanting ? t("stillMissing", { n: wanting }) : t("finish")}</button>
              : <button type="button" class="btn btn-primary" onClick={() => show(at.value + 1)}>{at.value === START ? t("goThrough") : at.value === total - 1 ? t("toEnd") : t("next")}<Icon name="right" /></button>}
            {!closing.value && <button type="button" class="btn to-end" onClick={() => { strict.value = true; show(total); }} aria-label={wanting ? t("stillMissing", { n: wanting }) : t("toEnd")}>{wanting ? t("lacking", { n: wanting }) : <Icon name="tick" />}</button>}
          </footer>
          {sure.value && <Sure title={t("throwAway")} words={t("throwAwaySure")} yes={t("throwAway")} onYes={throwAway} onNo={() => { sure.value = false; }} />}
        </div>
      );
    };
  },
};

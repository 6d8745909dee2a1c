/* The practice round: a made-up stall, a word of guidance on every page, nothing is ever sent. */

import { h, onMounted, ref } from "../vue.js";
import { Head, Icon } from "../parts.jsx";
import { begin, drop } from "../answers.js";
import { app, replace } from "../state.js";
import { PRACTICE } from "../practice.js";
import { Fill } from "./fill.jsx";
import { t } from "../words.js";

const guide = (page, closing) => <div class="guide" role="note"><Icon name="info" /><p>{t(closing ? "guideEnd" : `guide${Math.min(page + 1, 4)}`)}</p></div>;

export const Practice = {
  setup() {
    const answer = ref(null);
    const done = ref(0);
    const began = Date.now();
    onMounted(async () => {
      for (const old of app.answers.filter((item) => item.practice)) await drop(old.id);
      answer.value = await begin({ practice: true, code: PRACTICE.code, version: PRACTICE.version, title: PRACTICE.title, title_en: PRACTICE.title_en, kind: "vendor", place: null });
    });
    const finish = async ({ id }) => { await drop(id); done.value = Math.max(1, Math.round((Date.now() - began) / 60_000)); };
    const leave = async () => { const { id } = answer.value; replace("me"); await drop(id); };
    return () => {
      if (done.value) return <div class="screen"><Head title={t("practiceRound")} /><main class="page"><div class="verdict good"><Icon name="tick-circle" /><h1>{t("practiceDone")}</h1><p>{t("practiceDoneNote", { n: done.value })}</p></div></main><footer class="foot stay"><button type="button" class="btn btn-primary" onClick={() => replace("errands")}>{t("toWork")}</button></footer></div>;
      return answer.value && <Fill id={answer.value.id} guide={guide} onFinish={finish} onLeave={leave} key={answer.value.id} />;
    };
  },
};

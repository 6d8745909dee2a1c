/* 现场: drafts, what waits, what was sent; every item says where it is. */

import { computed, h, ref } from "../vue.js";
import { Chip, Empty, Head, Icon, Sure } from "../parts.jsx";
import { answerOf, drop, exported, keep, mend } from "../answers.js";
import { app, back, drafts, go, mended, placeOf, replace, returned, say, waiting } from "../state.js";
import { sync } from "../sync.js";
import { formOf } from "../fill.js";
import { fresh } from "./errands.jsx";
import { moment, named, nameIn, t } from "../words.js";

const FATES = { received: ["blue", "sent"], waiting: ["amber", "waitsPhotos"], held: ["blue", "held"], filing: ["amber", "filing"], settled: ["green", "settled"], trouble: ["amber", "inTrouble"], returned: ["red", "returned"] };

/** Tone and word of an answer. @returns {[string, string]} */
export function itemState(answer) {
  if (answer.state === "draft") return ["grey", t("draft")];
  if (answer.state === "queued") return ["amber", t("waits")];
  if (answer.state === "parts") return ["amber", t("waitsPhotos")];
  if (answer.state === "refused") return ["red", t("refused")];
  if (mended(answer)) return ["grey", t("mended")];
  const [tone, word] = FATES[answer.fate?.state] ?? ["blue", "sent"];
  return [tone, t(word)];
}

export const nameOfAnswer = (answer) => answer.name || answer.place?.name || answer.about || nameIn(answer, "title", "title_en");

const Item = ({ answer }) => {
  const [tone, word] = itemState(answer);
  return (
    <li><button type="button" class="card" data-state={answer.state} data-answer={answer.id} onClick={() => go(answer.state === "draft" ? `fill/${answer.id}` : `item/${answer.id}`)}>
      <strong>{nameOfAnswer(answer)}</strong><Chip tone={tone}>{word}</Chip>
      <small>{[nameOfAnswer(answer) !== nameIn(answer, "title", "title_en") && nameIn(answer, "title", "title_en"), moment(answer.sent_at ?? answer.changed_at)].filter(Boolean).join(" · ")}</small>
      {(answer.fate?.reason || answer.why) && <small class={tone === "red" || tone === "amber" ? "why" : ""}>{answer.fate?.reason || answer.why}</small>}
    </button></li>
  );
};
Item.props = ["answer"];

/** How many photos an answer names: neither the signature nor what was taken out again. */
const photosOf = (answer) => answer.files.filter(({ name }) => name.startsWith("photo-") && answer.xml.includes(`>${name}<`)).length;

/** Save the queue as a file. */
export async function exportQueue() {
  const address = URL.createObjectURL(await exported());
  const link = Object.assign(document.createElement("a"), { href: address, download: `sanxiao-${new Date().toISOString().slice(0, 10)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const Block = ({ title, answers }) => (answers.length ? <section class="block"><h2>{title} <b class="count">{answers.length}</b></h2><ul class="cards">{answers.map((answer) => <Item answer={answer} key={answer.id} />)}</ul></section> : null);
Block.props = ["title", "answers"];

export const Work = {
  setup() {
    const sent = computed(() => app.answers.filter((answer) => answer.state === "sent" && !returned.value.includes(answer)).reverse());
    return () => (
      <div class="screen">
        <Head title={t("work")} note={app.busy ? t("exchanging") : app.lastSync ? t("lastSync", { at: moment(app.lastSync) }) : ""}>
          <button type="button" class="head-act" aria-label={t("sendNow")} disabled={Boolean(app.busy)} onClick={sync}><Icon name="upload" /></button>
        </Head>
        <main class="page">
          {waiting.value.length > 0 && <div class="notice amber" role="status"><Icon name={app.online ? "upload" : "clock"} /><p>{t(app.busy === "send" && app.online ? "sendingN" : "waitingN", { n: waiting.value.length })}{app.trouble && <small>{app.trouble}</small>}</p></div>}
          <div class="tiles">
            <button type="button" class="tile" onClick={() => go("new")}><Icon name="plus" /><span>{t("beginNew")}</span></button>
            <button type="button" class="tile" onClick={() => go("market")}><Icon name="store" /><span>{t("market")}</span></button>
            <button type="button" class="tile" onClick={() => go("walks")}><Icon name="pin" /><span>{t("walks")}</span></button>
          </div>
          <Block title={t("returnedOnes")} answers={returned.value} />
          <Block title={t("waitingOnes")} answers={waiting.value} />
          <Block title={t("drafts")} answers={drafts.value} />
          <Block title={t("sentOnes")} answers={sent.value} />
          {!app.answers.length && <Empty icon="inbox" title={t("nothingYet")} note={t("nothingYetNote")} />}
        </main>
      </div>
    );
  },
};

/** One item that is no draft any more. */
export const ItemPage = {
  props: ["id"],
  setup(props) {
    const sure = ref(false);
    const again = async (answer) => { await keep({ ...answer, state: "queued", why: "" }); say(t("queued")); sync(); };
    const mendIt = async (answer) => { const draft = await mend(answer); replace(`fill/${draft.id}`); };
    return () => {
      const answer = answerOf(props.id);
      if (!answer) return <div class="screen"><Head title={t("work")} onBack={() => back("work")} /></div>;
      const [tone, word] = itemState(answer);
      const fate = answer.fate ?? {};
      const errand = app.errands.find((each) => each.key === answer.errand && formOf(each.form));
      const place = placeOf(answer.entity?.id ?? answer.place?.id);
      const toMend = answer.state === "sent" && ["returned", "trouble"].includes(fate.state) && !mended(answer);
      return (
        <div class="screen">
          <Head title={nameOfAnswer(answer)} note={nameIn(answer, "title", "title_en")} onBack={() => back("work")} />
          <main class="page">
            <p><Chip tone={tone}>{word}</Chip></p>
            {(fate.reason || answer.why) && <div class={`notice ${tone}`} role="alert"><Icon name={tone === "red" ? "alert" : "info"} /><p>{fate.state !== "filing" && <strong>{t("reason")}</strong>}{fate.reason || answer.why}</p></div>}
            {fate.merged?.length > 0 && <div class="notice blue"><Icon name="info" /><p>{t("mergedNote", { names: named(fate.merged) })}</p></div>}
            {fate.clash && <div class="notice amber"><Icon name="info" /><p>{t("clashNote")}</p></div>}
            {fate.missing?.length > 0 && <div class="notice amber"><Icon name="camera" /><p>{t("photosMissing", { n: fate.missing.length })}</p></div>}
            <section class="panel"><dl class="facts one">
              <div><dt>{t("madeAt")}</dt><dd>{moment(answer.made_at)}</dd></div>
              {answer.queued_at && <div><dt>{t("queuedAt")}</dt><dd>{moment(answer.queued_at)}</dd></div>}
              {answer.state === "sent" && <div><dt>{t("sentAt")}</dt><dd>{moment(answer.sent_at)}</dd></div>}
              {fate.received_at && <div><dt>{t("receivedAt")}</dt><dd>{moment(fate.received_at)}</dd></div>}
              <div><dt>{t("photos")}</dt><dd>{t("photosN", { n: photosOf(answer) })}</dd></div>
            </dl></section>
            {fate.url && app.online && <a class="card block" href={fate.url}><strong>{t(fate.state === "filing" ? "fileAtOffice" : "seeAtOffice")}</strong><Icon name="right" /></a>}
            {answer.state === "sent" && <p class="ask-hint">{t("keptDays", { n: app.me?.rules?.keep_days ?? 14 })}</p>}
          </main>
          <footer class="foot stay">
            {answer.state === "refused" && <button type="button" class="btn" onClick={exportQueue}><Icon name="download" />{t("exportQueue")}</button>}
            {answer.state === "refused" && <button type="button" class="btn btn-primary" onClick={() => again(answer)}>{t("tryAgain")}</button>}
            {answer.state === "refused" && <button type="button" class="btn" aria-label={t("throwAway")} onClick={() => { sure.value = true; }}><Icon name="trash" /></button>}
            {["queued", "parts"].includes(answer.state) && <button type="button" class="btn btn-primary" disabled={Boolean(app.busy)} onClick={sync}><Icon name="upload" />{t("sendNow")}</button>}
            {toMend && fate.state === "returned" && <button type="button" class="btn" aria-label={t("throwAway")} onClick={() => { sure.value = true; }}><Icon name="trash" /></button>}
            {answer.state === "sent" && place && !toMend && <button type="button" class="btn" onClick={() => go(`place/${place.id}`)}><Icon name="store" />{t("seePlace")}</button>}
            {answer.state === "sent" && errand && !toMend && <button type="button" class="btn" onClick={() => fresh(errand)}><Icon name="plus" />{t("fillAgain")}</button>}
            {toMend && <button type="button" class="btn btn-primary" onClick={() => mendIt(answer)}><Icon name="edit" />{t("mendAndSend")}</button>}
          </footer>
          {sure.value && <Sure title={t("throwAway")} words={t("throwAwaySure")} yes={t("throwAway")} onYes={async () => { await drop(answer.id); replace("work"); }} onNo={() => { sure.value = false; }} />}
        </div>
      );
    };
  },
};

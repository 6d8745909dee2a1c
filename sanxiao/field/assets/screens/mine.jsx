/* 我的: who I am, type and language, what is kept, practice, signing out. */

import { h, onMounted, ref } from "../vue.js";
import { Head, Icon, Sheet, Sure } from "../parts.jsx";
import { room } from "../store.js";
import { imported } from "../answers.js";
import { app, go, say, setLarge, settings, unsent } from "../state.js";
import { askAnew, signOut, sync } from "../sync.js";
import { exportQueue } from "./work.jsx";
import { language, moment, named, nameIn, speak, t } from "../words.js";

const megabytes = (bytes) => `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)} MB`;

/** A warning when the phone's clock is off: the server's time is the legal one. */
export const ClockNote = () => {
  const limit = (app.me?.rules?.clock_minutes ?? 10) * 60_000;
  if (app.skew === null || Math.abs(app.skew) < limit) return null;
  return <div class="notice red" role="alert" data-clock><Icon name="clock" /><p><strong>{t("clockWrong")}</strong>{t(app.skew > 0 ? "clockAhead" : "clockBehind", { n: Math.round(Math.abs(app.skew) / 60_000) })}</p></div>;
};

/** Take the newer page that waits. */
async function takeOver() {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  (await navigator.serviceWorker.getRegistration("/field/"))?.waiting?.postMessage("take-over");
}

const Switch = ({ label, note, on, onSwitch }) => (
  <button type="button" class="setting" role="switch" aria-checked={on} onClick={onSwitch}><span>{label}{note && <small>{note}</small>}</span><i class="switch" /></button>
);
Switch.props = ["label", "note", "on", "onSwitch"];

export const Mine = {
  setup() {
    const kept = ref(null);
    const leaving = ref(false);
    const strangers = ref(""); // what is said of an imported file that another person filled in
    onMounted(async () => { kept.value = await room(); });
    const take = async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      try {
        const { came, others } = await imported(await file.text());
        if (others.length) strangers.value = t(came ? "importedSome" : "importedNone", { n: others.length, m: came, names: named([...new Set(others)]) || t("unknownPerson") });
        else say(t("importedN", { n: came }));
        if (came) sync();
      } catch { say(t("importFailed")); }
    };
    return () => {
      const open = unsent.value.length;
      return (
        <div class="screen">
          <Head title={t("mine")} note={app.me?.user.name} />
          <main class="page">
            <ClockNote />
            {app.newer && <button type="button" class="notice blue link" onClick={takeOver}><Icon name="download" /><p>{t("newerPage")}</p></button>}
            <section class="panel settings">
              <div class="setting"><span>{app.me?.user.name}<small>{named(app.me?.villages.map((village) => nameIn(village)) ?? [])}</small></span></div>
              <div class="setting"><span>{t("thisPhone")}<small>{app.phone.name}</small></span></div>
              <Switch label={t("largeType")} note={t("largeTypeNote")} on={settings.large} onSwitch={() => setLarge(!settings.large)} />
              <button type="button" class="setting" onClick={() => { speak(language() === "en" ? "zh" : "en"); askAnew(); }}><span lang={language() === "en" ? "zh-Hans" : "en"}>{language() === "en" ? "中文" : "English"}</span><Icon name="language" /></button>
            </section>
            <section class="panel settings">
              <button type="button" class="setting" onClick={() => go("practice")}><span>{t("practiceRound")}<small>{t("practiceNote")}</small></span><Icon name="right" /></button>
              <a class="setting" href="/"><span>{t("office")}<small>{t("officeNote")}</small></span><Icon name="right" /></a>
            </section>
            <section class="panel settings">
              <div class="setting"><span>{t("kept")}<small>{kept.value && t("keptNote", { used: megabytes(kept.value.used), free: megabytes(kept.value.free) })}</small>{kept.value && !kept.value.safe && <small>{t("addToHome")}</small>}</span></div>
              <div class="setting"><span>{t("lastExchange")}<small>{app.lastSync ? moment(app.lastSync) : t("notYet")}</small></span><button type="button" class="btn" disabled={Boolean(app.busy)} onClick={() => sync()}>{t("exchange")}</button></div>
              <button type="button" class="setting" disabled={!open} onClick={exportQueue}><span>{t("exportQueue")}<small>{t("exportNote")}</small></span><Icon name="download" /></button>
              <label class="setting"><span>{t("importQueue")}<small>{t("importNote")}</small></span><Icon name="upload" /><input class="sr-only" type="file" accept=".json,application/json" data-import onChange={take} /></label>
            </section>
            <button type="button" class="btn btn-danger wide" onClick={() => { leaving.value = true; }}><Icon name="sign-out" />{t("signOut")}</button>
          </main>
          {strangers.value && <Sheet title={t("importQueue")} onClose={() => { strangers.value = ""; }}><p data-strangers>{strangers.value}</p><div class="foot"><button type="button" class="btn btn-primary" onClick={() => { strangers.value = ""; }}>{t("close")}</button></div></Sheet>}
          {leaving.value && <Sure title={t("signOut")} words={open ? t("signOutWaiting", { n: open }) : t("signOutSure")} yes={t(open ? "signOutAnyway" : "signOut")} onYes={signOut} onNo={() => { leaving.value = false; }} />}
        </div>
      );
    };
  },
};

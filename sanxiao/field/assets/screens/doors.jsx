/* Before one is in: opening, no way to seal, sign-in, shut out. */

import { h, ref } from "../vue.js";
import { Icon } from "../parts.jsx";
import { SignedOut } from "../server.js";
import { app } from "../state.js";
import { signIn } from "../sync.js";
import { language, speak, t } from "../words.js";

const Door = ({ icon, title, words, tone }, { slots }) => (
  <main class="door"><div class={`verdict ${tone ?? ""}`}><Icon name={icon} /><h1>{title}</h1><p>{words}</p></div>{slots.default?.()}
    <button type="button" class="quiet" onClick={() => speak(language() === "en" ? "zh" : "en")}>{language() === "en" ? "中文" : "English"}</button></main>
);
Door.props = ["icon", "title", "words", "tone"];

export const Insecure = () => <Door icon="lock" tone="warn" title={t("insecure")} words={t("insecureNote")} />;

export const ShutOut = () => (
  <Door icon="lock" tone="bad" title={t(app.farewell === "no-post" ? "noPost" : "revoked")} words={t(app.farewell === "no-post" ? "noPostNote" : "revokedNote")}>
    <a class="btn btn-primary wide" href="/field/">{t("signInAgain")}</a>
  </Door>
);

const guess = () => (/Android/.test(navigator.userAgent) ? "Android" : /iPhone|iPad/.test(navigator.userAgent) ? "iPhone" : t("browser"));

export const SignIn = {
  setup() {
    const name = ref(`${t("phoneOf")} ${guess()}`);
    const busy = ref(false);
    const fault = ref("");
    const session = ref(true);
    const enter = async () => {
      busy.value = true;
      fault.value = "";
      try {
        await signIn(name.value.trim() || guess());
      } catch (error) {
        if (error instanceof SignedOut || error.status === 403) session.value = false;
        else fault.value = error.status ? error.message : t("noNetwork");
      }
      busy.value = false;
    };
    return () => (
      <Door icon="phone" title={t("welcome")} words={t("welcomeNote")}>
        {session.value ? (
          <form class="stack" onSubmit={(event) => { event.preventDefault(); enter(); }}>
            <label class="ask-label" for="phone-name">{t("phoneName")}</label>
            <input id="phone-name" class="form-control" value={name.value} maxlength="60" onInput={(event) => { name.value = event.target.value; }} />
            {fault.value && <p class="fault" role="alert">{fault.value}</p>}
            <button class="btn btn-primary wide" disabled={busy.value}>{busy.value ? t("working") : t("startOnPhone")}</button>
          </form>
        ) : <div class="stack"><p>{t("signInFirst")}</p><a class="btn btn-primary wide" href="/login/?next=/field/">{t("signIn")}</a></div>}
      </Door>
    );
  },
};

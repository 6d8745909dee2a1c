/* The phone page: opens the store, shows what it has at once, then speaks with the server. */

import { createApp, h, watch } from "./vue.js";
import { Icon } from "./parts.jsx";
import { app, drafts, go, returned, route, settings, setLarge, waiting } from "./state.js";
import { canSeal, openStore } from "./store.js";
import { loadAnswers } from "./answers.js";
import { keepInTouch, recall, resume, sync } from "./sync.js";
import { engine } from "./fill.js";
import { faces } from "./faces.js";
import { Insecure, ShutOut, SignIn } from "./screens/doors.jsx";
import { Errands } from "./screens/errands.jsx";
import { Places } from "./screens/places.jsx";
import { Begin, PlaceCard } from "./screens/place.jsx";
import { ItemPage, Work } from "./screens/work.jsx";
import { ClockNote, Mine } from "./screens/mine.jsx";
import { Fill } from "./screens/fill.jsx";
import { Market } from "./screens/market.jsx";
import { Walks } from "./screens/walks.jsx";
import { Practice } from "./screens/practice.jsx";
import { language, speak, t } from "./words.js";

const { sw, preview, loaded, faces: face } = document.body.dataset;

const SCREENS = {
  errands: () => <Errands />, places: () => <Places />, work: () => <Work />, me: () => <Mine />, new: () => <Begin />, market: () => <Market />, walks: () => <Walks />,
  practice: () => <Practice />, place: ({ id }) => <PlaceCard id={id} key={id} />, item: ({ id }) => <ItemPage id={id} key={id} />, fill: ({ id }) => <Fill id={id} key={id} />,
};
const TABS = [["errands", "home"], ["places", "list"], ["work", "inbox"], ["me", "user"]];

/** What of my own work is not at an end: drafts, what waits, what came back. */
const mine = () => waiting.value.length + drafts.value.length + returned.value.length;

const Bar = () => (
  <nav class="bottombar" aria-label={t("menu")}>
    {TABS.map(([name, icon]) => (
      <a href={`#/${name}`} key={name} aria-current={route.name === name ? "page" : undefined}><Icon name={icon} /><span>{t(name === "me" ? "mine" : name)}</span>
        {name === "work" && mine() > 0 && <b class={["count", waiting.value.length + returned.value.length && "red"]}>{mine()}</b>}</a>
    ))}
  </nav>
);

const Inside = () => {
  const screen = SCREENS[route.name] ?? SCREENS.errands;
  const tabbed = TABS.some(([name]) => name === route.name) || !SCREENS[route.name];
  return (
    <div class={tabbed ? "tabbed" : "plainly"}>
      {app.me?.practice && tabbed && <div class="practice">{t("practiceData")}</div>}
      {!app.online && tabbed && <div class="offline" role="status"><Icon name="info" />{t("offlineNote")}</div>}
      {tabbed && route.name !== "me" && <div class="clock-wide"><ClockNote /></div>}
      {screen(route)}
      {tabbed && <Bar />}
    </div>
  );
};

const Root = () => (
  <div>
    {app.phase === "insecure" ? <Insecure /> : app.phase === "signed-out" ? <SignIn /> : app.phase === "shut-out" ? <ShutOut /> : app.phase === "open" && app.me ? <Inside />
      : <main class="door"><div class="waiting" role="status"><span class="spinner" />{t("opening")}</div>{app.trouble && <p class="fault" role="alert">{app.trouble}</p>}</main>}
    <div class={["toast", app.toast && "shown"]} role="status">{app.toast}</div>
  </div>
);

/** The page itself is kept on the phone from the first visit on. A newer one waits until it is asked for. */
async function keepPage() {
  if (!sw || !navigator.serviceWorker) return;
  const kept = await navigator.serviceWorker.register(sw, { scope: "/field/" });
  const ready = () => { app.newer = Boolean(kept.waiting && navigator.serviceWorker.controller); };
  kept.addEventListener("updatefound", () => kept.installing?.addEventListener("statechange", ready));
  ready();
}

async function enter() {
  if (!canSeal()) return void (app.phase = "insecure");
  const known = await openStore();
  if (!known || !(await resume())) return void (app.phase = "signed-out");
  await Promise.all([recall(), loadAnswers()]);
  app.phase = "open";
  keepInTouch();
  sync();
}

async function start() {
  if (["fill", "practice", "market"].includes(route.name)) engine().catch(() => {}); // straight into a form: at once
  speak(language() === "en" ? "en" : "zh");
  setLarge(settings.large);
  document.getElementById("app").replaceChildren();
  if (preview) {
    const { Preview } = await import("./screens/preview.jsx");
    createApp(() => <Preview address={preview} loaded={loaded} />).mount("#app");
    faces(face);
    return;
  }
  createApp(Root).mount("#app");
  watch(() => [app.phase, route.name].join(), () => { document.body.dataset.phase = app.phase; }, { immediate: true });
  try { await enter(); } catch (error) { console.error(error); app.trouble = t("storeFailed"); }
  performance.mark("field-usable");
  keepPage().catch((error) => console.warn(error));
  // The engine is most of the bytes: fetched when the page is usable, before anybody opens a form.
  (globalThis.requestIdleCallback ?? setTimeout)(() => { engine().catch(() => {}); faces(face); });
}

watch(() => app.busy, (busy) => { document.body.dataset.busy = busy; }, { immediate: true });
watch(() => waiting.value.length, (many) => { document.body.dataset.waiting = String(many); }, { immediate: true });

watch(() => app.phase, (phase, before) => {
  if (phase === "open" && before === "signed-out") { loadAnswers(); keepInTouch(); if (app.me?.user.large_type) setLarge(true); go("errands"); }
});

start();

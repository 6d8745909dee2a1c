/* Market mode: one stall after the other with one thumb. Photo first, the same finding as the one before by one
   touch, a swipe to the next; each stall becomes one answer of its own, to a revisit or to another form of markets. */

import { computed, h, onBeforeUnmount, ref, shallowRef } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { Parts } from "../question.jsx";
import { Filling, beginForm, marketForms, revisitForm } from "../fill.js";
import { drop } from "../answers.js";
import { found, metres } from "../places.js";
import { here, watchPosition } from "../position.js";
import { app, back, places, say, villageOf } from "../state.js";
import { sync } from "../sync.js";
import { distance, nameIn, t } from "../words.js";

const NEAR = 600; // metres around me that are still the same market
const SWIPE = 70; // pixels

const GONE = ["closed", "moved"];

/** Stalls of a market: vendors of its village that name it, and when none does, all of the village; none that is gone. */
function stallsOf(market) {
  const vendors = places.value.filter((place) => place.kind === "vendor" && !GONE.includes(place.state));
  if (!market) return here.fix ? found(vendors, { near: here.fix }).filter((place) => place.lat != null && metres(here.fix, place) < NEAR) : [];
  const there = vendors.filter((place) => place.village === market.village);
  const named = there.filter((place) => `${place.address}${place.values?.pitch ?? ""}`.includes(market.name));
  return found(named.length ? named : there, { near: here.fix });
}

const Choose = ({ form, onForm, onChoose }) => {
  const markets = app.patches.filter((patch) => patch.kind === "market");
  return (
    <div class="screen">
      <Head title={t("market")} note={t("marketNote")} onBack={() => back("work")} />
      <main class="page">
        {marketForms().length > 1 && <div class="choices" role="radiogroup" aria-label={t("market")}>{marketForms().map((each) => <label class={["pick", each.code === form.code && "on"]} key={each.code}><input type="radio" name="market-form" value={each.code} checked={each.code === form.code} onChange={() => onForm(each.code)} /><span>{nameIn(each, "title", "title_en")}</span></label>)}</div>}
        <ul class="cards big">
          <li><button type="button" class="card" onClick={() => onChoose(null)}><strong>{t("stallsNear")}</strong><Icon name="locate" /><small>{here.fix ? t("stallsN", { n: stallsOf(null).length }) : t(here.fault || "seeking")}</small></button></li>
          {markets.map((market) => <li key={market.id}><button type="button" class="card" data-market={market.id} onClick={() => onChoose(market)}><strong>{market.name}</strong><Icon name="right" /><small>{[villageOf(market.village) && nameIn(villageOf(market.village)), t("stallsN", { n: stallsOf(market).length })].filter(Boolean).join(" · ")}</small></button></li>)}
        </ul>
      </main>
    </div>
  );
};
Choose.props = ["form", "onForm", "onChoose"];

const REPEATED = new Set(["one", "many", "text", "integer", "decimal"]);

/** All on one page: photos first, then what is asked. */
function order(session) {
  const first = (page) => session.shown(page).some((part) => part.kind === "image");
  const pages = session.pages;
  return [...pages.filter(first), ...pages.filter((page) => !first(page))];
}

export const Market = {
  setup() {
    const stop = watchPosition();
    const wanted = ref("");
    const form = computed(() => marketForms().find((each) => each.code === wanted.value) ?? marketForms()[0] ?? revisitForm());
    const market = ref(undefined);
    const round = shallowRef([]); // stalls, in the order in which one walks
    const at = ref(0);
    const filling = shallowRef(null);
    const strict = ref(false);
    const fault = ref("");
    const done = shallowRef(new Set());
    let before = new Map(); // question -> answer of the stall before
    let from = null;
    let busy = false;
    const began = Date.now();
    const stall = computed(() => round.value[at.value]);

    const open = async () => {
      strict.value = false;
      filling.value = null;
      if (!stall.value) return;
      try {
        const known = app.me.rules?.market_unsigned ? { market_round: "yes" } : {};
        filling.value = await Filling.open(await beginForm(form.value, stall.value, { about: market.value?.name ?? "", known }));
      } catch (error) { fault.value = error.message; }
    };
    const choose = async (chosen) => { market.value = chosen; round.value = stallsOf(chosen); at.value = 0; await open(); };
    /** Leave the stall; what nobody has touched leaves no draft. */
    const close = async () => {
      const now = filling.value;
      filling.value = null;
      if (!now) return;
      await now.settled();
      now.close();
      if (!now.answer.files.length && now.untouched) await drop(now.answer.id);
    };
    const step = async (by) => { await close(); at.value = Math.min(Math.max(at.value + by, 0), round.value.length); await open(); scrollTo(0, 0); };
    const same = () => {
      for (const q of filling.value.session.questions) if (REPEATED.has(q.kind) && !q.readonly && before.get(q.name) && !q.text) q.put(before.get(q.name));
      for (const q of filling.value.session.questions) if (["one", "many"].includes(q.kind) && before.get(q.name)) q.put(before.get(q.name));
    };
    const finish = async () => {
      if (busy) return;
      busy = true;
      try { await keepAndGo(); } finally { busy = false; }
    };
    const keepAndGo = async () => {
      const now = filling.value;
      await now.arrived();
      if (now.session.wanting.length) {
        strict.value = true;
        document.getElementById(`q-${now.session.wanting[0].id}`)?.scrollIntoView({ block: "center" });
        return;
      }
      before = new Map(now.session.questions.map((q) => [q.name, q.text]));
      filling.value = null;
      await now.finish();
      done.value = new Set([...done.value, stall.value.id]);
      at.value += 1;
      await open();
      scrollTo(0, 0);
      sync();
    };
    // A finger may begin on a button: a swipe is no tap. A mouse that does so presses it.
    const down = (event) => { from = event.target.closest(event.pointerType === "touch" ? "canvas, textarea, input:not([type=radio], [type=checkbox])" : "canvas, input, textarea, button, label") ? null : [event.clientX, event.clientY]; };
    const up = (event) => {
      if (!from) return;
      const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
      from = null;
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) x < 0 ? (filling.value?.untouched ? step(1) : finish()) : step(-1);
    };
    onBeforeUnmount(() => { stop(); close(); });

    return () => {
      if (!form.value) return <div class="screen"><Head title={t("market")} onBack={() => back("work")} /><main class="page"><Empty icon="clipboard" title={t("noForms")} note={t("noFormsNote")} /></main></div>;
      if (market.value === undefined) return <Choose form={form.value} onForm={(code) => { wanted.value = code; }} onChoose={choose} />;
      const total = round.value.length;
      if (!stall.value) {
        const minutes = Math.max(1, Math.round((Date.now() - began) / 60_000));
        return (
          <div class="screen"><Head title={market.value?.name ?? t("stallsNear")} onBack={() => { market.value = undefined; }} />
            <main class="page">{total ? <div class="verdict good"><Icon name="tick-circle" /><h1>{t("marketDone", { n: done.value.size })}</h1><p>{t("inMinutes", { n: minutes })}</p></div> : <Empty icon="store" title={t("noStalls")} note={t("noStallsNote")} />}</main>
            <footer class="foot stay"><button type="button" class="btn btn-primary" onClick={() => { say(t("queued")); back("work"); }}>{t("done")}</button></footer></div>
        );
      }
      const now = filling.value;
      return (
        <div class="screen market" onPointerdown={down} onPointerup={up}>
          <Head title={stall.value.name} note={[t("stallOf", { n: at.value + 1, m: total }), stall.value.operator, here.fix && stall.value.lat != null && distance(metres(here.fix, stall.value))].filter(Boolean).join(" · ")} onBack={async () => { await close(); market.value = undefined; }}>
            {done.value.has(stall.value.id) && <Chip tone="green">{t("doneToday")}</Chip>}
          </Head>
          <progress class="progress" aria-label={t("progress")} max={total} value={at.value} />
          <main class="page" key={stall.value.id}>
            {fault.value && <div class="notice red" role="alert"><p>{fault.value}</p></div>}
            {now && before.size > 0 && <button type="button" class="btn wide same" onClick={same}><Icon name="checks" />{t("sameAsBefore")}</button>}
            {now ? <div class="parts">{order(now.session).map((part) => <Parts part={part} filling={now} strict={strict.value} key={part.id} />)}</div> : <div class="waiting"><span class="spinner" /></div>}
          </main>
          <footer class="foot stay">
            <button type="button" class="btn" disabled={at.value === 0} aria-label={t("previous")} onClick={() => step(-1)}><Icon name="left" /></button>
            <button type="button" class="btn" onClick={() => step(1)}>{t("skip")}</button>
            <button type="button" class="btn btn-primary" disabled={!now} onClick={finish}>{t("nextStall")}<Icon name="right" /></button>
          </footer>
        </div>
      );
    };
  },
};

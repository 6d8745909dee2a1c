/* 走访: the streets, hamlets and markets of my ground, when each was walked, and the form to sign it. */

import { computed, h } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { beginForm, walkForm } from "../fill.js";
import { app, back, go, villageOf } from "../state.js";
import { day, nameIn, t } from "../words.js";

async function start(patch) {
  const form = walkForm();
  const known = patch ? { patch: patch.id, patch_id: patch.id, patch_name: patch.name, village: patch.village } : {};
  const answer = await beginForm(form, null, { known, about: patch?.name ?? "", patch: patch?.id });
  go(`fill/${answer.id}`);
}

const walkedHere = (patch) => app.answers.some((answer) => answer.patch === patch.id && answer.state !== "draft");

export const Walks = {
  setup() {
    const rows = computed(() => [...app.patches].sort((a, b) => Number(b.mine) - Number(a.mine) || (a.walked_on ?? "").localeCompare(b.walked_on ?? "")));
    return () => (
      <div class="screen">
        <Head title={t("walks")} note={t("walksNote", { n: rows.value.filter((patch) => patch.walked_on).length, m: rows.value.length })} onBack={() => back("work")} />
        <main class="page">
          {rows.value.length ? <ul class="cards">{rows.value.map((patch) => (
            <li key={patch.id}><button type="button" class="card" disabled={!walkForm()} onClick={() => start(patch)}>
              <strong>{patch.name}</strong>
              {walkedHere(patch) ? <Chip tone="amber">{t("walkedHere")}</Chip> : patch.walked_on ? <Chip tone="green">{day(patch.walked_on)}</Chip> : <Chip tone="grey">{t("notWalked")}</Chip>}
              <small>{[t(`patch_${patch.kind}`), villageOf(patch.village) && nameIn(villageOf(patch.village)), patch.mine && t("yours"), patch.none_found && t("noneFound")].filter(Boolean).join(" · ")}</small>
            </button></li>))}</ul> : <Empty icon="pin" title={t("noPatches")} note={t("noPatchesNote")} />}
        </main>
        {walkForm() && <div class="thumb"><button type="button" class="btn btn-primary" onClick={() => start(null)}><Icon name="plus" />{t("otherPatch")}</button></div>}
      </div>
    );
  },
};

/* 名录: find a place by part of its name, by the letters of its pinyin, near me, or on the map. */

import { computed, h, onBeforeUnmount, onMounted, ref, watch } from "../vue.js";
import { Chip, Empty, Head, Icon } from "../parts.jsx";
import { FieldMap } from "../mapped.jsx";
import { here, watchPosition } from "../position.js";
import { found, metres } from "../places.js";
import { readAhead } from "../pinyin.js";
import { app, go, places, villageOf } from "../state.js";
import { distance, language, nameIn, t } from "../words.js";

const FIRST = 14; // as many as a screen shows: what is below comes when one scrolls
const STEP = 40;
const last = { text: "", kind: "", near: false, map: false };

/** Names of the kinds, from the forms that survey them. */
export const kindName = (kind) => ({ workshop: t("workshop"), vendor: t("vendor"), eatery: t("eatery"), grocery: t("grocery") })[kind] ?? kind;

export const PlaceRow = ({ place, near }) => (
  <li><button type="button" class="card" data-place={place.id} onClick={() => go(`place/${place.id}`)}>
    <strong>{place.name || t("noName")}</strong>
    {place.local ? <Chip tone="amber">{t(place.sent ? "notYetFiled" : "notYetSent")}</Chip> : near && place.lat != null ? <span class="end">{distance(metres(near, place))}</span> : <span class="tag">{kindName(place.kind)}</span>}
    <small>{[place.operator, villageOf(place.village) ? nameIn(villageOf(place.village)) : "", place.address].filter(Boolean).join(" · ")}</small>
  </button></li>
);
PlaceRow.props = ["place", "near"];

export const Places = {
  setup() {
    const text = ref(last.text);
    const kind = ref(last.kind);
    const near = ref(last.near);
    const map = ref(last.map);
    const shown = ref(FIRST);
    const more = ref(null);
    let stop = () => {};
    const kinds = computed(() => [...new Set(places.value.map((place) => place.kind))].sort());
    const rows = computed(() => found(places.value, { text: text.value, kind: kind.value, near: near.value ? here.fix : null }));
    watch([text, kind, near, map], () => { Object.assign(last, { text: text.value, kind: kind.value, near: near.value, map: map.value }); shown.value = FIRST; });
    watch(places, readAhead, { immediate: true });
    watch(near, (on) => { stop(); stop = on ? watchPosition() : () => {}; }, { immediate: true });

    let observer = null;
    onMounted(() => {
      observer = new IntersectionObserver(([entry]) => { if (entry.isIntersecting && shown.value < rows.value.length) shown.value += STEP; }, { rootMargin: "600px" });
      if (more.value) observer.observe(more.value);
    });
    watch(more, (now, before) => { if (before) observer?.unobserve(before); if (now) observer?.observe(now); });
    onBeforeUnmount(() => { observer?.disconnect(); stop(); });

    return () => (
      <div class="screen">
        <Head title={t("places")} note={t("placesN", { n: places.value.length })} />
        <div class="finder">
          <div class="finder-line"><Icon name="search" /><input type="search" class="form-control" placeholder={t("findPlace")} aria-label={t("findPlace")} value={text.value} onInput={(event) => { text.value = event.target.value; }} /></div>
          <div class="chips" role="group" aria-label={t("filter")}>
            <button type="button" class="filter" aria-pressed={near.value} onClick={() => { near.value = !near.value; }}><Icon name="locate" />{t("nearMe")}</button>
            <button type="button" class="filter" aria-pressed={map.value} onClick={() => { map.value = !map.value; }}><Icon name="map" />{t("map")}</button>
            {kinds.value.map((name) => <button type="button" class="filter" key={name} aria-pressed={kind.value === name} onClick={() => { kind.value = kind.value === name ? "" : name; }}>{kindName(name)}</button>)}
          </div>
        </div>
        <main class="page" lang={language() === "en" ? "zh-Hans" : undefined}>
          {near.value && !here.fix && <p class="ask-hint" role="status">{here.fault ? t(here.fault) : t("seeking")}</p>}
          {map.value ? <FieldMap places={rows.value} onOpen={(place) => go(`place/${place.id}`)} />
            : rows.value.length ? <ul class="cards">{rows.value.slice(0, shown.value).map((place) => <PlaceRow place={place} near={near.value ? here.fix : null} key={place.id} />)}</ul>
              : <Empty icon="store" title={t(app.served.length ? "notFound" : "noPlaces")} note={t(app.served.length ? "notFoundNote" : "noPlacesNote")} />}
          <div ref={more} class="more" />
        </main>
        <div class="thumb"><button type="button" class="btn btn-primary" onClick={() => go("new")}><Icon name="plus" />{t("beginNew")}</button></div>
      </div>
    );
  },
};

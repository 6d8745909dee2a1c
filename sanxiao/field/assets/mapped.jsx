/* The map on the phone: our own boundaries, no tiles; Leaflet is fetched when a map is opened. */

import { h, onBeforeUnmount, onMounted, ref, watch } from "./vue.js";
import { app, villageOf } from "./state.js";
import { here } from "./position.js";
import { nameIn, t } from "./words.js";

/** @param {{places?: any[], chosen?: {lat: number, lng: number}|null, onPick?: Function, onOpen?: Function}} props */
export const FieldMap = {
  props: ["places", "chosen", "onPick", "onOpen"],
  setup(props) {
    const box = ref(null);
    const fault = ref(false);
    let map = null;
    onMounted(async () => {
      try {
        const { draw } = await import("./map.js");
        const centre = app.me?.villages[0]?.centre;
        if (box.value) map = draw(box.value, { boundaries: app.boundaries, called: (area) => nameIn(villageOf(area.code) ?? area), centre, fix: here.fix, ...props });
        map?.show(props.places ?? []);
      } catch { fault.value = true; }
    });
    watch(() => props.places, (now) => map?.show(now ?? []));
    onBeforeUnmount(() => map?.remove());
    return () => <div class="map" ref={box} data-map>{fault.value && <p class="map-fault">{t("mapFailed")}</p>}</div>;
  },
};

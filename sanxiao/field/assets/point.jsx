/* A position: taken at the door, getting better for some seconds; or set on the map, or typed. */

import { h, onBeforeUnmount, ref, watch } from "./vue.js";
import { Icon, Sheet } from "./parts.jsx";
import { FieldMap } from "./mapped.jsx";
import { asAnswer, here, watchPosition } from "./position.js";
import { t } from "./words.js";

const GOOD = 8; // metres: no need to wait longer
const LONGEST = 20_000;

export const Place = {
  props: ["q", "filling"],
  setup(props) {
    const taking = ref(false);
    const best = ref(null);
    const map = ref(false);
    const typing = ref(false);
    let stop = null;
    let timer = 0;

    const end = () => { clearTimeout(timer); stop?.(); stop = null; taking.value = false; };
    const take = () => {
      end();
      taking.value = true;
      best.value = null;
      stop = watchPosition();
      timer = setTimeout(end, LONGEST);
      if (here.fix && Date.now() - here.fix.at < 5000) consider(here.fix);
    };
    const consider = (fix) => {
      if (!taking.value || !fix || (best.value && fix.accuracy >= best.value.accuracy)) return;
      best.value = fix;
      props.filling.placed(props.q, fix);
      props.q.put(asAnswer(fix));
      if (fix.accuracy <= GOOD) end();
    };
    watch(() => here.fix, consider);
    onBeforeUnmount(end);
    const pick = ({ lat, lng }) => { end(); best.value = null; props.filling.placed(props.q, null); props.q.put(asAnswer({ lat, lng, altitude: 0, accuracy: 0 })); };

    return () => {
      const [lat, lng, , accuracy] = props.q.text.split(" ").map(Number);
      const set = Boolean(props.q.text);
      const given = set && !props.filling.answer.points?.[props.q.name] && props.q.text === props.filling.first.get(props.q.path)?.[0];
      return (
        <div class="point-box">
          {set && <p class={["fix", accuracy > 50 && "poor"]}><Icon name="pin" /><span>{lat.toFixed(5)}, {lng.toFixed(5)}<small>{given ? t("asOnFile") : accuracy ? t("accuracy", { n: Math.round(accuracy) }) : t("setByHand")}{taking.value && ` · ${t("improving")}`}</small></span></p>}
          {set && props.filling.answer.points?.[props.q.name]?.mock && <p class="fault"><Icon name="alert" />{t("mocked")}</p>}
          {taking.value && !set && !here.fault && <p class="ask-hint" role="status">{t("seeking")}</p>}
          {here.fault && !set && <p class="fault" role="alert">{t(here.fault)}</p>}
          <div class="row-line grow">
            <button type="button" class={["btn", !set && "btn-primary"]} disabled={props.q.readonly} onClick={taking.value ? end : take}><Icon name="locate" />{taking.value ? t("enough") : set ? t("takeAgain") : t("takePosition")}</button>
            <button type="button" class="btn" onClick={() => { map.value = true; }}><Icon name="map" />{t("onMap")}</button>
          </div>
          {map.value && (
            <Sheet title={t("onMap")} tall={true} onClose={() => { map.value = false; }}>
              <p class="ask-hint">{t("tapMap")}</p>
              <FieldMap chosen={set ? { lat, lng } : null} onPick={pick} />
              {typing.value
                ? <div class="row-line grow">{["lat", "lng"].map((name, index) => <input key={name} class="form-control" inputmode="decimal" aria-label={t(name)} placeholder={t(name)} value={set ? [lat, lng][index] : ""} onChange={(event) => { const pair = { lat: set ? lat : 0, lng: set ? lng : 0, [name]: Number(event.target.value) }; if (isFinite(pair.lat) && isFinite(pair.lng)) pick(pair); }} />)}</div>
                : <button type="button" class="quiet" onClick={() => { typing.value = true; }}>{t("typePosition")}</button>}
              <div class="foot"><button type="button" class="btn btn-primary" onClick={() => { map.value = false; }}>{t("done")}</button></div>
            </Sheet>
          )}
        </div>
      );
    };
  },
};

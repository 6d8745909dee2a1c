/* Photos: camera first, album second; what was taken is shown with its place and time as the office will see it. */

import { h, onMounted, ref, watch } from "./vue.js";
import { Icon } from "./parts.jsx";
import { asAnswer, here, latest } from "./position.js";
import { t, moment } from "./words.js";

/** The two ways to a photo. @param {{onFiles: (files: File[]) => void, several?: boolean, busy?: boolean}} props */
const Shutter = ({ onFiles, several, busy }) => {
  const take = (event) => { const files = [...event.target.files]; event.target.value = ""; if (files.length) onFiles(files); };
  return (
    <div class="shutter">
      <label class={["btn", "btn-primary", busy && "busy"]}><Icon name="camera" />{busy ? t("working") : t("takePhoto")}<input class="sr-only" type="file" accept="image/*" capture="environment" data-camera onChange={take} /></label>
      <label class="btn"><Icon name="photo" />{t("album")}<input class="sr-only" type="file" accept="image/*" multiple={several} data-album onChange={take} /></label>
    </div>
  );
};
Shutter.props = ["onFiles", "several", "busy"];

/** One picture with its watermark. */
const Shown = {
  props: ["name", "filling", "onRemove"],
  setup(props) {
    const address = ref("");
    const load = async () => { address.value = await props.filling.picture(props.name); };
    onMounted(load);
    watch(() => props.name, load);
    return () => {
      const told = props.filling.told(props.name);
      const where = told?.lat != null ? `${told.lat.toFixed(5)}, ${told.lng.toFixed(5)} ±${Math.round(told.accuracy)} m` : t("noPlaceOnPhoto");
      return (
        <figure class="shot">
          {address.value ? <img src={address.value} alt={t("photoOf", { name: props.filling.answer.place?.name ?? "" })} /> : <div class="shot-wait" />}
          {told?.taken_at && <figcaption>{moment(told.taken_at)}<br />{where}{told.mock && <strong> · {t("mocked")}</strong>}</figcaption>}
          {props.onRemove && <button type="button" class="shot-remove" aria-label={t("remove")} onClick={props.onRemove}><Icon name="close" /></button>}
        </figure>
      );
    };
  },
};

/** A question for one photo. */
export const Picture = {
  props: ["q", "filling"],
  setup(props) {
    const busy = ref(false);
    const fault = ref("");
    const taken = async ([file]) => {
      busy.value = true;
      fault.value = "";
      try { await props.filling.comes(props.filling.photograph(props.q, file)); } catch { fault.value = t("photoUnread"); }
      busy.value = false;
    };
    return () => (
      <div class="picture">
        {props.q.text && <div class="shots one"><Shown name={props.q.text} filling={props.filling} onRemove={() => props.q.attach(null)} key={props.q.text} /></div>}
        {!props.q.readonly && <Shutter onFiles={taken} busy={busy.value} />}
        {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      </div>
    );
  },
};

const inside = (time, kind) => time.parts.find((part) => part.kind === kind);

/** A repeat of photos. Time and place of each are noted by themselves. */
export const Album = {
  props: ["part", "filling", "strict"],
  setup(props) {
    const busy = ref(false);
    const fault = ref("");
    const one = async (file) => {
      const free = props.part.times.find((time) => !inside(time, "image").text) ?? props.part.add();
      const told = await props.filling.photograph(inside(free, "image"), file);
      inside(free, "moment")?.put(told.taken_at);
      const fix = latest();
      if (fix && !told.album) inside(free, "point")?.put(asAnswer({ ...fix, altitude: here.fix?.altitude }));
    };
    const taken = async (files) => {
      busy.value = true;
      fault.value = "";
      try { for (const file of files) await props.filling.comes(one(file)); } catch { fault.value = t("photoUnread"); }
      busy.value = false;
    };
    const remove = (index) => {
      if (props.part.times.length > 1) props.part.remove(index);
      else inside(props.part.times[0], "image").attach(null);
    };
    return () => {
      const times = props.part.times;
      const wrong = times.map((time) => inside(time, "image")).find((q) => q.fault && (props.strict || q.text));
      return (
        <section class={["ask", wrong && "bad"]} id={`q-${inside(times[0], "image")?.id}`} data-question="photos">
          <div class="shots">{times.map((time, index) => inside(time, "image").text && <Shown name={inside(time, "image").text} filling={props.filling} onRemove={() => remove(index)} key={time.id} />)}</div>
          <Shutter onFiles={taken} several={true} busy={busy.value} />
          {(fault.value || wrong) && <p class="fault" role="alert"><Icon name="alert" />{fault.value || wrong.fault}</p>}
        </section>
      );
    };
  },
};

/* A draft form as a phone will show it, for the forms desk. Nothing is kept and nothing is sent. */

import { h, onMounted, ref, shallowRef } from "../vue.js";
import { Icon } from "../parts.jsx";
import { Filling } from "../fill.js";
import { load } from "../engine.js";
import { Fill } from "./fill.jsx";
import { t } from "../words.js";

const csrf = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] ?? "";

/** A filling that lives in memory alone. */
class Shown extends Filling {
  async save() {}
  touch() {}
  async photograph(question, file) {
    question.attach(file);
    this.pictures.set(file.name, URL.createObjectURL(file));
    return { name: file.name, taken_at: new Date().toISOString(), album: true };
  }
  async draw(question, blob) { question.attach(new File([blob], "signature.png", { type: "image/png" })); }
  async finish() { return this.answer; }
}

export const Preview = {
  props: ["address", "loaded"],
  setup(props) {
    const filling = shallowRef(null);
    const fault = ref("");
    const detail = ref("");
    const over = ref(false);
    const open = async () => {
      over.value = false;
      try {
        const xform = await (await fetch(props.address, { credentials: "same-origin" })).text();
        const form = await load(xform, { "places.csv": "name,label,__version,__trunkVersion,__branchId,kind,village,geometry\r\n" });
        const session = await form.create("", "preview");
        filling.value = new Shown(session, form.outline, { id: "preview", files: [], title: form.outline.title, place: null }, null);
        if (props.loaded) await fetch(props.loaded, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": csrf() } });
      } catch (error) {
        fault.value = error.message;
        detail.value = error.detail ?? "";
      }
    };
    onMounted(open);
    return () => (
      <div class="preview">
        <div class="practice" role="note">{t("previewNote")}</div>
        {fault.value && <main class="page"><div class="notice red" role="alert" data-broken><Icon name="alert" /><p>{fault.value}{detail.value && <small lang="en">{detail.value}</small>}</p></div></main>}
        {over.value ? <main class="page"><div class="verdict good"><Icon name="tick-circle" /><h1>{t("previewDone")}</h1></div><button type="button" class="btn btn-primary wide" onClick={open}>{t("onceMore")}</button></main>
          : filling.value && <Fill opened={filling.value} onFinish={() => { over.value = true; }} onLeave={() => history.back()} key="preview" />}
      </div>
    );
  },
};

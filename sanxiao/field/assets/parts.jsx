/* Small parts of every screen. */

import { h, onBeforeUnmount, onMounted, ref } from "./vue.js";
import { t } from "./words.js";

const sprite = document.body.dataset.icons;

/** @param {{name: string}} props */
export const Icon = ({ name }) => <svg class="icon" aria-hidden="true"><use href={`${sprite}#${name}`} /></svg>;
Icon.props = ["name"];

export const Chip = ({ tone }, { slots }) => <span class={`chip ${tone}`}>{slots.default?.()}</span>;
Chip.props = ["tone"];

/** A head with the way back. */
export const Head = ({ title, note, onBack }, { slots }) => (
  <header class="head">
    {onBack && <button type="button" class="head-back" aria-label={t("back")} onClick={onBack}><Icon name="left" /></button>}
    <div class="head-words"><h1>{title}</h1>{note && <p>{note}</p>}</div>
    {slots.default?.()}
  </header>
);
Head.props = ["title", "note", "onBack"];

export const Empty = ({ icon, title, note }, { slots }) => (
  <div class="empty"><Icon name={icon} /><h2>{title}</h2>{note && <p>{note}</p>}{slots.default?.()}</div>
);
Empty.props = ["icon", "title", "note"];

/** A page that comes up from below; closes by its button, by Esc, by a touch beside it. */
export const Sheet = {
  props: ["title", "tall"],
  emits: ["close"],
  setup(props, { slots, emit }) {
    const box = ref(null);
    onMounted(() => box.value.showModal());
    onBeforeUnmount(() => box.value?.open && box.value.close());
    return () => (
      <dialog ref={box} class={["sheet", props.tall && "tall"]} aria-label={props.title} onClose={() => emit("close")} onClick={(event) => event.target === box.value && box.value.close()}>
        <div class="sheet-head"><h2>{props.title}</h2><button type="button" class="quiet" onClick={() => box.value.close()}><Icon name="close" />{t("close")}</button></div>
        <div class="sheet-body">{slots.default?.()}</div>
      </dialog>
    );
  },
};

/** Ask before something that cannot be taken back. */
export const Sure = {
  props: ["title", "words", "yes"],
  emits: ["yes", "no"],
  setup(props, { emit }) {
    return () => (
      <Sheet title={props.title} onClose={() => emit("no")}>
        <p>{props.words}</p>
        <div class="foot"><button type="button" class="btn btn-danger" onClick={() => emit("yes")}>{props.yes}</button></div>
      </Sheet>
    );
  },
};

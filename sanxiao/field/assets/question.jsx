/* One question as a person sees it: its words, its control, what is wrong. */

import { computed, h, ref, watch } from "./vue.js";
import { Icon, Sheet } from "./parts.jsx";
import { Album, Picture } from "./picture.jsx";
import { Place } from "./point.jsx";
import { Signature } from "./signature.jsx";
import { t } from "./words.js";

const MODES = { integer: "numeric", decimal: "decimal" };
const CLEAN = { integer: /[^\d-]/g, decimal: /[^\d.-]/g };

/** Text and numbers. What is being typed stays as typed; the form's own spelling comes back when one leaves the field. */
const Typed = {
  props: ["q", "labelled", "bad"],
  setup(props) {
    const typed = ref(props.q.text);
    const inside = ref(false);
    watch(() => props.q.text, (now) => { if (!inside.value) typed.value = now; });
    const input = (event) => {
      const clean = CLEAN[props.q.kind];
      if (clean) event.target.value = event.target.value.normalize("NFKC").replace(clean, ""); // １２ is 12
      typed.value = event.target.value;
      props.q.put(typed.value.trim());
    };
    const leave = () => { inside.value = false; typed.value = props.q.text; };
    return () => {
      const common = {
        id: `c-${props.q.id}`, class: "form-control", value: typed.value, autocomplete: "off", readonly: props.q.readonly, "aria-describedby": props.labelled,
        "aria-invalid": props.bad ? "true" : undefined, onInput: input, onFocus: () => { inside.value = true; }, onBlur: leave,
      };
      if (props.q.multiline) return <textarea {...common} rows="3" />;
      return <input {...common} type="text" inputmode={MODES[props.q.kind] ?? (props.q.numbers ? "tel" : undefined)} enterkeyhint="next" />;
    };
  },
};

/** The offset of this phone, as the form's times carry it: +08:00. */
function offset() {
  const minutes = -new Date().getTimezoneOffset();
  const two = (number) => String(Math.abs(number)).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

const DATES = {
  date: { type: "date", show: (text) => text.slice(0, 10), keep: (value) => value },
  month: { type: "month", show: (text) => text.slice(0, 7), keep: (value) => value && `${value}-01` },
  time: { type: "time", show: (text) => text.slice(0, 5), keep: (value) => value && `${value}:00.000${offset()}` },
  moment: { type: "datetime-local", show: (text) => text.slice(0, 16), keep: (value) => value && `${value}:00.000${offset()}` },
};

const Dated = ({ q, labelled }) => {
  const { type, show, keep } = DATES[q.kind];
  return <input id={`c-${q.id}`} class="form-control" type={type} value={show(q.text)} readonly={q.readonly} aria-describedby={labelled} onChange={(event) => q.put(keep(event.target.value))} />;
};
Dated.props = ["q", "labelled"];

const MANY = 12; // beyond that a list is searched

/** How many Chinese characters a label is broad. */
const breadth = (label) => [...label].reduce((sum, sign) => sum + (sign < "⺀" ? 0.55 : 1), 0);

/** Big buttons. */
const Buttons = ({ q, options, onChosen }) => {
  const several = q.kind === "many";
  const short = options.length > 1 && options.every(({ label }) => breadth(label) <= 7);
  return (
    <div class={["choices", short && "short"]} role={several ? "group" : "radiogroup"} aria-labelledby={`l-${q.id}`}>
      {options.map(({ value, label }) => {
        const on = q.chosen.includes(value);
        return (
          <label class={["pick", on && "on"]} key={value}>
            <input type={several ? "checkbox" : "radio"} name={q.id} value={value} checked={on} disabled={q.readonly} onChange={() => { if (several) q.toggle(value); else { q.put(value); onChosen?.(); } }} />
            <span>{label}</span>
          </label>
        );
      })}
    </div>
  );
};
Buttons.props = ["q", "options", "onChosen"];

/** A long list: one line that opens a sheet with a search. */
const Listed = {
  props: ["q"],
  setup(props) {
    const open = ref(false);
    const text = ref("");
    const fitting = computed(() => props.q.options.filter(({ label }) => label.toLowerCase().includes(text.value.trim().toLowerCase())));
    return () => (
      <div>
        <button type="button" id={`c-${props.q.id}`} class="form-control opener" disabled={props.q.readonly} aria-haspopup="dialog" onClick={() => { open.value = true; text.value = ""; }}>
          <span class={!props.q.text && "muted"}>{props.q.spoken || t("choose")}</span><Icon name="down" />
        </button>
        {open.value && (
          <Sheet title={props.q.label} tall={true} onClose={() => { open.value = false; }}>
            {props.q.options.length > MANY && <input type="search" class="form-control" placeholder={t("find")} aria-label={t("find")} value={text.value} onInput={(event) => { text.value = event.target.value; }} />}
            <Buttons q={props.q} options={fitting.value.slice(0, 200)} onChosen={() => { open.value = false; }} />
            {props.q.kind === "many" && <div class="foot"><button type="button" class="btn btn-primary" onClick={() => { open.value = false; }}>{t("done")}</button></div>}
          </Sheet>
        )}
      </div>
    );
  },
};

function control(q, filling, labelled, bad) {
  switch (q.kind) {
    case "text": case "integer": case "decimal": return <Typed q={q} labelled={labelled} bad={bad} key={q.id} />;
    case "date": case "month": case "time": case "moment": return <Dated q={q} labelled={labelled} />;
    case "one": case "many": return q.options.length > MANY || (q.minimal && q.options.length > 6) ? <Listed q={q} key={q.id} /> : <Buttons q={q} options={q.options} />;
    case "point": return <Place q={q} filling={filling} key={q.id} />;
    case "image": return <Picture q={q} filling={filling} key={q.id} />;
    case "signature": return <Signature q={q} filling={filling} key={q.id} />;
    case "trigger": return <label class={["pick", q.text && "on"]}><input type="checkbox" checked={Boolean(q.text)} onChange={(event) => q.put(event.target.checked ? "OK" : "")} /><span>{t("confirmed")}</span></label>;
    default: return <p class="fault">{t("unknownQuestion")}</p>;
  }
}

/** @param {{q: any, filling: any, strict: boolean}} props strict: say also what nobody has touched yet */
export const Ask = {
  props: ["q", "filling", "strict"],
  setup(props) {
    const touched = ref(false);
    return () => {
      const { q, filling, strict } = props;
      if (q.kind === "note") return <div class="notice blue" id={`q-${q.id}`}><Icon name="info" /><p>{q.label}{q.hint && <small>{q.hint}</small>}</p></div>;
      const fault = strict || (touched.value && !q.missing) ? q.fault : "";
      const titled = ["text", "integer", "decimal", "date", "month", "time", "moment"].includes(q.kind) || (["one", "many"].includes(q.kind) && (q.options.length > MANY || (q.minimal && q.options.length > 6)));
      const said = [q.label, !q.required && !q.readonly && <small class="optional" key="optional">{t("optional")}</small>];
      return (
        <section class={["ask", fault && "bad"]} id={`q-${q.id}`} data-question={q.name} onFocusout={() => { touched.value = true; }}>
          {titled ? <label class="ask-label" for={`c-${q.id}`} id={`l-${q.id}`}>{said}</label> : <h3 class="ask-label" id={`l-${q.id}`}>{said}</h3>}
          {q.hint && <p class="ask-hint" id={`h-${q.id}`}>{q.hint}</p>}
          {control(q, filling, fault ? `f-${q.id}` : q.hint ? `h-${q.id}` : undefined, Boolean(fault))}
          {fault && <p class="fault" id={`f-${q.id}`} role="alert"><Icon name="alert" />{fault}</p>}
        </section>
      );
    };
  },
};

const single = (part) => part.kind === "group" && part.parts.filter((inner) => inner.kind === "image").length === 1 && part.parts.every((inner) => ["image", "moment", "point"].includes(inner.kind));

/** A repeat: photos as an album, everything else as cards. */
const Times = ({ part, filling, strict }) => {
  const times = part.times;
  if (!part.fixed && times.every(single)) return <Album part={part} filling={filling} strict={strict} />;
  return (
    <div class="times">
      {times.map((time, index) => (
        <div class="time" key={time.id}>
          <div class="time-head"><h3>{t("nth", { n: index + 1 })}</h3>{!part.fixed && times.length > 1 && <button type="button" class="quiet" onClick={() => part.remove(index)}><Icon name="trash" />{t("remove")}</button>}</div>
          <Parts part={time} filling={filling} strict={strict} />
        </div>
      ))}
      {!part.fixed && <button type="button" class="btn wide" onClick={() => part.add()}><Icon name="plus" />{t("oneMore")}</button>}
    </div>
  );
};
Times.props = ["part", "filling", "strict"];

/** What stands in a group or on a page. */
export const Parts = ({ part, filling, strict }) => {
  if (part.kind === "repeat") return <Times part={part} filling={filling} strict={strict} />;
  const inner = part.parts.filter((item) => item.relevant && !item.silent);
  return (
    <div class="parts">
      {inner.map((item) => {
        if (item.kind === "repeat") return <section class="sub" key={item.id}>{item.label && <h2>{item.label}</h2>}<Times part={item} filling={filling} strict={strict} /></section>;
        if (item.kind === "group") return <section class="sub" key={item.id}>{item.label && <h2>{item.label}</h2>}<Parts part={item} filling={filling} strict={strict} /></section>;
        return <Ask q={item} filling={filling} strict={strict} key={item.id} />;
      })}
    </div>
  );
};
Parts.props = ["part", "filling", "strict"];

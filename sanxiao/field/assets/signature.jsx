/* A signature: dark ink on white, with a finger; cleared and made again as often as one likes. */

import { h, onMounted, ref } from "./vue.js";
import { Icon } from "./parts.jsx";
import { t } from "./words.js";

export const Signature = {
  props: ["q", "filling"],
  setup(props) {
    const pad = ref(null);
    const signed = ref("");
    const empty = ref(true);
    let brush = null;
    let last = null;

    const prepare = () => {
      const board = pad.value;
      if (!board) return;
      Object.assign(board, { width: board.clientWidth * 2, height: board.clientHeight * 2 });
      brush = board.getContext("2d");
      brush.fillStyle = "#fff";
      brush.fillRect(0, 0, board.width, board.height);
      Object.assign(brush, { strokeStyle: "#1d2939", lineWidth: 5, lineCap: "round", lineJoin: "round" });
      empty.value = true;
    };
    const at = (event) => { const box = pad.value.getBoundingClientRect(); return [((event.clientX - box.left) / box.width) * pad.value.width, ((event.clientY - box.top) / box.height) * pad.value.height]; };
    const down = (event) => { pad.value.setPointerCapture(event.pointerId); last = at(event); };
    const move = (event) => {
      if (!last) return;
      const now = at(event);
      brush.beginPath();
      brush.moveTo(...last);
      brush.lineTo(...now);
      brush.stroke();
      last = now;
      empty.value = false;
    };
    const up = () => {
      const board = pad.value;
      if (last && !empty.value) props.filling.comes(new Promise((done) => board.toBlob(done, "image/png")).then((blob) => props.filling.draw(props.q, blob)));
      last = null;
    };
    const clear = async () => { props.q.attach(null); signed.value = ""; await Promise.resolve(); prepare(); };
    onMounted(async () => { signed.value = props.q.text ? await props.filling.picture(props.q.text) : ""; if (!signed.value) prepare(); });

    return () => (
      <div class="signature">
        {signed.value ? <img src={signed.value} alt={t("signature")} /> : <canvas ref={pad} aria-label={t("signHere")} role="img" onPointerdown={down} onPointermove={move} onPointerup={up} onPointercancel={up} />}
        <div class="row-line"><p class="ask-hint">{t("signHere")}</p><button type="button" class="quiet" onClick={clear}><Icon name="trash" />{t("clear")}</button></div>
      </div>
    );
  },
};

/* Charts: <div class="chart" data-option-from="id"> with the ECharts option in <script type="application/json" id="id">.

   The option says what is shown; face, colours, zero base and quiet axes are the house's. The page carries a table
   with the same numbers for whoever has no script. */

import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([AriaComponent, BarChart, DatasetComponent, GridComponent, LegendComponent, LineChart, MarkLineComponent, SVGRenderer, TooltipComponent]);

const TONES = ["green", "blue", "amber", "red", "grey"];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** The computed colour behind a custom property; light-dark() is resolved by asking an element. */
function colour(element, name) {
  const probe = element.appendChild(document.createElement("i"));
  probe.style.color = `var(--${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function theme(element) {
  const [ink, faint, line, paper] = ["ink", "ink-2", "line", "paper"].map((name) => colour(element, name));
  const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: faint, fontSize: 13 }, splitLine: { lineStyle: { color: line } } };
  return {
    color: ["primary", "blue", "amber", "grey", "red"].map((name) => colour(element, name)),
    textStyle: { fontFamily: getComputedStyle(element).fontFamily, color: ink, fontSize: 13 },
    categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } },
    legend: { textStyle: { color: faint }, itemWidth: 14, itemHeight: 10 },
    tooltip: { backgroundColor: paper, borderColor: line, textStyle: { color: ink, fontSize: 13 } },
    bar: { barMaxWidth: 28, label: { color: ink, fontSize: 13 } }, line: { symbol: "circle", symbolSize: 6, lineStyle: { width: 2 }, label: { color: ink, fontSize: 13 } },
  };
}

/** `"color": "red"` in an option means the house's red, in whatever theme is on. */
function toned(element, value) {
  if (Array.isArray(value)) return value.map((item) => toned(element, item));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === "color" && TONES.includes(item) ? colour(element, item) : toned(element, item)]));
  return value;
}

function draw(element) {
  const source = document.getElementById(element.dataset.optionFrom);
  if (!source) return;
  echarts.getInstanceByDom(element)?.dispose();
  const option = toned(element, JSON.parse(source.textContent));
  echarts.init(element, theme(element), { renderer: "svg" }).setOption({
    animation: !still.matches, animationDuration: 400, aria: { enabled: true },
    grid: { left: 4, right: 16, top: 28, bottom: 4, containLabel: true }, ...option,
  });
}

const drawn = new ResizeObserver((entries) => entries.forEach(({ target }) => echarts.getInstanceByDom(target)?.resize()));

function drawAll(root) {
  const charts = root.querySelectorAll("[data-option-from]");
  charts.forEach((element) => { draw(element); drawn.observe(element); });
}

drawAll(document);
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) drawAll(event.detail.elt); });
dark.addEventListener("change", () => drawAll(document));

/* Words that scripts say. A page may give its own in <script type="application/json" id="words">; else by <html lang>. */

const CHINESE = {
  restored: "已恢复未保存的内容", discard: "不要了", confirm: "确定吗？", chosen: "已选 {n} 家", failed: "没有送到，请再试一次",
  locate: "我的位置", locateFailed: "没有取得位置", mapFailed: "地图没有取到，列表照常可用",
  and: "、", unplaced: "没有坐标", undoCorner: "退一步", clearCorners: "清空边界", outlineSize: "{n} 个点，约 {area} 平方米",
};
const ENGLISH = {
  restored: "What you had not saved is back", discard: "Discard", confirm: "Are you sure?", chosen: "{n} chosen", failed: "It did not arrive. Please try again",
  locate: "My position", locateFailed: "No position to be had", mapFailed: "The map could not be fetched; the list still works",
  and: ", ", unplaced: "Without position", undoCorner: "Take back the last corner", clearCorners: "Clear the boundary", outlineSize: "{n} corners, about {area} m²",
};

const own = document.querySelector("script#words");
const words = { ...(document.documentElement.lang.startsWith("en") ? ENGLISH : CHINESE), ...(own ? JSON.parse(own.textContent) : {}) };

/** The word called `name`, with {n} and the like filled in from `values`. */
export function word(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/* Vue without templates: the content security policy forbids eval, so every part is written with h(). */

import { Fragment, h as create } from "vue";

export { createApp, computed, markRaw, nextTick, onBeforeUnmount, onMounted, reactive, ref, shallowReactive, shallowRef, toRaw, watch } from "vue";
export { Fragment };

/**
 * What JSX becomes. Children of elements stay a list, so that `false` and `null` show nothing; those of a component
 * become its default slot.
 * @param {any} type @param {any} props @param {...any} children
 */
export function h(type, props, ...children) {
  if (typeof type === "string" || type === Fragment) return create(type, props, children);
  return children.length ? create(type, props, { default: () => children }) : create(type, props);
}

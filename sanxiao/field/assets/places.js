/* My places: the server's list, with what was answered on this phone and has not come back yet laid over it.

   As ODK Collect does it: every change made here counts the version up by one and keeps the version that the chain
   began from (__trunkVersion) and a name of the chain (__branchId), so that the server can put changes in order that
   were made without a network, whatever the order in which they arrive. */

import { matcher } from "./pinyin.js";

/** @typedef {{id: string, version: number, trunk: string, branch: string, kind: string, name: string, operator: string, address: string,
    village: string, lat: number|null, lng: number|null, state: string, number: string, missing: string[], values: Record<string, string>, local?: boolean, sent?: boolean}} Place */

/**
 * @param {any[]} served @param {any[]} answers that may still change it, oldest first
 * @returns {Place[]}
 */
export function overlaid(served, answers) {
  const chains = answers.filter((answer) => answer.entity && answer.state !== "draft" && !answer.merged);
  if (!chains.length) return served;
  const changed = new Map();
  const known = new Map(served.map((place) => [place.id, place]));
  for (const { entity, kind, state } of chains) {
    const before = changed.get(entity.id) ?? known.get(entity.id);
    const now = before ? next(before, entity) : entity.create ? fresh(entity, kind) : null;
    if (now) changed.set(entity.id, { ...now, sent: state === "sent" });
  }
  return [...[...changed.values()].filter((place) => !known.has(place.id)), ...served.map((place) => changed.get(place.id) ?? place)];
}

const POINT = /^(-?[\d.]+) (-?[\d.]+)/;

function seen(values) {
  const point = (values.location || values.pitch_location || "").match(POINT);
  return {
    ...(values.shop_name ? { name: values.shop_name } : {}), ...(values.address ? { address: values.address } : {}),
    ...(values.village ? { village: values.village } : {}), ...(values.kind ? { kind: values.kind } : {}),
    ...(point ? { lat: Number(point[1]), lng: Number(point[2]) } : {}),
  };
}

function fresh(entity, kind) {
  const base = { kind, name: entity.label, operator: "", address: "", village: "", lat: null, lng: null, state: "", number: "", missing: [] };
  return { ...base, ...seen(entity.values), id: entity.id, version: 1, trunk: "", branch: entity.branch || crypto.randomUUID(), values: entity.values, local: true };
}

function next(before, entity) {
  const values = { ...before.values, ...entity.values };
  const branch = entity.branch || before.branch || crypto.randomUUID();
  const trunk = before.local ? before.trunk : String(before.version);
  return { ...before, ...seen(entity.values), version: (entity.base || before.version) + 1, trunk, branch, values, local: true };
}

const cell = (value) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

/** The list as a form reads it. @param {Place[]} places */
export function csv(places) {
  const columns = [...new Set(places.flatMap((place) => Object.keys(place.values ?? {})))].filter((name) => !["name", "label", "kind", "village"].includes(name));
  const head = ["name", "label", "__version", "__trunkVersion", "__branchId", "kind", "village", "geometry", ...columns];
  const rows = places.map((place) => [
    place.id, [place.name, place.operator].filter(Boolean).join(" "), place.version,
    place.local ? place.trunk : place.version, place.branch || crypto.randomUUID(), place.kind, place.values?.village ?? place.village,
    place.lat == null ? "" : `${place.lat} ${place.lng} 0 0`, ...columns.map((name) => place.values[name] ?? ""),
  ]);
  return [head, ...rows].map((row) => row.map((value) => cell(String(value ?? ""))).join(",")).join("\r\n");
}

/** Metres between two points; the earth is round enough for a town. */
export function metres(a, b) {
  const rad = Math.PI / 180;
  const x = (b.lng - a.lng) * rad * Math.cos(((a.lat + b.lat) / 2) * rad);
  return Math.hypot(x, (b.lat - a.lat) * rad) * 6_371_000;
}

/**
 * The places that fit, in the order asked for.
 * @param {Place[]} places @param {{text?: string, kind?: string, near?: {lat: number, lng: number}|null}} filter
 */
export function found(places, { text = "", kind = "", near = null }) {
  const wanted = text.trim().toLowerCase();
  let rows = kind ? places.filter((place) => place.kind === kind) : places;
  if (wanted) rows = rows.filter(matcher(wanted));
  if (!near) return rows;
  const placed = rows.filter((place) => place.lat != null).map((place) => ({ place, away: metres(near, place) }));
  placed.sort((a, b) => a.away - b.away);
  return [...placed.map(({ place }) => place), ...rows.filter((place) => place.lat == null)];
}

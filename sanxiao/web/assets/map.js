/* The map: our own boundaries, no tiles from anywhere unless the town has set an address.

   <div class="map" data-boundaries="URL of GeoJSON" data-points="URL of GeoJSON" data-pick="lat_id,lng_id" data-notice="…"
        data-outline="id of a field that holds a GeoJSON polygon" data-at="lat,lng"? data-near? data-tiles="URL template"? data-icons="URL of icons.svg"?>
   Points: properties {name, url, tone, state, note}; `outlines` beside `features` are polygons with the same. `data-near`
   goes close to what is shown, `data-at` to a point. Boundaries: properties {name}. Positions are CGCS2000 / WGS-84. */

import L from "leaflet"; // the default import is the very object that markercluster extends
import "leaflet.markercluster";
import { word } from "./words.js";

const TONES = ["green", "blue", "amber", "red", "grey"];
const SHAPES = {
  green: '<circle cx="10" cy="10" r="8"/>', blue: '<circle cx="10" cy="10" r="6.5"/>', amber: '<path d="M10 2 19 18H1z"/>',
  red: '<path d="M10 1 19 10 10 19 1 10z"/>', grey: '<rect x="3" y="3" width="14" height="14" rx="2"/>',
};

const shape = (tone) => `<svg viewBox="0 0 20 20" aria-hidden="true">${SHAPES[tone]}</svg>`;
const toneOf = (feature) => (TONES.includes(feature.properties.tone) ? feature.properties.tone : "grey");

async function fetchJson(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

/** What a click on a point shows. Built from nodes: names are other people's words, never markup. */
function popup({ name, url, state, note }) {
  const box = document.createElement("div");
  const title = document.createElement("strong");
  const link = url ? document.createElement("a") : document.createElement("span");
  if (url) link.href = url;
  link.textContent = name;
  title.append(link);
  box.append(title, [state, note].filter(Boolean).join(" · "));
  return box;
}

/** How many pixels an area has across, on average: below some eighty its name would lie on its neighbour's. */
function roomFor(map, areas) {
  const bounds = areas.getBounds();
  const across = map.latLngToContainerPoint(bounds.getNorthEast()).x - map.latLngToContainerPoint(bounds.getSouthWest()).x;
  return across / Math.sqrt(areas.getLayers().length || 1);
}

async function addBoundaries(map, address) {
  const areas = L.geoJSON(await fetchJson(address), {
    style: { className: "area", fillOpacity: 1 },
    onEachFeature: (feature, layer) => feature.properties.name && layer.bindTooltip(document.createTextNode(feature.properties.name).data, { permanent: true, direction: "center", className: "area-name" }),
  }).addTo(map);
  if (areas.getBounds().isValid()) map.fitBounds(areas.getBounds(), { paddingTopLeft: [12, 12], paddingBottomRight: [12, 70], animate: false });
  map.setMaxBounds(areas.getBounds().pad(0.5));
  const names = () => map.getContainer().classList.toggle("crowded", roomFor(map, areas) < 80);
  map.on("zoomend resize", names);
  names();
}

function marker(feature, place) {
  const tone = toneOf(feature);
  const icon = L.divIcon({ className: `point ${tone}`, html: shape(tone), iconSize: [18, 18] });
  return L.marker(place, { icon, alt: feature.properties.name, title: feature.properties.name, keyboard: true }).bindPopup(() => popup(feature.properties));
}

/** A ring whose arcs say how many of a cluster's places are of which tone, the most serious first. */
function ring(tones) {
  let from = 0;
  const arcs = ["red", "amber", "blue", "green", "grey"].map((tone) => [tone, (100 * tones.filter((item) => item === tone).length) / tones.length]).filter(([, share]) => share);
  const arc = ([tone, share]) => `<circle class="${tone}" cx="20" cy="20" r="18" pathLength="100" stroke-dasharray="${share} 100" stroke-dashoffset="${-(from += share) + share}"/>`;
  return `<svg viewBox="0 0 40 40" aria-hidden="true">${arcs.map(arc).join("")}</svg>`;
}

const clusterIcon = (cluster) => {
  const tones = cluster.getAllChildMarkers().map((item) => item.tone);
  const size = tones.length < 10 ? 34 : tones.length < 100 ? 40 : 48;
  return L.divIcon({ className: "cluster", html: `${ring(tones)}<span>${tones.length}</span>`, iconSize: [size, size] });
};

/** A legend whose entries switch their points on and off; a tone is called by the states that its points are in. */
function addLegend(map, group, byTone, names, unplaced) {
  const legend = L.control({ position: "bottomleft" });
  legend.onAdd = () => {
    const box = L.DomUtil.create("div", "map-legend");
    L.DomEvent.disableClickPropagation(box);
    for (const tone of TONES.filter((item) => byTone[item].length)) {
      const button = box.appendChild(document.createElement("button"));
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      button.innerHTML = `<span class="point ${tone}">${shape(tone)}</span>`;
      button.append(`${[...names[tone]].join(word("and"))} ${new Set(byTone[tone].map((item) => item.place)).size}`);
      button.addEventListener("click", () => {
        const shown = button.getAttribute("aria-pressed") === "true";
        button.setAttribute("aria-pressed", String(!shown));
        group[shown ? "removeLayers" : "addLayers"](byTone[tone]);
      });
    }
    if (unplaced) box.appendChild(document.createElement("span")).textContent = `${word("unplaced")} ${unplaced}`;
    return box;
  };
  legend.addTo(map);
}

/** Polygons under the points, with the same words. */
function addOutlines(map, outlines) {
  if (!outlines?.length) return;
  L.geoJSON(outlines, {
    style: (feature) => ({ className: `outline ${toneOf(feature)}`, weight: 2.5 }),
    onEachFeature: (feature, layer) => layer.bindPopup(() => popup(feature.properties)),
  }).addTo(map);
}

/** Close to what is shown: to the boundaries, else to the points. */
function goNear(map, features, outlines) {
  const box = L.geoJSON(outlines?.length ? outlines : features).getBounds();
  if (box.isValid()) map.fitBounds(box, { padding: [30, 30], maxZoom: 17, animate: false });
}

async function addPoints(map, address, near) {
  const { features, outlines, unplaced } = await fetchJson(address);
  addOutlines(map, outlines);
  const byTone = Object.fromEntries(TONES.map((tone) => [tone, []]));
  const names = {};
  for (const feature of features.filter((item) => item.geometry)) {
    const [lng, lat] = feature.geometry.coordinates;
    const tone = toneOf(feature);
    byTone[tone].push(Object.assign(marker(feature, [lat, lng]), { tone, place: feature.properties.url })); // one place may have two pitches
    (names[tone] ??= new Set()).add(feature.properties.state);
  }
  const group = L.markerClusterGroup({ iconCreateFunction: clusterIcon, showCoverageOnHover: false, maxClusterRadius: 46, chunkedLoading: true, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  group.addLayers(Object.values(byTone).flat()).addTo(map);
  addLegend(map, group, byTone, names, unplaced);
  if (near) goNear(map, features, outlines);
}

/** Click to choose a point, or take the device's; both write six decimals into the two fields. */
function addPick(map, ids) {
  const [lat, lng] = ids.split(",").map((id) => document.getElementById(id.trim()));
  if (!lat || !lng) return;
  const icon = L.divIcon({ className: "point red", html: shape("red"), iconSize: [26, 26] });
  let chosen;
  const show = (place) => { chosen ? chosen.setLatLng(place) : (chosen = L.marker(place, { icon, draggable: true }).addTo(map).on("dragend", () => write(chosen.getLatLng()))); };
  const write = (place) => {
    [lat.value, lng.value] = [place.lat.toFixed(6), place.lng.toFixed(6)];
    [lat, lng].forEach((field) => field.dispatchEvent(new Event("input", { bubbles: true })));
  };
  const choose = (place) => { show(place); write(place); };
  const read = () => { if (lat.value && lng.value && isFinite(lat.value) && isFinite(lng.value)) show([Number(lat.value), Number(lng.value)]); };
  map.on("click", (event) => choose(event.latlng));
  [lat, lng].forEach((field) => field.addEventListener("change", read));
  read();
  addLocate(map, choose);
}

const barButton = (box, title, path, act) => {
  const button = box.appendChild(document.createElement("button"));
  Object.assign(button, { type: "button", title, innerHTML: `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>` });
  button.setAttribute("aria-label", title);
  button.addEventListener("click", act);
};

/** Of a few corners; over some hundred metres the ground is flat. */
function squareMetres(ring) {
  const [high, wide] = [111195, 111195 * Math.cos((ring[0].lat * Math.PI) / 180)];
  return Math.round(Math.abs(ring.reduce((sum, one, i) => {
    const next = ring[(i + 1) % ring.length];
    return sum + (one.lng - ring[0].lng) * wide * (next.lat - ring[0].lat) * high - (next.lng - ring[0].lng) * wide * (one.lat - ring[0].lat) * high;
  }, 0)) / 2);
}

/** Click corner by corner, drag a corner to change it; the field always holds the polygon as GeoJSON. */
function addOutline(map, id, at) {
  const field = document.getElementById(id);
  if (!field) return;
  const shape_ = L.polygon([], { className: "outline blue", weight: 2.5 }).addTo(map);
  const icon = L.divIcon({ className: "corner", iconSize: [18, 18] });
  let corners = [];
  const ring = () => corners.map((each) => each.getLatLng());
  const size = document.querySelector("[data-outline-size]");
  const show = () => { shape_.setLatLngs(ring()); if (size) size.textContent = corners.length > 2 ? word("outlineSize", { n: corners.length, area: squareMetres(ring()) }) : ""; };
  const write = () => {
    const points = ring().map(({ lat, lng }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))]);
    field.value = points.length ? JSON.stringify({ type: "Polygon", coordinates: [[...points, points[0]]] }) : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const add = (place) => { corners.push(L.marker(place, { icon, draggable: true, keyboard: true }).addTo(map).on("drag", show).on("dragend", write)); };
  const clear = () => { corners.forEach((each) => each.remove()); corners = []; };
  const read = () => {
    let points = [];
    try { points = JSON.parse(field.value || "null")?.coordinates?.[0]?.slice(0, -1) ?? []; } catch { return; }
    clear();
    points.forEach(([lng, lat]) => add([lat, lng]));
    show();
  };
  map.on("click", (event) => { add(event.latlng); show(); write(); });
  field.addEventListener("change", read);
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-bar");
    L.DomEvent.disableClickPropagation(box);
    barButton(box, word("undoCorner"), "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3", () => { corners.pop()?.remove(); show(); write(); });
    barButton(box, word("clearCorners"), "M5 7h14M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3", () => { clear(); show(); write(); });
    return box;
  };
  control.addTo(map);
  read();
  if (corners.length) map.fitBounds(shape_.getBounds(), { padding: [40, 40], maxZoom: 18, animate: false });
  else if (at) map.setView(at.split(",").map(Number), 16, { animate: false });
  addLocate(map, (place) => map.setView(place, 17));
}

function addLocate(map, choose) {
  if (!navigator.geolocation) return;
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "leaflet-bar");
    const button = box.appendChild(document.createElement("button"));
    Object.assign(button, { type: "button", title: word("locate"), innerHTML: '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 6.5a5.5 5.5 0 1 0 .01 0M12 2.5v4M12 17.5v4M2.5 12h4M17.5 12h4"/></svg>' });
    button.setAttribute("aria-label", word("locate"));
    L.DomEvent.disableClickPropagation(box);
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => { const place = L.latLng(coords.latitude, coords.longitude); choose(place); map.setView(place, 16); },
      () => { button.title = word("locateFailed"); button.setAttribute("aria-label", word("locateFailed")); },
      { enableHighAccuracy: true, timeout: 15000 }));
    return box;
  };
  control.addTo(map);
}

function fault(element) {
  const box = document.createElement("p");
  box.className = "map-fault";
  box.textContent = word("mapFailed");
  element.append(box);
}

async function draw(element) {
  if (element.dataset.drawn) return;
  element.dataset.drawn = "1";
  const { boundaries, points, pick, outline, at, near, notice, tiles } = element.dataset;
  const map = L.map(element, { zoomControl: false, attributionControl: Boolean(notice || tiles), minZoom: 9, maxZoom: 19, zoomSnap: 0.25, center: [31.7, 119.5], zoom: 11 });
  map.attributionControl?.setPosition("topleft").setPrefix(false).addAttribution(notice || "");
  L.control.zoom({ position: "topright", zoomInTitle: "+", zoomOutTitle: "−" }).addTo(map);
  if (tiles) L.tileLayer(tiles).addTo(map);
  if (outline || near !== undefined) L.control.scale({ position: "bottomright", imperial: false }).addTo(map); // close by, the villages give no measure
  try {
    if (boundaries) await addBoundaries(map, boundaries);
    if (points) await addPoints(map, points, near !== undefined);
  } catch {
    fault(element);
  }
  if (pick) addPick(map, pick);
  if (outline) addOutline(map, outline, at);
}

const MAPS = ".map[data-boundaries], .map[data-points], .map[data-pick], .map[data-outline]";
document.querySelectorAll(MAPS).forEach(draw);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.(MAPS).forEach(draw));

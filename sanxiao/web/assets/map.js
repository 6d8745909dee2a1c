/* The map: our own boundaries, no tiles from anywhere unless the town has set an address.

   <div class="map" data-boundaries="URL of GeoJSON" data-points="URL of GeoJSON" data-pick="lat_id,lng_id" data-notice="…"
        data-tiles="URL template"? data-icons="URL of icons.svg"?>
   Points: properties {name, url, tone, state, note}. Boundaries: properties {name}. Positions are CGCS2000 / WGS-84. */

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

const clusterIcon = (cluster) => {
  const count = cluster.getChildCount();
  const size = count < 10 ? 34 : count < 100 ? 40 : 48;
  return L.divIcon({ className: "cluster", html: String(count), iconSize: [size, size] });
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

async function addPoints(map, address) {
  const { features, unplaced } = await fetchJson(address);
  const byTone = Object.fromEntries(TONES.map((tone) => [tone, []]));
  const names = {};
  for (const feature of features.filter((item) => item.geometry)) {
    const [lng, lat] = feature.geometry.coordinates;
    const tone = toneOf(feature);
    byTone[tone].push(Object.assign(marker(feature, [lat, lng]), { place: feature.properties.url })); // one place may have two pitches
    (names[tone] ??= new Set()).add(feature.properties.state);
  }
  const group = L.markerClusterGroup({ iconCreateFunction: clusterIcon, showCoverageOnHover: false, maxClusterRadius: 46, chunkedLoading: true, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  group.addLayers(Object.values(byTone).flat()).addTo(map);
  addLegend(map, group, byTone, names, unplaced);
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
  const { boundaries, points, pick, notice, tiles } = element.dataset;
  const map = L.map(element, { zoomControl: false, attributionControl: Boolean(notice || tiles), minZoom: 9, maxZoom: 19, zoomSnap: 0.25, center: [31.7, 119.5], zoom: 11 });
  map.attributionControl?.setPosition("topleft").setPrefix(false).addAttribution(notice || "");
  L.control.zoom({ position: "topright", zoomInTitle: "+", zoomOutTitle: "−" }).addTo(map);
  if (tiles) L.tileLayer(tiles).addTo(map);
  try {
    if (boundaries) await addBoundaries(map, boundaries);
    if (points) await addPoints(map, points);
  } catch {
    fault(element);
  }
  if (pick) addPick(map, pick);
}

document.querySelectorAll(".map[data-boundaries], .map[data-points], .map[data-pick]").forEach(draw);
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelectorAll?.(".map[data-boundaries], .map[data-points], .map[data-pick]").forEach(draw));

/* Leaflet behind mapped.jsx. The look is that of the office map (map.css): quiet ground, points by tone. */

import L from "leaflet";

const TONE = { local: "#8a4b00", missing: "#b42318", plain: "#14654f" };

/** The areas, below the dots; their names only where there is room for them. */
function ground(map, boundaries, called) {
  map.createPane("ground").style.zIndex = "350";
  const areas = L.geoJSON(boundaries, { pane: "ground", renderer: L.svg({ pane: "ground" }), style: { className: "area", fillOpacity: 1 }, interactive: false, onEachFeature: (feature, layer) => feature.properties.name && layer.bindTooltip(document.createTextNode(called(feature.properties)).data, { permanent: true, direction: "center", className: "area-name" }) }).addTo(map);
  if (areas.getBounds().isValid()) map.fitBounds(areas.getBounds(), { padding: [8, 8], animate: false });
  const across = () => map.latLngToContainerPoint(areas.getBounds().getNorthEast()).x - map.latLngToContainerPoint(areas.getBounds().getSouthWest()).x;
  const names = () => map.getContainer().classList.toggle("crowded", across() / Math.sqrt(areas.getLayers().length || 1) < 110);
  map.on("zoomend resize", names);
  names();
}

/** A dot per place, drawn on one canvas: five thousand of them are no matter. */
function dots(layer, places, onOpen) {
  layer.clearLayers();
  for (const place of places) {
    if (place.lat == null) continue;
    const colour = place.local ? TONE.local : place.missing?.length ? TONE.missing : TONE.plain;
    L.circleMarker([place.lat, place.lng], { radius: 8, color: "#fff", weight: 2, fillColor: colour, fillOpacity: 1 })
      .on("click", (event) => { L.DomEvent.stopPropagation(event); onOpen?.(place); }).addTo(layer);
  }
}

/** @param {HTMLElement} box @param {any} options as of FieldMap, and boundaries, what an area is called, centre, fix */
export function draw(box, { boundaries, called, centre, fix, chosen, onPick, onOpen }) {
  const map = L.map(box, { zoomControl: false, attributionControl: false, minZoom: 8, maxZoom: 19, zoomSnap: 0.5, preferCanvas: false, center: centre ?? [31.7, 119.5], zoom: 12 });
  L.control.zoom({ position: "topright", zoomInTitle: "+", zoomOutTitle: "−" }).addTo(map);
  if (boundaries) ground(map, boundaries, called);
  const layer = L.layerGroup().addTo(map);
  const canvas = L.canvas({ padding: 0.3 });
  map.options.renderer = canvas;
  if (fix) L.circleMarker([fix.lat, fix.lng], { radius: 7, color: "#fff", weight: 3, fillColor: "#1a5aa8", fillOpacity: 1 }).addTo(map);
  let mark = null;
  const place = (at) => { mark ? mark.setLatLng(at) : (mark = L.marker(at, { icon: L.divIcon({ className: "point red", html: '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1 19 10 10 19 1 10z"/></svg>', iconSize: [28, 28] }) }).addTo(map)); };
  if (chosen) { place([chosen.lat, chosen.lng]); map.setView([chosen.lat, chosen.lng], 16, { animate: false }); } else if (onPick && fix) map.setView([fix.lat, fix.lng], 16, { animate: false });
  if (onPick) map.on("click", ({ latlng }) => { place(latlng); onPick({ lat: latlng.lat, lng: latlng.lng }); });
  setTimeout(() => map.invalidateSize(), 60); // a sheet has its size only when it is open
  let first = true;
  /** The first time the map goes to what it shows. */
  const show = (places) => {
    dots(layer, places, onOpen);
    const spots = places.filter((one) => one.lat != null).map((one) => [one.lat, one.lng]);
    if (first && spots.length) map.fitBounds(L.latLngBounds(spots).pad(0.15), { animate: false, maxZoom: 16 });
    first = false;
  };
  return { show, remove: () => map.remove() };
}

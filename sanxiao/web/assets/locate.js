/* <div data-locate="lat_id,lng_id" data-said="…"><p data-locate-said>…</p></div>: where the browser gives a position it is
   written into the two fields. Asked for once, when the page opens; without it the form works all the same. */

function found(box, latitude, longitude) {
  const [lat, lng] = box.dataset.locate.split(",").map((id) => document.getElementById(id));
  if (!lat || !lng || lat.value || lng.value) return; // what was typed stands
  lat.value = latitude.toFixed(6);
  lng.value = longitude.toFixed(6);
  const line = box.querySelector("[data-locate-said]");
  if (line) line.textContent = box.dataset.said;
}

export function watchLocate() {
  const box = document.querySelector("[data-locate]");
  if (!box || !navigator.geolocation) return;
  navigator.geolocation.getCurrentPosition(({ coords }) => found(box, coords.latitude, coords.longitude), () => {}, { enableHighAccuracy: true, timeout: 15_000 });
}

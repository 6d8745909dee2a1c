/* Where the phone is: one watch for everybody, the best of it kept, and whether the device says that it is made up. */

import { reactive } from "./vue.js";

export const here = reactive({ /** @type {{lat: number, lng: number, accuracy: number, altitude: number, at: number, mock: boolean}|null} */ fix: null, fault: "", watching: false });

let watcher = 0;
let users = 0;

function note({ coords, timestamp, ...rest }) {
  // Some Android shells say when another program makes the position up; browsers alone do not.
  const mock = Boolean(coords.mocked ?? coords.isFromMockProvider ?? rest.mocked ?? false);
  here.fix = { lat: coords.latitude, lng: coords.longitude, accuracy: coords.accuracy, altitude: coords.altitude ?? 0, at: timestamp || Date.now(), mock };
  here.fault = "";
}

const missed = (error) => { here.fault = error.code === 1 ? "noPermission" : "noPosition"; };

/** A watch speaks when something changes; begun anew, it says at once what it knows. */
function begin() {
  if (!navigator.geolocation) return;
  if (watcher) navigator.geolocation.clearWatch(watcher);
  watcher = navigator.geolocation.watchPosition(note, missed, { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 });
}

/** Watch until the returned function is called. */
export function watchPosition() {
  users += 1;
  here.watching = true;
  begin();
  let over = false;
  return () => {
    if (over) return;
    over = true;
    users -= 1;
    if (users > 0) return;
    navigator.geolocation?.clearWatch(watcher);
    watcher = 0;
    here.watching = false;
  };
}

/** Whether watching asks nothing: the person has said yes before. */
export async function mayWatch() {
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state === "granted";
  } catch {
    return false;
  }
}

/** The last position if it is not old, for a photo that is taken now. */
export const latest = () => (here.fix && Date.now() - here.fix.at < 120_000 ? { lat: here.fix.lat, lng: here.fix.lng, accuracy: here.fix.accuracy, mock: here.fix.mock } : null);

/** As a form keeps it: latitude, longitude, height, accuracy. */
export const asAnswer = (fix) => `${fix.lat.toFixed(7)} ${fix.lng.toFixed(7)} ${(fix.altitude ?? 0).toFixed(1)} ${(fix.accuracy ?? 0).toFixed(1)}`;

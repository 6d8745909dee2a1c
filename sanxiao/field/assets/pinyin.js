/* Search by the first letters of pinyin, without a dictionary: the browser sorts Chinese by pinyin, and the first
   character of each letter is known, so between which two a character falls says its letter. Characters with several
   readings get the commonest. */

const FIRSTS = "阿八嚓哒妸发旮哈讥咔垃麻拏噢妑七呥扨它穵夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";
const collator = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const known = new Map();

/** @param {string} sign one character */
function letter(sign) {
  if (!known.has(sign)) known.set(sign, look(sign));
  return known.get(sign);
}

function look(sign) {
  if (!/[\u4e00-\u9fff]/.test(sign)) return sign.toLowerCase();
  let low = 0;
  let high = FIRSTS.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (collator.compare(FIRSTS[middle], sign) <= 0) low = middle;
    else high = middle - 1;
  }
  return LETTERS[low];
}

/** @param {string} text */
export const initials = (text) => [...text].map(letter).join("");

const SLICE = 200; // places worked out in one go, so that no touch waits for it
const remembered = new WeakMap();

/** What a place is found by: its words and the letters of its name and operator; worked out once. */
export function readings(place) {
  let found = remembered.get(place);
  if (!found) {
    const words = `${place.name || ""} ${place.operator || ""} ${place.address || ""} ${place.number || ""}`.toLowerCase();
    found = { words, letters: initials(`${place.name || ""} ${place.operator || ""}`) };
    remembered.set(place, found);
  }
  return found;
}

let latest = null;
/** Work the readings out beforehand, while nothing else is to be done: then the first letter typed finds them ready. */
export function readAhead(places, from = 0) {
  if (!from) latest = places;
  if (places !== latest || from >= places.length) return;
  const go = () => { for (const place of places.slice(from, from + SLICE)) readings(place); readAhead(places, from + SLICE); };
  if (typeof requestIdleCallback === "function") requestIdleCallback(go, { timeout: 500 });
  else setTimeout(go, 20);
}

const LATIN = /^[a-z0-9]+$/;

/** Does a place fit what is wanted? @param {string} wanted in lower case */
export function matcher(wanted) {
  const latin = LATIN.test(wanted);
  return (place) => {
    const reading = readings(place);
    return reading.words.includes(wanted) || (latin && reading.letters.includes(wanted));
  };
}

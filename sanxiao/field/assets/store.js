/* What the phone keeps, and how: IndexedDB, every record sealed with AES-GCM.

   The key is made of `me.secret`, 32 bytes that the server gives to this phone alone; it is imported once, cannot be
   taken out again by any script, and only the key object is kept. A record is bound to its place (store and id), so
   one cannot be put in another's. Ids are UUIDs and names of lists: they say nothing of what is kept.

   forms     code|version -> definition            lists     me, places, errands, boundaries, file:…
   answers   id -> a draft, what waits, what was sent (14 days)
   files     answer|name -> bytes of a photo       settings  the phone's key for the server, and the like
   keys      the CryptoKey, the only thing that is not sealed */

import { openDB, deleteDB } from "idb";

const NAME = "sanxiao-field";
const STORES = ["forms", "lists", "answers", "files", "settings"];
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let base = null;
let key = null;

/** False on plain HTTP from another machine: then nothing can be sealed, and nothing is kept. */
export const canSeal = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

/** Open the store; true when this phone is signed in. */
export async function openStore() {
  base = await openDB(NAME, 1, {
    upgrade(db) { for (const name of [...STORES, "keys"]) db.createObjectStore(name); },
    blocking() { base?.close(); location.reload(); }, // another tab has signed out or brings a newer page
  });
  key = (await base.get("keys", "seal")) ?? null;
  return key !== null;
}

/** Make the key of this phone from the server's secret. @param {string} secret base64 of 32 bytes */
export async function setKey(secret) {
  const bytes = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
  key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  await base.put("keys", key, "seal");
  await navigator.storage?.persist?.();
}

async function seal(place, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, bytes) };
}

async function unseal(place, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: encoder.encode(place) }, key, data);
}

/** @param {string} store @param {string} id @param {any} value anything that JSON can say */
export async function put(store, id, value) {
  const box = await seal(`${store}/${id}`, encoder.encode(JSON.stringify(value)));
  await base.put(store, box, id);
}

/** @returns {Promise<any>} undefined when there is none, or when it cannot be read any more */
export async function get(store, id) {
  const box = await base.get(store, id);
  return box && read(store, id, box);
}

async function read(store, id, box) {
  try {
    return JSON.parse(decoder.decode(await unseal(`${store}/${id}`, box)));
  } catch {
    return undefined;
  }
}

/** All records of a store. */
export async function all(store) {
  const [ids, boxes] = await Promise.all([base.getAllKeys(store), base.getAll(store)]);
  const values = await Promise.all(ids.map((id, index) => read(store, String(id), boxes[index])));
  return values.filter((value) => value !== undefined);
}

export const ids = async (store) => (await base.getAllKeys(store)).map(String);
export const remove = (store, id) => base.delete(store, id);

/** Keep the bytes of a photo. @param {string} answer @param {string} name @param {ArrayBuffer} bytes */
export async function putFile(answer, name, bytes) {
  await base.put("files", await seal(`files/${answer}|${name}`, bytes), `${answer}|${name}`);
}

/** @returns {Promise<File|null>} */
export async function getFile(answer, name) {
  const box = await base.get("files", `${answer}|${name}`);
  if (!box) return null;
  return new File([await unseal(`files/${answer}|${name}`, box)], name, { type: name.endsWith(".png") ? "image/png" : "image/jpeg" });
}

/** Remove an answer with its photos, in one transaction. */
export async function dropAnswer(answer) {
  const work = base.transaction(["answers", "files"], "readwrite");
  await work.objectStore("answers").delete(answer);
  await work.objectStore("files").delete(IDBKeyRange.bound(`${answer}|`, `${answer}|\uffff`));
  await work.done;
}

/** Leave nothing behind: sign-out, or the phone was shut out. */
export async function wipe() {
  base?.close();
  base = key = null;
  await deleteDB(NAME);
}

/** How much is kept and how much may be: bytes. */
export async function room() {
  const said = await navigator.storage?.estimate?.();
  return { used: said?.usage ?? 0, free: (said?.quota ?? 0) - (said?.usage ?? 0), safe: (await navigator.storage?.persisted?.()) ?? false };
}

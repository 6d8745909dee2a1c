/* A photo on its way: the original is hashed as it was taken, a smaller copy goes into the answer.

   Drawing it anew also leaves behind what the camera wrote into the file (place, serial number). */

/** @param {ArrayBuffer} bytes */
export async function sha256(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function canvas(width, height) {
  if (globalThis.OffscreenCanvas) return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement("canvas"), { width, height });
}

const encoded = (board, type, quality) => (board.convertToBlob ? board.convertToBlob({ type, quality }) : new Promise((done) => board.toBlob(done, type, quality)));

/** The picture with its longer side at most `most` pixels, as JPEG. @param {Blob} original @param {number} most */
async function smaller(original, most) {
  const picture = await createImageBitmap(original, { imageOrientation: "from-image" });
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const board = canvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const brush = board.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, board.width, board.height);
  brush.drawImage(picture, 0, 0, board.width, board.height);
  picture.close?.();
  return (await encoded(board, "image/jpeg", 0.82)).arrayBuffer();
}

const FRESH = 5 * 60_000; // a file older than this comes from the album

/**
 * @param {File} file @param {number} most @param {{lat: number, lng: number, accuracy: number, mock: boolean}|null} where
 * @returns {Promise<{name: string, bytes: ArrayBuffer, told: object}>} told: what the server is told of the original
 */
export async function take(file, most, where) {
  const original = await file.arrayBuffer();
  const bytes = await smaller(file, most);
  const album = Date.now() - file.lastModified > FRESH;
  const name = `photo-${crypto.randomUUID().slice(0, 8)}.jpg`;
  const told = {
    name, sha256: await sha256(original), sent_sha256: await sha256(bytes), taken_at: new Date(album ? file.lastModified : Date.now()).toISOString(),
    lat: null, lng: null, accuracy: null, mock: false, ...(album ? {} : where ?? {}), album,
  };
  return { name, bytes, told };
}

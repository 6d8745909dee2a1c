/* The public tip page works without this file. With it: a click on the map of our own boundaries says where, and photos
   are drawn anew and made small before they leave the phone, so that not even the line carries what the camera wrote. */

const map = document.querySelector("[data-spot]");
if (map) {
  map.hidden = false;
  const svg = map.querySelector("svg");
  const pin = svg.querySelector(".pin");
  const [west, south, east, north] = map.dataset.spot.split(" ").map(Number);
  const field = (name) => document.querySelector(`[name=${name}]`);
  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    field("lng").value = (west + x * (east - west)).toFixed(5);
    field("lat").value = (north - y * (north - south)).toFixed(5);
    pin.setAttribute("cx", x * svg.viewBox.baseVal.width);
    pin.setAttribute("cy", y * svg.viewBox.baseVal.height);
    pin.removeAttribute("visibility");
    const village = event.target.dataset.code;
    if (village) field("area").value = village;
    svg.querySelectorAll("path").forEach((path) => path.classList.toggle("here", path.dataset.code === field("area").value));
  });
}

const LONGEST = 1280;

async function redrawn(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  return new File([blob], "photo.jpg", { type: "image/jpeg", lastModified: 0 });
}

document.querySelector("input[name=photos]")?.addEventListener("change", async (event) => {
  const input = event.target;
  const chosen = new DataTransfer();
  for (const file of input.files) {
    // What cannot be drawn here goes as it is; the server draws it anew or says that it is no photo.
    chosen.items.add(await redrawn(file).catch(() => file));
  }
  input.files = chosen.files;
});

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

/* Photos are shown as soon as they are chosen; nothing is sent before the form is. */

function preview(input) {
  const box = input.closest(".photo-input")?.querySelector(".previews");
  if (!box) return;
  box.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  box.replaceChildren(...[...input.files].filter((file) => file.type.startsWith("image/")).map((file) => {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    return image;
  }));
}

export function watchPhotos() {
  document.addEventListener("change", (event) => { if (event.target.matches("input[type=file][data-preview]")) preview(event.target); });
}

/* A photo of a paper is made smaller before it is sent: a phone's picture is large and its line may be slow. */
(function () {
  "use strict";

  const LONGEST = 2000; /* pixels; the server keeps no more */
  const QUALITY = 0.8;

  async function smaller(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return blob && blob.size < file.size ? new File([blob], "paper.jpg", { type: "image/jpeg" }) : null;
  }

  async function shrink(input) {
    const file = input.files[0];
    if (!file || input.shrunk === file) return;
    const form = input.form;
    const buttons = form ? form.querySelectorAll("button") : [];
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const small = await smaller(file);
      if (small) {
        const files = new DataTransfer();
        files.items.add(small);
        input.shrunk = small;
        input.files = files.files;
      }
    } catch {
      /* the server looks at what comes, and says what is wrong with it */
    } finally {
      buttons.forEach((button) => { button.disabled = false; });
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches && event.target.matches("input[data-paper]")) shrink(event.target);
  });
})();

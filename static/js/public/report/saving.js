/** Ways to keep the code that need the browser's help. Nothing here is sent anywhere. */

const WIDTH = 640;
const HEIGHT = 420;

/** @param {string} text @returns {Promise<boolean>} */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** Web views without a clipboard interface still copy a selection. @param {string} text */
function copyTheOldWay(text) {
  const box = document.createElement("textarea");
  box.value = text;
  box.readOnly = true;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  return done;
}

/** Digits only, one group a line: a picture that says nothing to whoever finds it. @param {string} groups @returns {Promise<Blob>} */
export function pictureOf(groups) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = "#17232b";
  pen.textAlign = "center";
  pen.font = "600 60px ui-monospace, Menlo, Consolas, monospace";
  groups.split(" ").forEach((group, line) => pen.fillText(group.split("").join(" "), WIDTH / 2, 84 + line * 72));
  return new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("picture"))), "image/png"));
}

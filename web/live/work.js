/** The reader's work as one file: written and read on the page "What runs here". */
import { saveFile } from "./files.js";
import { exportWork, importWork } from "./storage.js";

/** More than a browser keeps, in bytes. */
const LARGEST_WORK = 64 << 20;
const TOO_LARGE = "This file is larger than any that these pages write. Nothing was changed.";

/** Let the buttons of that page do what they say. */
export function startWork() {
  const place = document.getElementById("work");
  if (!place) return;
  const said = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
  const input = /** @type {HTMLInputElement} */ (place.querySelector("input[type=file]"));
  place.querySelector("#export")?.addEventListener("click", () => {
    try {
      saveFile("inside-the-ndarray.json", exportWork(), "application/json");
      said.textContent = "Saved as inside-the-ndarray.json, where your downloads go.";
    } catch {
      said.textContent = "This browser does not let the page keep anything, so nothing is there.";
    }
  });
  place.querySelector("#import")?.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    try {
      if (file.size > LARGEST_WORK) throw new Error(TOO_LARGE);
      const { count, replaced, undo } = importWork(await file.text());
      said.textContent = `Restored ${count} entries from ${file.name}. `;
      if (replaced) said.append(bringBack(replaced, undo, said));
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
    }
    input.value = "";
  });
  place.hidden = false;
}

/**
 * @param {number} replaced how many entries were different here
 * @param {() => void} undo
 * @param {HTMLElement} said
 */
function bringBack(replaced, undo, said) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = `Bring back what was here (${replaced} differed)`;
  button.addEventListener("click", () => {
    undo();
    said.textContent = "What was here before is back.";
  });
  return button;
}

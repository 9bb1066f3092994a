/** The reader's work as one file: written and read on the page "What runs here". */
import { saveFile } from "./files.js";
import { exportWork, importWork } from "./storage.js";

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
      const count = importWork(await file.text());
      said.textContent = `Took ${count} entries from ${file.name}.`;
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : String(error);
    }
    input.value = "";
  });
  place.hidden = false;
}

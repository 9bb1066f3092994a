/** The reader's work as one file: written and read on the page "What runs here". */
import { exportWork, importWork } from "./storage.js";

/** Let the buttons of that page do what they say. */
export function startWork() {
  const place = document.getElementById("work");
  if (!place) return;
  const said = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
  const input = /** @type {HTMLInputElement} */ (place.querySelector("input[type=file]"));
  place.querySelector("#export")?.addEventListener("click", () => {
    try {
      save(exportWork());
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

/** @param {string} text */
function save(text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "inside-the-ndarray.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The page of all exercises: how far each one is in this browser, and which one is next. */
import { keptState, nextOf, summaryOf, wordsFor } from "./progress.js";
import { keepsNothing } from "./storage.js";

/** Show what this browser knows now. */
function showProgress() {
  const { exercises } = self.courseLive;
  const states = exercises.map(keptState);
  for (const [k, { place }] of exercises.entries()) {
    const item = document.querySelector(`[data-exercise="${CSS.escape(place)}"]`);
    const how = item?.querySelector(".how");
    if (how) how.textContent = wordsFor(states[k]);
    item?.setAttribute("data-state", states[k].word);
  }
  const next = nextOf(states);
  const begun = states.some(({ word }) => word !== "untouched");
  const said = /** @type {HTMLElement} */ (document.getElementById("summary"));
  said.textContent = keepsNothing() || (begun ? summaryOf(states) : "");
  const start = /** @type {HTMLElement} */ (document.getElementById("next"));
  const link = start.querySelector("a");
  start.hidden = next === undefined;
  if (next === undefined || !link) return;
  link.href = `${exercises[next].place}.html`;
  link.textContent = `${begun ? "Next" : "Start with"}: ${exercises[next].title}`;
}

showProgress();
// Another tab may have changed something, and a page may come back from the browser's memory.
addEventListener("storage", showProgress);
addEventListener("pageshow", showProgress);

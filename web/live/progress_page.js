/** The page of all exercises: how far each one is in this browser, and which one is next. */
import { HandInAll } from "./hand_in_all.js";
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

const handIn = new HandInAll(
  /** @type {HTMLElement} */ (document.querySelector("section.handin")),
  self.courseLive.exercises,
  showProgress,
);
/** Show what another tab may have changed, too. */
const showAll = () => {
  showProgress();
  handIn.remind();
};
showAll();
for (const place of document.querySelectorAll(".handin")) {
  place.removeAttribute("hidden");
  place.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-do]") : null;
    if (button instanceof HTMLElement) handIn.act(button);
  });
}
// A page may also come back from the browser's memory.
for (const event of ["storage", "pageshow"]) addEventListener(event, showAll);
self.courseLive.ready = Promise.resolve();

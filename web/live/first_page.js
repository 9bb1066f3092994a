/**
 * The first page, for a reader who has begun with the exercises: how far they are, and which one
 * to go on with. `course.js` loads it only if this browser has kept an answer.
 */
import { isDone, keptState, nextOf, summaryOf } from "./progress.js";

/** Show what this browser knows now. */
function showProgress() {
  const { exercises } = self.courseLive;
  const states = exercises.map(keptState);
  const begun = states.some(({ word }) => word !== "untouched");
  for (const place of document.querySelectorAll("[data-done]")) {
    const own = states.filter((_, k) =>
      exercises[k].place.startsWith(`${place.getAttribute("data-done")}/`),
    );
    const count = own.filter(isDone).length;
    place.textContent = count ? `, ${count === own.length ? "all" : count} done` : "";
  }
  const summary = document.getElementById("exercises-so-far");
  if (summary) summary.textContent = begun ? summaryOf(states) : "";
  const next = nextOf(states);
  const link = document.getElementById("go-on");
  if (!link || !begun || next === undefined) return;
  const { place, title } = exercises[next];
  link.setAttribute("href", `exercises/${place}.html`);
  const started = states[next].word === "started";
  link.textContent = `${started ? "Go on with" : "Next exercise:"} ${title}`;
  leadTo(link);
}

/**
 * Make it the first of the buttons, unless a lesson was begun as well.
 * @param {HTMLElement} link
 */
function leadTo(link) {
  const first = link.parentElement?.querySelector(".button");
  if (!first || first === link || first.matches(".again")) return;
  link.className = "button";
  first.classList.add("second");
  first.before(link, " ");
}

showProgress();
// Another tab may change something, and a page may come back from the browser's memory.
for (const event of ["storage", "pageshow"]) addEventListener(event, showProgress);

/**
 * What a check said of an answer that has changed since.
 * @import { Piece } from "./pieces.js"
 */
import { element } from "./output.js";

const ABOUT_EARLIER = "This was about an earlier version of your answer.";

/** @param {Piece[]} answers @param {Piece} last @returns {string} all answers that its tests see */
export function textsTo(answers, last) {
  const above = answers.slice(0, answers.indexOf(last) + 1);
  return JSON.stringify(above.map(({ text }) => text.trimEnd()));
}

/** Mark what was said about answers that have changed since. @param {Piece[]} answers */
export function markEarlier(answers) {
  for (const answer of answers) {
    const { place, about } = answer;
    if (!place || !answer.runs) continue;
    const stale = about !== undefined && about !== textsTo(answers, answer);
    const outcome = place.querySelector(":scope > .outcome");
    if (stale && outcome?.querySelector(".solved")) outcome.replaceChildren();
    const found = outcome?.querySelector(".about-earlier");
    const shown = place.querySelector(":scope > .outcome > .verdict, :scope > .out > *");
    place.classList.toggle("earlier", stale && Boolean(shown));
    if (!stale || !shown) found?.remove();
    else if (!found) answer.below("outcome")?.prepend(element("p", "about-earlier", ABOUT_EARLIER));
  }
}

// `review` live: ideas that were answered wrongly, or without being sure, asked again with new
// numbers.

import { copyAnswersButton } from "../controls/answer_buttons.js";
import { inPage, isDue, readLog } from "../controls/answer_log.js";
import { button } from "../controls/buttons.js";
import { questionOf } from "../controls/question.js";

/** @import { ReviewState, View } from "../types.js" */

/**
 * Mount the review. In a page the browser knows what comes back, elsewhere Python said so.
 * @param {View} view
 * @param {ReviewState} state
 */
export function mountReview(view, state) {
  const due = () =>
    state.ideas.filter(({ key }) => (inPage() ? isDue(readLog()[key]) : state.due.includes(key)));
  const start = () => {
    const questions = due().map((idea) => questionOf(nextVariant(idea), view));
    view.controls.replaceChildren();
    view.picture.replaceChildren(...questions);
    view.say("");
    /** @type {HTMLElement | SVGElement | null} */
    const first = view.picture.querySelector("svg[tabindex], button, input");
    first?.focus();
  };
  const invite = () => {
    const count = due().length;
    view.say(inPage() ? reviewWords(count, Object.keys(readLog()).length) : state.said);
    const label = count === 1 ? "Ask me again" : `Ask me all ${count} again`;
    const asks = count ? [button(label, start)] : [];
    const copies = inPage() && Object.keys(readLog()).length ? [copyAnswersButton()] : [];
    view.controls.replaceChildren(...asks, ...copies);
  };
  const hear = () => {
    if (!view.picture.firstChild) invite();
  };
  invite();
  document.addEventListener("ss-predict", hear);
  return () => document.removeEventListener("ss-predict", hear);
}

/**
 * The next set of numbers: each try has its own as long as there are some.
 * @param {ReviewState["ideas"][number]} idea
 */
function nextVariant({ key, variants }) {
  const tries = readLog()[key]?.tries.length ?? 1;
  return variants[(tries - 1) % variants.length];
}

/**
 * @param {number} count of ideas that come back
 * @param {number} answered
 */
function reviewWords(count, answered) {
  const ideas = count === 1 ? "One question comes" : `${count} questions come`;
  if (count) return `${ideas} back, with new numbers if possible.`;
  if (answered)
    return "Nothing comes back: so far, all your answers were right, and you were sure of them.";
  return (
    "Nothing to repeat yet. Questions that you get wrong or are unsure about come back here, " +
    "with new numbers."
  );
}

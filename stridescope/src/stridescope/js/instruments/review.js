// Ideas that were answered wrongly, or without being sure, asked again with new numbers.

import { inPage, isDue, readLedger } from "../controls/answer_log.js";
import { button } from "../drawing/dom.js";
import { askOne } from "./predict.js";

/** Mount the review. In a page the browser knows what comes back, elsewhere Python said so. */
export function mountReview(view, state) {
  const due = () =>
    inPage()
      ? state.ideas.filter(({ key }) => isDue(readLedger()[key]))
      : state.ideas.filter(({ key }) => state.due.includes(key));
  const heard = () => {
    if (!view.picture.firstChild) invite();
  };
  const start = () => {
    const ideas = due();
    view.controls.replaceChildren();
    view.picture.replaceChildren(...ideas.map((idea) => askOne(nextVariant(idea), view)));
    view.say("");
    view.picture.querySelector("svg[tabindex], button, input")?.focus();
  };
  function invite() {
    const count = due().length;
    view.say(inPage() ? sentenceFor(count, Object.keys(readLedger()).length) : state.said);
    const label = count === 1 ? "Ask me again" : `Ask me all ${count} again`;
    view.controls.replaceChildren(...(count ? [button(label, start)] : []));
  }
  invite();
  document.addEventListener("ss-predict", heard);
  return () => document.removeEventListener("ss-predict", heard);
}

/** The next set of numbers: each try has its own as long as there are some. */
function nextVariant({ key, variants }) {
  const tries = readLedger()[key]?.tries.length ?? 1;
  return variants[(tries - 1) % variants.length];
}

function sentenceFor(count, answered) {
  if (count)
    return `${count === 1 ? "One idea comes" : `${count} ideas come`} back, with new numbers where there are some.`;
  if (answered) return "Nothing comes back: all answers so far were right and sure.";
  return "Nothing to ask again yet. What you answer wrongly, or without being sure, comes back here with new numbers.";
}

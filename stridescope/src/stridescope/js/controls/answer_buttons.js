// What a reader can do after an answer.

import { h } from "../drawing/dom.js";
import { logCode } from "./answer_log.js";
import { button } from "./buttons.js";

/**
 * What can be done after an answer.
 * @param {() => void} again
 */
export const afterButtons = (again) => h("div", { class: "ss-act" }, button("Answer again", again));

/**
 * A button that takes all answers of this browser to a notebook, and what it says.
 * @returns {HTMLElement}
 */
export function copyAnswersButton() {
  const status = h("p", { role: "status", class: "ss-predict-note" });
  const place = h(
    "div",
    { class: "ss-act" },
    button("Copy my answers for JupyterLab", () => copyAnswers(place, status)),
    status,
  );
  return place;
}

/**
 * Show the code of all answers, selected, and put it on the clipboard where that is allowed.
 * @param {HTMLElement} place
 * @param {HTMLElement} status
 */
async function copyAnswers(place, status) {
  const name = { "aria-label": "Code of my answers" };
  const field =
    place.querySelector("textarea") ?? h("textarea", { readonly: true, rows: 2, ...name });
  field.value = `ss.review("${logCode()}")`;
  place.append(field);
  field.select();
  const isCopied = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false,
  );
  const how = isCopied ? "Copied." : "Selected: copy it with Ctrl+C.";
  status.textContent =
    `${how} Paste it into a cell of the same lesson in JupyterLab and run it. It adds your ` +
    "answers from this browser to those there.";
}

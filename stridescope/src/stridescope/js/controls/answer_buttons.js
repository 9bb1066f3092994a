// What a reader can do after an answer.

import { h } from "../drawing/dom.js";
import { inPage, logCode } from "./answer_log.js";
import { button } from "./buttons.js";

/**
 * What can be done after an answer.
 * @param {() => void} again
 */
export function afterButtons(again) {
  const status = h("span", { role: "status", class: "ss-predict-note" });
  const place = h("div", { class: "ss-act" }, button("Answer again", again));
  if (inPage()) place.append(button("Copy my answers", () => copyAnswers(place, status)));
  place.append(status);
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
  field.value = logCode();
  place.append(field);
  field.select();
  const isCopied = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false,
  );
  const how = isCopied ? "Copied" : "Selected: copy it with Ctrl+C";
  status.textContent = `${how}. In a notebook, ss.review("…") reads it.`;
}

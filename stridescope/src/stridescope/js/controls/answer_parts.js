// What the forms of an answer have in common: how sure the reader is, and what is said about it.

import { h, prose } from "../drawing/dom.js";
import { readAnswer } from "../model/typed_answer.js";
import { button } from "./buttons.js";

/** @import { PredictState, Reply } from "../types.js" */

/** @param {boolean} sure */
export const sureWord = (sure) => (sure ? "sure" : "think so");

/**
 * Whether two texts are the same answer, by meaning.
 * @param {string} one
 * @param {string} other
 */
export const sameAnswer = (one, other) => readAnswer(bare(one)) === readAnswer(bare(other));

/** @param {string} text */
export const bare = (text) => text.replace(/`/g, "");

/**
 * The two buttons that commit.
 * @param {string} name tells a screen reader which answer they belong to
 * @param {(sure: boolean) => void} commit
 */
export function sureButtons(name, commit) {
  const buttons = [false, true].map((sure) => {
    const word = sureWord(sure);
    const one = button(word[0].toUpperCase() + word.slice(1), () => commit(sure));
    one.setAttribute("aria-label", `${name}: ${word}`);
    return one;
  });
  return h("span", { class: "ss-predict-sure" }, buttons);
}

/** @param {HTMLElement} buttons */
export const focusFirst = (buttons) => buttons.querySelector("button")?.focus();

/**
 * @param {PredictState} state
 * @param {Reply} reply
 */
export function verdictLine(state, { said, sure, right }) {
  if (said === null) return null;
  if (right) return h("p", {}, h("b", {}, sure ? "✓ Yes, and you were sure." : "✓ Yes."));
  return h("p", {}, h("b", {}, "Not yet. "), prose(reasonOf(state, said)));
}

/**
 * The misconception that leads to an answer, if the question knows it.
 * @param {PredictState} state
 * @param {string} said
 */
function reasonOf({ choices, right }, said) {
  const known = choices.find(([text]) => (right === null ? sameAnswer(text, said) : text === said));
  return known ? known[1] : "";
}

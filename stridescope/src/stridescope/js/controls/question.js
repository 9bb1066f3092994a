// A question: one tap answers and says how sure; then the reason, and NumPy's answer.

import { h, prose } from "../drawing/dom.js";
import { isNumeric, readAnswer } from "../model/typed_answer.js";
import { afterButtons } from "./answer_buttons.js";
import { keepReply } from "./answer_log.js";
import {
  bare,
  focusFirst,
  sameAnswer,
  sureButtons,
  sureWord,
  verdictLine,
} from "./answer_parts.js";
import { choiceRows, markedChoices } from "./choices.js";
import { comparedPictures, touchTarget } from "./touch_target.js";

/** @import { Commit, PredictState, Reply, TouchState, Try, View } from "../types.js" */

/** Longest part of an answer that is repeated. */
const REPEATED_ROOM = 30;

/**
 * A question as an element. Each answer is kept, and the page hears of it by the event
 * `ss-predict`.
 * @param {PredictState} state
 * @param {View} view
 * @param {Try} [before] an earlier answer of this reader, which is shown again
 * @returns {HTMLElement}
 */
export function questionOf(state, view, before) {
  const root = h("div", { class: "ss-predict-one" });
  /** @param {...(Node | string)} parts */
  const fill = (...parts) => {
    root.replaceChildren(h("p", { class: "ss-ask" }, prose(state.ask)), ...parts);
  };
  const ask = () => fill(...answerField(state, view, commit));
  const again = () => {
    ask();
    /** @type {HTMLElement | SVGElement | null} */
    const first = root.querySelector("svg[tabindex], button, input");
    first?.focus();
  };
  /** @type {Commit} */
  function commit(said, sure) {
    const { key, ask: question, seed } = state;
    const reply = { key, ask: question, seed, said, sure, right: isRight(state, said) };
    keepReply(view.model, reply);
    settle(reply).focus();
  }
  /** @param {Reply} reply */
  function settle(reply) {
    fill(...answersAfter(state, view, reply), afterButtons(again));
    root.dispatchEvent(new CustomEvent("ss-predict", { bubbles: true, detail: reply }));
    return /** @type {HTMLElement} */ (root.querySelector(".ss-predict-verdict"));
  }
  ask();
  // Once the question is in the page, so that the page hears of it.
  if (before) queueMicrotask(() => settle({ key: state.key, ask: state.ask, ...before }));
  return root;
}

/**
 * What the reader answers with, or asks to be shown.
 * @param {PredictState} state
 * @param {View} view
 * @param {Commit} commit
 */
function answerField(state, view, commit) {
  if (state.touch) return [...touchedAnswer(state.touch, view, commit), showButton(commit)];
  if (state.right === null) return typedAnswer(state, commit);
  return [choiceRows(state, commit), showButton(commit)];
}

/**
 * What is shown after an answer: pictures or choices, and the verdict.
 * @param {PredictState} state
 * @param {View} view
 * @param {Reply} reply
 */
function answersAfter(state, view, reply) {
  if (state.right !== null) return [markedChoices(state, reply, state.right)];
  const pictures = state.touch ? comparedPictures(state.touch, view, reply) : [];
  return [...pictures, verdictBox(state, reply)];
}

/**
 * @param {PredictState} state
 * @param {string | null} said
 */
function isRight({ right, answer, choices }, said) {
  if (said === null) return false;
  return right === null ? sameAnswer(said, answer) : said === choices[right][0];
}

/**
 * A field for the answer with its unit, and what is said about one that cannot be read. The two
 * buttons that commit can be pressed once something is typed.
 * @param {PredictState} state
 * @param {Commit} commit
 */
function typedAnswer(state, commit) {
  const { unit } = state;
  const refused = h("p", { class: "ss-refused", role: "status" });
  const field = h("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    placeholder: `such as ${exampleOf(state)}`,
    "aria-label": unit ? `Your answer, in ${unit}` : "Your answer",
  });
  const buttons = sureButtons("Your answer", (sure) => {
    const problem = answerProblem(state, field.value);
    refused.textContent = problem;
    if (problem) field.focus();
    else commit(field.value.trim(), sure);
  });
  const enable = () => {
    for (const one of buttons.querySelectorAll("button")) one.disabled = !field.value.trim();
  };
  buttons.prepend(h("span", {}, "How sure?"));
  enable();
  field.addEventListener("input", () => {
    enable();
    refused.textContent = "";
  });
  // Enter leads on: how sure is part of the answer.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if (!field.value.trim()) refused.textContent = answerProblem(state, "");
    else focusFirst(buttons);
  });
  const box = h("span", { class: "ss-predict-typed" }, field, unit && h("span", {}, unit));
  return [
    h(
      "div",
      { class: "ss-predict-last" },
      h("label", { class: "ss-predict-label" }, "Your answer", box),
      buttons,
      showButton(commit),
    ),
    refused,
  ];
}

/**
 * An answer of the form that is asked for, which is not the right one.
 * @param {PredictState} state
 */
function exampleOf({ answer }) {
  const text = bare(answer);
  if (!isNumeric(readAnswer(text))) return "a word";
  return /^[([]/.test(text) ? "(5, 7)" : "57";
}

/**
 * The picture to touch; what is touched is said, and the two buttons commit it.
 * @param {TouchState} touch
 * @param {View} view
 * @param {Commit} commit
 */
function touchedAnswer(touch, view, commit) {
  const status = h("p", { class: "ss-predict-touch", role: "status" });
  const buttons = sureButtons("Your answer", (sure) => {
    if (target.place === null) target.ask();
    else commit(target.place, sure);
  });
  /** @param {string} text */
  const say = (text) => {
    status.textContent = text;
  };
  const target = touchTarget(touch, view, say, () => focusFirst(buttons));
  const row = h("div", { class: "ss-predict-typed ss-predict-place" }, status, buttons);
  return [target.root, row];
}

/**
 * A sentence about a typed answer that says nothing yet, or "".
 * @param {PredictState} state
 * @param {string} text
 */
function answerProblem(state, text) {
  const wantsNumbers = isNumeric(readAnswer(bare(state.answer)));
  const form = readAnswer(text);
  if (!text.trim()) return `Type an answer first${wantsNumbers ? ", such as 12 or (3, 4)" : ""}.`;
  if (form === null) return "The brackets do not match.";
  if (!wantsNumbers || isNumeric(form)) return "";
  return `“${text.trim().slice(0, REPEATED_ROOM)}” is not made of numbers.`;
}

/** @param {Commit} commit */
function showButton(commit) {
  const onClick = () => commit(null, false);
  return h("p", {}, h("button", { type: "button", class: "ss-predict-shown", onClick }, "Show me"));
}

/**
 * What is said after an answer; it takes the focus, because the button that was pressed is gone.
 * @param {PredictState} state
 * @param {Reply} reply
 */
function verdictBox(state, reply) {
  const { answer, why } = state;
  const typed = state.right === null && !state.touch && reply.said !== null;
  const mine = `${reply.said} (${sureWord(reply.sure)})`;
  return h(
    "div",
    { class: "ss-predict-verdict", tabindex: "-1", role: "group", "aria-label": "Answer" },
    typed && h("p", {}, h("b", {}, "You: "), mine),
    verdictLine(state, reply),
    h("p", {}, h("b", {}, "NumPy: "), prose(answer + (why ? `. ${why}` : ""))),
  );
}

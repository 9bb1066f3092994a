// A question: one tap answers and says how sure; then the reason, and NumPy's answer.

import { h, prose } from "../drawing/dom.js";
import { isNumeric, readAnswer } from "../model/typed_answer.js";
import { afterButtons } from "./answer_buttons.js";
import { keepReply } from "./answer_log.js";
import { button } from "./buttons.js";
import { comparedPictures, touchTarget } from "./touch_target.js";

/** @import { PredictState, Reply, TouchState, Try, View } from "../types.js" */

/**
 * Takes an answer; null if the reader asks to be shown.
 * @typedef {(said: string | null, sure: boolean) => void} Commit
 */

/** Longest part of an answer that is repeated. */
const REPEATED_ROOM = 30;

/**
 * Where an arrow key leads in the list of buttons, two to a choice.
 * @type {Record<string, number>}
 */
const CHOICE_KEYS = { ArrowUp: -2, ArrowDown: 2, ArrowLeft: -1, ArrowRight: 1 };

/** @param {boolean} sure */
const sureWord = (sure) => (sure ? "sure" : "think so");

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
  const ask = () => fill(...answerField(state, view, commit), showButton(commit));
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
    const verdict = verdictBox(state, reply);
    fill(...answersAfter(state, view, reply), verdict, afterButtons(again));
    root.dispatchEvent(new CustomEvent("ss-predict", { bubbles: true, detail: reply }));
    return verdict;
  }
  ask();
  // Once the question is in the page, so that the page hears of it.
  if (before) queueMicrotask(() => settle({ key: state.key, ask: state.ask, ...before }));
  return root;
}

/**
 * What the reader answers with.
 * @param {PredictState} state
 * @param {View} view
 * @param {Commit} commit
 */
function answerField(state, view, commit) {
  if (state.touch) return touchedAnswer(state.touch, view, commit);
  return state.right === null ? typedAnswer(state, commit) : [choiceRows(state, commit)];
}

/**
 * The pictures or the choices after an answer.
 * @param {PredictState} state
 * @param {View} view
 * @param {Reply} reply
 */
function answersAfter(state, view, reply) {
  if (state.touch) return comparedPictures(state.touch, view, reply);
  return state.right === null ? [] : [markedChoices(state, reply)];
}

/**
 * Whether two texts are the same answer, by meaning.
 * @param {string} one
 * @param {string} other
 */
const sameAnswer = (one, other) => readAnswer(bare(one)) === readAnswer(bare(other));

/** @param {string} text */
const bare = (text) => text.replace(/`/g, "");

/**
 * @param {PredictState} state
 * @param {string | null} said
 */
function isRight({ right, answer, choices }, said) {
  if (said === null) return false;
  return right === null ? sameAnswer(said, answer) : said === choices[right][0];
}

/**
 * The two buttons that commit.
 * @param {string} name tells a screen reader which answer they belong to
 * @param {(sure: boolean) => void} commit
 */
function sureButtons(name, commit) {
  const buttons = [false, true].map((sure) => {
    const one = button(sureWord(sure), () => commit(sure));
    one.setAttribute("aria-label", `${name}: ${sureWord(sure)}`);
    return one;
  });
  return h("span", { class: "ss-predict-sure" }, buttons);
}

/** @param {string} text */
const choiceText = (text) => h("span", { class: "ss-predict-choice" }, prose(text));

/**
 * @param {PredictState} state
 * @param {Commit} commit
 */
function choiceRows(state, commit) {
  const rows = state.choices.map(([text]) => {
    const buttons = sureButtons(bare(text), (sure) => commit(text, sure));
    return h("li", {}, choiceText(text), buttons);
  });
  const list = h("ul", { class: "ss-predict-list" }, rows);
  list.addEventListener("keydown", (event) => moveAmong(event, list));
  return list;
}

/**
 * Arrow keys lead from button to button; Tab does too.
 * @param {KeyboardEvent} event
 * @param {HTMLElement} list
 */
function moveAmong(event, list) {
  const buttons = [...list.querySelectorAll("button")];
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const next = at < 0 ? undefined : buttons[at + CHOICE_KEYS[event.key]];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** @param {HTMLElement} buttons */
const focusFirst = (buttons) => buttons.querySelector("button")?.focus();

/**
 * A field for the answer, and what is said about one that cannot be read.
 * @param {PredictState} state
 * @param {Commit} commit
 */
function typedAnswer(state, commit) {
  const refused = h("p", { class: "ss-refused", role: "status" });
  const field = h("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    "aria-label": "Your answer",
  });
  const buttons = sureButtons("Your answer", (sure) => {
    const problem = answerProblem(state, field.value);
    refused.textContent = problem;
    if (problem) field.focus();
    else commit(field.value.trim(), sure);
  });
  // Enter leads on: how sure is part of the answer.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") focusFirst(buttons);
  });
  return [h("div", { class: "ss-predict-typed" }, field, buttons), refused];
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
 * The choices afterwards, with what the reader and what NumPy said.
 * @param {PredictState} state
 * @param {Reply} reply
 */
function markedChoices(state, reply) {
  const rows = state.choices.map(([text], k) => {
    const notes = [];
    if (text === reply.said) notes.push(`you, ${sureWord(reply.sure)}`);
    if (k === state.right) notes.push("✓ NumPy");
    const note = h("span", { class: "ss-predict-said" }, notes.join(" · "));
    return h("li", { class: k === state.right && "ss-predict-right" }, choiceText(text), note);
  });
  return h("ul", { class: "ss-predict-list ss-predict-done" }, rows);
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

/**
 * @param {PredictState} state
 * @param {Reply} reply
 */
function verdictLine(state, { said, sure, right }) {
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

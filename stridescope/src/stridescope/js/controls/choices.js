// The choices of a question: one row each, and the verdict in the row that was chosen.

import { h, prose } from "../drawing/dom.js";
import { bare, focusFirst, sureButtons, sureWord, verdictLine } from "./answer_parts.js";

/** @import { Commit, PredictState, Reply } from "../types.js" */

/**
 * Where an arrow key leads: rows down, buttons to the right.
 * @type {Record<string, [rows: number, columns: number]>}
 */
const CHOICE_KEYS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** @param {string} text */
const choiceText = (text) => h("span", { class: "ss-predict-choice" }, prose(text));

/**
 * One row for each choice. A press on a row chooses it, and asks beside it how sure the reader is.
 * @param {PredictState} state
 * @param {Commit} commit
 */
export function choiceRows(state, commit) {
  const rows = state.choices.map(([text]) => {
    const sure = sureButtons(bare(text), (isSure) => commit(text, isSure));
    sure.prepend(h("span", {}, "How sure?"));
    const onClick = () => {
      for (const one of rows) choose(one, one === row);
      focusFirst(sure);
    };
    const attributes = { type: "button", class: "ss-predict-choice", onClick };
    const row = h("li", {}, h("button", attributes, prose(text)), sure);
    choose(row, false);
    return row;
  });
  const list = h("ul", { class: "ss-predict-list" }, rows);
  list.addEventListener("keydown", (event) => moveAmong(event, rows));
  return list;
}

/**
 * Mark a row as chosen, or not.
 * @param {HTMLElement} row
 * @param {boolean} isChosen
 */
function choose(row, isChosen) {
  const [choice, sure] = [...row.children];
  row.classList.toggle("ss-predict-chosen", isChosen);
  choice.setAttribute("aria-expanded", String(isChosen));
  if (sure instanceof HTMLElement) sure.hidden = !isChosen;
}

/**
 * Arrow keys lead from row to row, and in a row to the buttons; Tab does too.
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} rows
 */
function moveAmong(event, rows) {
  const [down, right] = CHOICE_KEYS[event.key] ?? [0, 0];
  const at = rows.findIndex((row) => event.target instanceof Node && row.contains(event.target));
  /** @param {HTMLElement} row */
  const buttons = (row) =>
    [...row.querySelectorAll("button")].filter((one) => !one.closest("[hidden]"));
  const next = down
    ? rows[at + down]?.querySelector("button")
    : buttons(rows[at]).find((_, k, all) => right && all[k - right] === event.target);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/**
 * The choices afterwards: the verdict is in the row that was chosen, the reason in the right one.
 * @param {PredictState} state
 * @param {Reply} reply
 * @param {number} right
 */
export function markedChoices(state, reply, right) {
  const chosen =
    reply.said === null ? right : state.choices.findIndex(([text]) => text === reply.said);
  const rows = state.choices.map(([text], k) => {
    const isMine = k === chosen && reply.said !== null;
    const notes = [];
    if (isMine) notes.push(`${k === right ? "✓" : "✗"} you, ${sureWord(reply.sure)}`);
    if (k === right && !isMine) notes.push("✓ NumPy says");
    const note = h("span", { class: "ss-predict-said" }, notes.join(" · "));
    const said = [];
    if (isMine) said.push(verdictLine(state, reply));
    if (k === right && state.why) said.push(h("p", {}, prose(state.why)));
    const verdict = said.length || k === chosen ? rowVerdict(k === chosen, said) : null;
    const mark = k === right ? "ss-predict-right" : k === chosen && "ss-predict-wrong";
    return h("li", { class: mark }, choiceText(text), note, verdict);
  });
  return h("ul", { class: "ss-predict-list ss-predict-done" }, rows);
}

/**
 * What is said in a row; in the chosen one it takes the focus.
 * @param {boolean} isChosen
 * @param {(HTMLElement | null)[]} said
 */
function rowVerdict(isChosen, said) {
  if (!isChosen) return h("div", { class: "ss-predict-because" }, said);
  const attributes = { tabindex: "-1", role: "group", "aria-label": "Answer" };
  return h("div", { class: "ss-predict-verdict", ...attributes }, said);
}

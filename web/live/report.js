/**
 * What the page says after a check.
 * @import { Outcome } from "./outcome.js"
 * @import { ExerciseEntry } from "./types.d.ts"
 */
import { element } from "./output.js";

/**
 * A test that ran, and what it said.
 * @typedef {object} TestReport
 * @property {string} name
 * @property {Outcome} outcome
 * @property {string} printed what a failing test, and the answer in it, printed
 */

/** @type {Record<Outcome["kind"], string>} */
const LABELS = { passed: "Passed.", failed: "Not right yet.", unwritten: "" };

/** @param {string} text @returns {(string | Node)[]} the text, with what is in backticks as code */
export function withCode(text) {
  const parts = text.split(/`([^`\n]+)`/);
  return parts.map((part, k) => (k % 2 ? element("code", "", part) : part));
}

/**
 * @param {TestReport} test
 * @param {boolean} alone whether it is the only test here, so that its name says nothing
 * @returns {HTMLElement}
 */
export function testLine({ name, outcome, printed }, alone) {
  const line = element("div", `verdict ${outcome.kind}`);
  const said = element("p");
  // What is not written yet says so itself.
  said.append(element("b", "", LABELS[outcome.kind]), alone ? " " : ` ${name}: `);
  said.append(...withCode(outcome.text));
  line.append(said);
  if (outcome.kind !== "passed" && printed.trim()) {
    const box = element("pre", "", printed.trimEnd());
    box.tabIndex = 0;
    line.append(element("p", "label", "Printed before that"), box);
  }
  return line;
}

/**
 * @param {string} text
 * @param {ExerciseEntry | undefined} next the exercise to do next
 * @returns {HTMLElement}
 */
export function solvedLine(text, next) {
  const line = element("div", "solved");
  line.append(element("p", "", next ? text : `${text} That was the last one: all are done.`));
  if (next) line.append(goOn(`../${next.place}.html`, `Next: ${next.title}`));
  const handIn = element("button", "quiet", "Hand in");
  handIn.setAttribute("type", "button");
  handIn.dataset.do = "hand-in";
  line.append(" ", handIn);
  return line;
}

/** @param {string} address @param {string} text */
export function goOn(address, text) {
  const link = element("a", "button", text);
  link.setAttribute("href", address);
  return link;
}

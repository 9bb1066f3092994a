/**
 * What a test says, in the words of `make check`.
 * @import { RunError } from "./types.d.ts"
 */

/**
 * @typedef {object} Outcome
 * @property {"passed" | "failed" | "unwritten"} kind
 * @property {string} text the sentence for the reader; may be empty for a test that passed
 */

const UNWRITTEN = /not written yet/;

/**
 * @param {RunError} error
 * @returns {string} the message of a cell that failed
 */
export function messageOf({ name, value }) {
  if (name === "AssertionError") return value || "an assert failed";
  if (name === "NotImplementedError") return "not written yet";
  return `${name}: ${value}`;
}

/**
 * @param {RunError | null} error how the test's cell ended
 * @param {string} printed what it printed
 * @param {string} trouble the message of the first cell above that failed, or empty
 * @returns {Outcome}
 */
export function outcomeOf(error, printed, trouble) {
  if (!error) return { kind: "passed", text: printed.trim() };
  if (error.name === "NameError" && trouble) {
    return { kind: "failed", text: `A cell above the test failed: ${trouble}` };
  }
  const text = messageOf(error);
  if (text === "not written yet") return { kind: "unwritten", text: "This is not written yet." };
  return { kind: UNWRITTEN.test(text) ? "unwritten" : "failed", text };
}

/**
 * How far the exercises are, as far as this browser knows; with the words of `make check`.
 * @import { ExerciseEntry } from "./types.d.ts"
 */
import { Storage } from "./storage.js";

/**
 * Which tests passed, and for which answers.
 * @typedef {object} CheckRecord
 * @property {string} answers the fingerprint of the answers
 * @property {string[]} passed the names of the tests
 */

/**
 * @typedef {object} ExerciseState
 * @property {"untouched" | "started" | "solved" | "answered"} word
 * @property {number} passed how many tests pass
 * @property {number} of how many tests there are
 * @property {boolean} checked whether the answers were checked as they are
 */

/** Where the work on an exercise is kept. @param {string} place */
export const pageOf = (place) => `exercises/${place}`;

/** @param {string} place */
const recordKey = (place) => `inside-the-ndarray/${pageOf(place)}/checked`;

/**
 * A short text that differs when the answers, or the exercise itself, differ.
 * @param {ExerciseEntry} entry
 * @param {(string | null)[]} answers what was written; null for an answer as it was handed out
 * @returns {string}
 */
export function fingerprint({ script }, answers) {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (const unit of JSON.stringify([script, ...answers])) {
    const code = unit.codePointAt(0) ?? 0;
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  return (high >>> 0).toString(36) + (low >>> 0).toString(36);
}

/**
 * @param {ExerciseEntry} entry
 * @param {(string | null)[]} answers
 * @param {CheckRecord | null} record
 * @returns {ExerciseState}
 */
export function stateOf(entry, answers, record) {
  const of = entry.tests.length;
  if (answers.every((text) => text === null)) {
    return { word: "untouched", passed: 0, of, checked: false };
  }
  if (!of) return { word: "answered", passed: 0, of, checked: true };
  const checked = record?.answers === fingerprint(entry, answers);
  const passed = entry.tests.filter((name) => checked && record?.passed.includes(name)).length;
  return { word: passed === of ? "solved" : "started", passed, of, checked };
}

/** @param {ExerciseState} state */
export const isDone = ({ word }) => word === "solved" || word === "answered";

/**
 * The number of the exercise to do next: the first started one, or else the first untouched one.
 * @param {ExerciseState[]} states
 * @returns {number | undefined}
 */
export function nextOf(states) {
  const left = [...states.keys()].filter((k) => !isDone(states[k]));
  return left.find((k) => states[k].word === "started") ?? left[0];
}

/**
 * The number of the first exercise after another one that is not done; after the last one, from
 * the top.
 * @param {ExerciseState[]} states
 * @param {number} own
 * @returns {number | undefined}
 */
export function nextAfter(states, own) {
  const left = [...states.keys()].filter((k) => k !== own && !isDone(states[k]));
  return left.find((k) => k > own) ?? left[0];
}

/** @param {ExerciseState} state @returns {string} what is unfinished, as a sentence, or empty */
export function unfinishedIn({ word, checked }) {
  if (word === "untouched") return "You have not written anything in it yet.";
  if (word !== "started") return "";
  if (!checked) return "You have not checked it since your last edit.";
  return "Its tests do not all pass yet: Check says what is missing.";
}

/** @param {ExerciseState} state @returns {string} the state in a few words */
export function wordsFor({ word, passed, of, checked }) {
  if (word === "untouched") return "not started";
  if (word === "solved") return "visible tests pass";
  if (word !== "started") return word;
  return checked ? `${passed} of ${of} tests pass` : "edited, not checked";
}

/** @param {ExerciseState[]} states @returns {string} all of them in one sentence */
export function summaryOf(states) {
  const started = states.filter(({ word }) => word === "started").length;
  return `${states.filter(isDone).length} of ${states.length} done, ${started} started.`;
}

/** @param {string} place @returns {CheckRecord | null} */
export function recordOf(place) {
  try {
    const record = JSON.parse(localStorage.getItem(recordKey(place)) ?? "null");
    const fits = typeof record?.answers === "string" && Array.isArray(record.passed);
    return fits ? record : null;
  } catch {
    return null;
  }
}

/** @param {string} place @param {CheckRecord} record */
export function keepRecord(place, record) {
  try {
    localStorage.setItem(recordKey(place), JSON.stringify(record));
  } catch {
    // The answers could not be kept either, and their editor has said so.
  }
}

/** @param {ExerciseEntry} entry @returns {(string | null)[]} what this browser has kept */
export function keptAnswers({ place, answers }) {
  const storage = new Storage(pageOf(place));
  return answers.map((name) => storage.get(name));
}

/** @param {ExerciseEntry} entry @returns {ExerciseState} as this browser knows it */
export const keptState = (entry) => stateOf(entry, keptAnswers(entry), recordOf(entry.place));

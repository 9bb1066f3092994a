/** What a reader wrote, kept in this browser alone: a text for each cell, under the page's name. */

const SHELF = "inside-the-ndarray/code/";
const VERSION = 1;
/** Everything of this course in this browser. */
const COURSE = "inside-the-ndarray/";
/** By this the first page knows that there are answers to exercises. */
const EXERCISE_BEGUN = `${COURSE}exercises/begun`;
/** Where the instruments keep answers. */
const ANSWERS = "stridescope/ledger";
const isOurs = (/** @type {string} */ key) => key.startsWith(COURSE) || key === ANSWERS;
/** What follows a cell's name where its last undone edit is kept; no cell has such a name. */
export const UNDONE = "(undone)";
export const WORK_FORMAT = "inside-the-ndarray/work";
export const REFUSED =
  "This browser does not let the page keep anything, so your edits last until you leave the page.";
const NOT_KEPT = "This browser does not let the page keep anything.";
export const FULL =
  "This browser’s storage for the page is full, so your last edit lasts until you leave the page.";

export class Storage {
  /** @param {string} page */
  constructor(page) {
    this.shelf = `${SHELF}${page}/`;
    /** By this the page knows on its next visit that there are edits to show. */
    this.mark = `${COURSE}${page}/edited`;
    this.isExercise = page.startsWith("exercises/");
  }

  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return localStorage.getItem(this.shelf + key);
    } catch {
      return null;
    }
  }

  /**
   * Keep a text, or forget it.
   * @param {string} key
   * @param {string | null} text
   * @returns {string} why it could not be kept: a sentence, or empty
   */
  set(key, text) {
    try {
      if (text === null) localStorage.removeItem(this.shelf + key);
      else {
        localStorage.setItem(this.shelf + key, text);
        localStorage.setItem(this.mark, "true");
        if (this.isExercise) localStorage.setItem(EXERCISE_BEGUN, "true");
      }
      return "";
    } catch (error) {
      return error instanceof DOMException && error.name === "QuotaExceededError" ? FULL : REFUSED;
    }
  }

  /**
   * Hear what another tab keeps.
   * @param {(key: string, text: string | null) => void} listener
   */
  watch(listener) {
    addEventListener("storage", ({ key, newValue }) => {
      if (key?.startsWith(this.shelf)) listener(key.slice(this.shelf.length), newValue);
    });
  }
}

/** @returns {string} whether this browser keeps nothing: a sentence, or empty */
export function keepsNothing() {
  try {
    localStorage.getItem(COURSE);
    return "";
  } catch {
    return REFUSED;
  }
}

/** @returns {Record<string, string>} all that this browser keeps of the course */
function keptWork() {
  const kept = Object.keys(localStorage).filter(isOurs);
  return Object.fromEntries(kept.map((key) => [key, localStorage.getItem(key) ?? ""]));
}

/** @returns {string} the text of a file with edits, answers and progress */
export const exportWork = () =>
  `${JSON.stringify({ format: WORK_FORMAT, version: VERSION, saved: keptWork() }, null, 1)}\n`;

/**
 * Take back what such a file holds; what this browser has under other names stays.
 * @param {string} text
 * @returns {{count: number, replaced: number, undo: () => void}} how many entries it held, how many
 *   of them replaced another text, and what brings back those that were here
 * @throws {Error} with one sentence, before anything has changed
 */
export function importWork(text) {
  const entries = Object.entries(savedIn(text));
  if (keepsNothing()) throw new Error(`${NOT_KEPT} Nothing was changed.`);
  const before = keptWork();
  const undo = () => {
    for (const [key] of entries) localStorage.removeItem(key);
    for (const [key, value] of Object.entries(before)) localStorage.setItem(key, value);
  };
  try {
    for (const [key, value] of entries) localStorage.setItem(key, value);
  } catch {
    undo();
    throw new Error("This browser has no room for that file. Nothing was changed.");
  }
  const replaced = entries.filter(([key, value]) => key in before && before[key] !== value);
  return { count: entries.length, replaced: replaced.length, undo };
}

/** @param {string} text @returns {Record<string, string>} */
function savedIn(text) {
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Error("This file is damaged or not one that these pages wrote. Nothing was changed.");
  }
  const saved = file?.saved;
  const fits = ([key, value] = ["", ""]) => isOurs(key) && typeof value === "string";
  if (file?.format !== WORK_FORMAT || typeof saved !== "object" || !saved) {
    throw new Error("These pages did not write this file. Nothing was changed.");
  }
  if (file.version !== VERSION) {
    throw new Error("A newer version of the course wrote this file. Nothing was changed.");
  }
  if (!Object.entries(saved).every(fits)) {
    throw new Error("This file holds entries that are not of this course. Nothing was changed.");
  }
  return saved;
}

/**
 * The answers to one exercise that this browser keeps: as the file to hand in, and replaced by
 * those of a file, with a way back.
 * @import { HandedOut } from "./notebook.js"
 */
import {
  answerCells,
  gradeId,
  notebookText,
  placeOf,
  sameAnswer,
  withAnswers,
} from "./notebook.js";
import { pageOf } from "./progress.js";
import { Storage } from "./storage.js";

/** Where the answers are kept that a file replaced; nbgrader lets no cell have such a name. */
const BEFORE = "(before)";

/** @typedef {Map<string, string | null>} AnswerTexts by grade_id; null for one as handed out */

/**
 * @typedef {object} Taken what came of a file’s answers
 * @property {AnswerTexts} changed those that are different now
 * @property {boolean} replaced whether something was written here before
 * @property {string} trouble why the browser could not keep them: a sentence, or empty
 */

/** What this browser keeps of one exercise. */
export class Answers {
  /**
   * @param {HandedOut} exercise
   * @param {(id: string) => string | null} [answerTo] the answers of a page that is open; where the
   *   browser keeps nothing, they are only there
   */
  constructor(exercise, answerTo) {
    this.exercise = exercise;
    this.storage = new Storage(pageOf(placeOf(exercise)));
    this.answerTo = answerTo ?? ((/** @type {string} */ id) => this.storage.get(id));
    /** Whether the browser’s storage is the only place for them. */
    this.onlyKept = answerTo === undefined;
    this.ids = answerCells(exercise).map(gradeId);
    /** What a file replaced on this visit, if the browser keeps nothing. @type {AnswerTexts} */
    this.before = this.keptBefore();
  }

  /** @returns {{name: string, text: string}} the notebook to hand in */
  file() {
    const notebook = withAnswers(this.exercise, this.answerTo);
    return { name: `${this.exercise.name}.ipynb`, text: notebookText(notebook) };
  }

  /**
   * Take answers from a file. One that is as it was handed out replaces nothing.
   * @param {AnswerTexts} answers
   * @returns {Taken}
   */
  take(answers) {
    /** @type {AnswerTexts} */
    const changed = new Map();
    for (const id of this.ids) {
      const text = answers.get(id) ?? null;
      if (text !== null && !sameAnswer(text, this.answerTo(id) ?? "")) changed.set(id, text);
    }
    return this.change(changed);
  }

  /** Whether there is something to bring back. */
  get hasBefore() {
    return this.before.size > 0;
  }

  /** Bring back what the last file replaced; doing it twice changes nothing. @returns {Taken} */
  bringBack() {
    return this.change(new Map(this.before));
  }

  /** @param {AnswerTexts} changed @returns {Taken} */
  change(changed) {
    const before = new Map([...changed.keys()].map((id) => [id, this.answerTo(id)]));
    const replaced = [...before.values()].some((text) => text !== null);
    if (!changed.size) return { changed, replaced, trouble: "" };
    const kept = this.storage.get(BEFORE);
    let trouble = this.storage.set(BEFORE, replaced ? JSON.stringify([...before]) : null);
    for (const [id, text] of changed) trouble = this.storage.set(id, text) || trouble;
    if (trouble && this.onlyKept) {
      for (const [id, text] of before) this.storage.set(id, text);
      this.storage.set(BEFORE, kept);
      return { changed: new Map(), replaced: false, trouble };
    }
    this.before = replaced ? before : new Map();
    return { changed, replaced, trouble };
  }

  /** @returns {AnswerTexts} */
  keptBefore() {
    try {
      /** @type {[string, unknown][]} */
      const kept = JSON.parse(this.storage.get(BEFORE) ?? "[]");
      const own = kept.filter(([id]) => this.ids.includes(id));
      return new Map(own.map(([id, text]) => [id, typeof text === "string" ? text : null]));
    } catch {
      return new Map(); // somebody wrote into the storage
    }
  }
}

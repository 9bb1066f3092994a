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
    const kept = this.keptBefore();
    /** What files replaced. @type {AnswerTexts} */
    this.before = new Map(kept.map(([id, text]) => [id, text]));
    /** What they put in its place. @type {AnswerTexts} */
    this.given = new Map(kept.map(([id, _, given]) => [id, given]));
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
    // What a file brought is still in that file: the way back leads to what was here before it.
    const untouched = [...this.before].filter(([id]) => {
      const given = this.given.get(id) ?? null;
      return given !== null && given === this.answerTo(id);
    });
    const given = new Map([...this.given].filter(([id]) => untouched.some(([own]) => own === id)));
    return this.change(changed, new Map(untouched), new Map([...given, ...changed]));
  }

  /** Whether there is something to bring back. */
  get hasBefore() {
    return this.before.size > 0;
  }

  /** Bring back what the last file replaced; doing it twice changes nothing. @returns {Taken} */
  bringBack() {
    return this.change(new Map(this.before), new Map(), new Map());
  }

  /**
   * @param {AnswerTexts} changed
   * @param {AnswerTexts} earlier what can be brought back already, and stays so
   * @param {AnswerTexts} given by files
   * @returns {Taken}
   */
  change(changed, earlier, given) {
    /** @type {AnswerTexts} */
    const now = new Map([...changed.keys()].map((id) => [id, this.answerTo(id)]));
    const before = new Map([...now, ...earlier]);
    const replaced = [...before.values()].some((text) => text !== null);
    if (!changed.size) return { changed, replaced, trouble: "" };
    const kept = this.storage.get(BEFORE);
    const record = [...before].map(([id, text]) => [id, text, given.get(id) ?? null]);
    let trouble = this.storage.set(BEFORE, replaced ? JSON.stringify(record) : null);
    for (const [id, text] of changed) trouble = this.storage.set(id, text) || trouble;
    if (trouble && this.onlyKept) {
      for (const [id, text] of now) this.storage.set(id, text);
      this.storage.set(BEFORE, kept);
      return { changed: new Map(), replaced: false, trouble };
    }
    this.before = replaced ? before : new Map();
    this.given = given;
    return { changed, replaced, trouble };
  }

  /** @returns {[id: string, text: string | null, given: string | null][]} */
  keptBefore() {
    const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : null);
    try {
      /** @type {[string, unknown, unknown][]} */
      const kept = JSON.parse(this.storage.get(BEFORE) ?? "[]");
      const own = kept.filter(([id]) => this.ids.includes(id));
      return own.map(([id, before, given]) => [id, text(before), text(given)]);
    } catch {
      return []; // somebody wrote into the storage
    }
  }
}

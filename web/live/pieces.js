/**
 * The cells of an exercise in the page: those that run, and those that are answered.
 * @import { Editor } from "./editor.js"
 * @import { Exercise } from "./exercise.js"
 * @import { ExerciseCell, Point } from "./types.d.ts"
 */
import { Draft } from "./draft.js";
import { element, Output } from "./output.js";
import { makeTextArea } from "./text_area.js";

/** What nbgrader writes where an answer belongs. */
const TO_REPLACE = /# YOUR CODE HERE\n\s*raise NotImplementedError\(\)/;

/**
 * @param {HTMLElement} code code that is not being edited
 * @param {Point} point in the window
 * @returns {number} the character of it that is there; 0 if none is
 */
function placeAt(code, { x, y }) {
  const text = code.querySelector("pre");
  const caret = document.caretPositionFromPoint?.(x, y);
  if (!text || !caret || !text.contains(caret.offsetNode)) return 0;
  const above = document.createRange();
  above.setStart(text, 0);
  above.setEnd(caret.offsetNode, caret.offset);
  return above.toString().length;
}

/** A cell of an exercise. */
export class Piece extends Draft {
  /**
   * @param {ExerciseCell} facts
   * @param {Exercise} exercise
   */
  constructor(facts, exercise) {
    const place = document.querySelector(`.cell[data-cell="${facts.number}"]`);
    const key = facts.grade_id || `cell-${facts.number}`;
    super(
      { key, source: facts.source },
      exercise.storage,
      /** @type {HTMLElement | null} */ (place),
    );
    this.facts = facts;
    this.exercise = exercise;
    /** The answers that what is shown below it is about. @type {string | undefined} */
    this.about = undefined;
  }

  get isAnswer() {
    return this.facts.kind === "answer" || this.facts.kind === "text";
  }

  get runs() {
    return this.facts.kind !== "text" && !this.facts.stays;
  }

  /** What is kept of it; null as it was handed out. */
  get answer() {
    return this.edited ? this.text : null;
  }

  /** @override */
  get label() {
    return this.exercise.answers.length === 1 ? "Your answer" : `Your answer, ${this.key}`;
  }

  /** @override */
  get ways() {
    return ["Start over", "Bring my answer back"];
  }

  /** @override An answer in words starts empty. */
  get blank() {
    return this.runs ? this.original : "";
  }

  /** @override */
  submit() {
    this.exercise.check(this);
  }

  /** @override */
  firstButton() {
    return this.button("check") ?? super.firstButton() ?? this.button("undo");
  }

  /** @override @returns {Promise<Editor>} */
  makeEditor() {
    if (this.runs) return super.makeEditor();
    return Promise.resolve(makeTextArea(this.shown, this.label, this.hooks()));
  }

  /** @override @param {boolean} focus @param {Point} [point] where the code was pressed */
  async edit(focus, point) {
    const near = this.code && point ? placeAt(this.code, point) : 0;
    await super.edit(focus);
    // What one types takes its place.
    if (focus && !this.edited) this.editor?.select(TO_REPLACE, near);
    this.button("check")?.classList.remove("quiet");
  }

  /** @override @param {string} text */
  change(text) {
    super.change(text.trim() || this.runs ? text : this.original);
    this.exercise.heed(this);
  }

  /** @override @returns {[string, string]} */
  get start() {
    return this.facts.kind === "answer" ? ["check", "Check"] : super.start;
  }

  /** A place below the code. @param {string} className @returns {HTMLElement | null} */
  below(className) {
    if (!this.place) return null;
    const found = /** @type {HTMLElement | null} */ (
      this.place.querySelector(`:scope > .${className}`)
    );
    if (found) return found;
    const made = element("div", className);
    this.place.append(made);
    return made;
  }

  /** Show what it made; nothing, if it made nothing. @param {Output} output */
  show(output) {
    const isThere = this.place?.querySelector(":scope > .out");
    if (isThere || output.place.childNodes.length) {
      this.below("out")?.replaceChildren(...output.place.childNodes);
    }
  }
}

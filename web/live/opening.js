/**
 * Answers read back from a notebook that somebody chose. The file is a stranger’s: of all that it
 * holds, only the text of the exercise’s own answer cells is taken.
 * @import { HandedOut, NotebookCell } from "./notebook.js"
 */
import { inDigits, LONGEST } from "./editor.js";
import {
  answerCells,
  gradeId,
  joinedSource,
  placeOf,
  sameAnswer,
  withUnixEnds,
} from "./notebook.js";
import { LiveError } from "./parts.js";
import { WORK_FORMAT } from "./storage.js";

/** What the grader takes, in bytes. */
export const LARGEST_NOTEBOOK = 16 << 20;
const OWN_SOURCE = /^content\/solutions\/([\w-]{1,64})\/([\w-]{1,64})\.md$/;
const UNCHANGED = "Nothing was changed.";

/**
 * @typedef {object} FileCell what is looked at of a cell in a file
 * @property {boolean} code
 * @property {string | null} text null if it is not text
 * @property {string} gradeId empty if it has none
 * @property {string} checksum of the cell as it was handed out, by nbgrader
 * @property {boolean} pictures whether it has pictures of its own
 */

/** @typedef {{cells: FileCell[], place: string}} NotebookFile `place` is empty if unknown */

/**
 * @typedef {object} Opened
 * @property {Map<string, string | null>} answers by grade_id; null for one as it was handed out
 * @property {string[]} notes a sentence each
 */

/** @param {string} name @returns {string} a file’s name, short enough for a sentence */
export const shortName = (name) => (name.length > 60 ? `${name.slice(0, 57)}…` : name);

/** @param {number} bytes */
export const megabytes = (bytes) => `${Math.max(1, Math.round(bytes / (1 << 20)))} MB`;

/** Why a file is not taken. */
export class Refusal extends LiveError {
  /** @param {string} name @param {string} what */
  constructor(name, what) {
    super(`${shortName(name)} ${what.replace(/\.$/, "")}. ${UNCHANGED}`);
    /** The same for a file among others, which are taken. */
    this.amongOthers = notTaken(name, what);
  }
}

/** @param {string} name @param {string} what */
export const refusal = (name, what) => new Refusal(name, what);

/** @param {string} name @param {string} what @returns {string} about one file of several */
export const notTaken = (name, what) => `Not taken: ${shortName(name)} ${what}.`;

/**
 * Refuse a file before it is read.
 * @param {string} name
 * @param {number} size in bytes
 * @throws {LiveError}
 */
export function checkNotebookSize(name, size) {
  if (size <= LARGEST_NOTEBOOK) return;
  const limit = megabytes(LARGEST_NOTEBOOK);
  throw refusal(
    name,
    `has ${megabytes(size)}, and a notebook may have ${limit}: clear its outputs in Jupyter, ` +
      "save it, and open it again",
  );
}

/**
 * Read a file as a notebook, in nbformat 3 or 4.
 * @param {string} name
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {NotebookFile}
 * @throws {LiveError} with one sentence about what it is instead
 */
export function readNotebook(name, bytes) {
  checkNotebookSize(name, bytes.length);
  const found = parsed(name, bytes);
  if (field(found, "format") === WORK_FORMAT) {
    throw refusal(name, "is saved work and not a notebook: open it on the page “What runs here”");
  }
  const version = field(found, "nbformat");
  const cells = field(found, "cells") ?? worksheetCells(field(found, "worksheets"));
  if (!Array.isArray(cells)) throw refusal(name, "is not a Jupyter notebook: it has no cells");
  if (version !== 3 && version !== 4) {
    throw refusal(name, "is in a notebook format other than 3 and 4: save it with Jupyter again");
  }
  const source = field(field(field(found, "metadata"), "course"), "source");
  const [, assignment, task] = (typeof source === "string" && source.match(OWN_SOURCE)) || [];
  return { cells: cells.map(fileCell), place: assignment ? `${assignment}/${task}` : "" };
}

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {unknown} */
function parsed(name, bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw refusal(name, "is damaged, or is not a notebook");
  }
}

/** @param {unknown} sheets @returns {unknown} the cells of nbformat 3 */
function worksheetCells(sheets) {
  if (!Array.isArray(sheets)) return undefined;
  return sheets.flatMap((sheet) => field(sheet, "cells") ?? []);
}

/** @param {unknown} found @param {string} key @returns {unknown} an entry of its own */
function field(found, key) {
  if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
  return /** @type {Record<string, unknown>} */ (found)[key];
}

/** @param {unknown} cell @returns {FileCell} */
function fileCell(cell) {
  const source = field(cell, "source") ?? field(cell, "input");
  const lines = Array.isArray(source) ? source : [source];
  const facts = field(field(cell, "metadata"), "nbgrader");
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");
  return {
    code: field(cell, "cell_type") === "code",
    text: lines.every((line) => typeof line === "string") ? lines.join("") : null,
    gradeId: text(field(facts, "grade_id")),
    checksum: text(field(facts, "checksum")),
    pictures: holdsAnything(field(cell, "attachments")),
  };
}

/** @param {unknown} found @returns {boolean} whether it is an object with entries */
function holdsAnything(found) {
  if (typeof found !== "object") return false;
  for (const _ in found) return true; // it may have millions
  return false;
}

/**
 * Take the answers to an exercise from a notebook.
 * @param {string} name of the file
 * @param {NotebookFile} file
 * @param {HandedOut} exercise
 * @returns {Opened}
 * @throws {LiveError} if the notebook is not this exercise’s
 */
export function takeAnswers(name, file, exercise) {
  const wanted = answerCells(exercise);
  if (file.place && file.place !== placeOf(exercise)) {
    throw refusal(name, `is the notebook of another exercise, ${file.place}: open it on that page`);
  }
  const found = byGradeId(file);
  const ids = wanted.map(gradeId);
  if (!ids.some((id) => found.has(id))) {
    throw refusal(name, `has no answer to this exercise: none of its cells is named ${ids[0]}`);
  }
  /** @type {Opened} */
  const opened = { answers: new Map(), notes: [] };
  for (const cell of wanted) {
    const [first, ...others] = found.get(gradeId(cell)) ?? [];
    const note = takeAnswer(cell, first, opened.answers);
    if (note) opened.notes.push(note);
    if (others.some(({ text }) => text !== first.text)) {
      opened.notes.push(`It has several cells named ${gradeId(cell)}; the first one was taken.`);
    }
  }
  opened.notes.push(...aboutTheRest(file, found, exercise));
  return opened;
}

/** @param {NotebookFile} file @returns {Map<string, FileCell[]>} */
function byGradeId({ cells }) {
  /** @type {Map<string, FileCell[]>} */
  const found = new Map();
  for (const cell of cells) {
    const list = found.get(cell.gradeId);
    if (list) list.push(cell);
    else if (cell.gradeId) found.set(cell.gradeId, [cell]);
  }
  return found;
}

/**
 * @param {NotebookCell} given
 * @param {FileCell | undefined} cell
 * @param {Map<string, string | null>} answers takes the answer
 * @returns {string} a note, or empty
 */
function takeAnswer(given, cell, answers) {
  const id = gradeId(given);
  if (!cell) return `It has no cell named ${id}, so that answer stays as it is here.`;
  if (cell.text === null) return `Its cell ${id} is damaged, so that answer stays as it is here.`;
  if (cell.text.length > LONGEST) {
    const [size, most] = [cell.text.length, LONGEST].map(inDigits);
    return `Its cell ${id} has ${size} characters, and a page takes ${most}; that answer stays.`;
  }
  const text = withUnixEnds(cell.text);
  answers.set(id, sameAnswer(text, joinedSource(given.source)) ? null : text);
  return cell.pictures ? `The pictures in its cell ${id} stay in the file: a page keeps text.` : "";
}

/**
 * What a reader should know of the cells that are not taken.
 * @param {NotebookFile} file
 * @param {Map<string, FileCell[]>} found
 * @param {HandedOut} exercise
 * @returns {string[]}
 */
function aboutTheRest({ cells }, found, { notebook }) {
  const changed = notebook.cells.some(({ metadata: { nbgrader } }) => {
    const theirs = found.get(nbgrader?.grade_id ?? "")?.[0].checksum;
    return nbgrader?.locked && theirs && theirs !== nbgrader.checksum;
  });
  if (changed) {
    return ["It belongs to another version of the exercise; this page keeps its own tests."];
  }
  const given = new Set(notebook.cells.map(({ source }) => joinedSource(source).trim()));
  const added = cells.filter(
    ({ code, gradeId: id, text }) => code && !id && text?.trim() && !given.has(text.trim()),
  );
  if (!added.length) return [];
  const [it, them] = added.length === 1 ? ["A cell that is", "it"] : ["Cells that are", "them"];
  return [
    `${it} not part of the exercise stayed in the file: copy what your answer needs of ${them}.`,
  ];
}

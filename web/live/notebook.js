/**
 * Notebooks as files: a reader's answers put into the one that was handed out, in the form in which
 * Jupyter writes it. Everything but the answers stays byte for byte.
 */

/**
 * @typedef {object} Grading what nbgrader knows of a cell
 * @property {string} grade_id
 * @property {boolean} [solution]
 * @property {boolean} [locked]
 * @property {string} [checksum]
 */

/**
 * @typedef {object} NotebookCell
 * @property {string} cell_type
 * @property {string | string[]} source
 * @property {{nbgrader?: Grading}} metadata
 */

/** @typedef {{cells: NotebookCell[], metadata: object, nbformat: number}} Notebook */

/**
 * @typedef {object} HandedOut an exercise as it was handed out
 * @property {string} assignment
 * @property {string} name
 * @property {Notebook} notebook
 */

/** Where Python’s `str.splitlines` ends a line; nbformat writes the source of a cell by it. */
const LINE_ENDS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029";
const LINE = new RegExp(`[^${LINE_ENDS}]*(?:\r\n|[${LINE_ENDS}]|$)`, "g");
export const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** @param {string} text @returns {string[]} its lines, each with its end */
export const linesOf = (text) => (text.match(LINE) ?? []).filter(Boolean);

/** @param {string | string[]} source @returns {string} */
export const joinedSource = (source) => (Array.isArray(source) ? source.join("") : source);

/** @param {HandedOut} exercise @returns {NotebookCell[]} the cells for answers */
export const answerCells = ({ notebook }) =>
  notebook.cells.filter(({ metadata }) => metadata.nbgrader?.solution);

/** @param {NotebookCell} cell @returns {string} */
export const gradeId = (cell) => cell.metadata.nbgrader?.grade_id ?? "";

/** @param {HandedOut} exercise @returns {string} its name among all, such as `02-strides/ravel` */
export const placeOf = ({ assignment, name }) => `${assignment}/${name}`;

/**
 * Whether two texts are the same answer: neither line ends nor what follows the last line count.
 * @param {string} one
 * @param {string} other
 */
export const sameAnswer = (one, other) =>
  withUnixEnds(one).trimEnd() === withUnixEnds(other).trimEnd();

/** @param {string} text */
export const withUnixEnds = (text) => text.replace(/\r\n?/g, "\n");

/**
 * Put answers into the notebook of an exercise.
 * @param {HandedOut} exercise
 * @param {(gradeId: string) => string | null} answerTo null for a cell that nobody has edited
 * @returns {Notebook}
 */
export function withAnswers(exercise, answerTo) {
  const answered = new Set(answerCells(exercise));
  const cells = exercise.notebook.cells.map((cell) => {
    const answer = answered.has(cell) ? answerTo(gradeId(cell)) : null;
    if (answer === null) return cell;
    const text = withUnixEnds(answer).replace(LONE_SURROGATE, "\ufffd");
    return { ...cell, source: linesOf(text) };
  });
  return { ...exercise.notebook, cells };
}

/** @param {Notebook} notebook @returns {string} its file, as Python’s nbformat writes it */
export const notebookText = (notebook) => `${JSON.stringify(notebook, null, 1)}\n`;

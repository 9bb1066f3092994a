/**
 * Where Python in a page differs from Python on a computer: what a page says about a cell.
 * @import { CellFacts, RunError } from "./types.d.ts"
 */

/** Why a cell with this tag does not run in a page. @type {Record<string, string>} */
const KEPT = {
  "needs-64-bit": "This cell needs a 64-bit Python, and the one in a page has 32 bits.",
  "needs-computer": "This cell needs more than a page has.",
};
const RECORDED = "What you see was recorded on a computer.";
const MEASURED =
  "Measured in this browser: no BLAS, one thread, and memory is not handed out lazily. " +
  "A computer gives other ratios. ";
const MEASURES = /\bss\.race\(|\btimeit\b|\bperf_counter\b/;

/**
 * @param {CellFacts} facts
 * @returns {string} why a cell keeps its recorded output, or empty if it runs
 */
export function keptBecause({ tags, note }) {
  const why = tags.map((tag) => KEPT[tag]).find(Boolean);
  return why ? `${note || why} ${RECORDED}` : "";
}

/**
 * @param {CellFacts} facts
 * @param {string} text the code that ran
 * @param {boolean} edited whether a reader has changed it
 * @returns {string} what a reader has to know about a fresh output
 */
export function noted({ note, measures }, text, edited) {
  if (edited && !mentions(note, text)) return MEASURES.test(text) ? MEASURED : "";
  if (edited) return `${MEASURES.test(text) ? MEASURED : ""}${note} `;
  return `${measures ? MEASURED : ""}${note ? `${note} ` : ""}`;
}

/**
 * @param {string} note
 * @param {string} text the code that a reader has changed
 * @returns {boolean} whether the note is about a name that the code still has
 */
function mentions(note, text) {
  const about = note.match(/(?<=`)\w+(?=`)/g) ?? [];
  return about.some((name) => names(text).has(name));
}

/**
 * What an unchanged cell needs and a page does not have: a module, or a variable of a cell that
 * kept its recorded output.
 * @param {RunError | null} error
 * @param {{facts: CellFacts}[]} kept the cells above that kept theirs
 * @returns {string} a sentence, or empty
 */
export function lacking(error, kept) {
  if (!error) return "";
  const { missing, unknown } = error;
  if (missing) return `This cell needs ${missing}, which is not in the page. ${RECORDED}`;
  const from = unknown && kept.find(({ facts }) => names(facts.source).has(unknown));
  if (!from) return "";
  return `This cell needs ${unknown}, from a cell above that does not run in a page. ${RECORDED}`;
}

/** @param {string} source @returns {Set<string>} its words */
const names = (source) => new Set(source.match(/[\p{L}_][\p{L}\p{N}_]*/gu));

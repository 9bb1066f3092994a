// Entries of an index from the text of a link: "1:;[0,2];None".

import { axesTaken } from "./index_entries.js";
import { indexed } from "./indexing.js";

/** @import { Entry, Layout, SliceEnds } from "../types.js" */

const INTEGER = /^-?\d{1,15}$/;
const SLICE = /^(-?\d{1,15}|):(-?\d{1,15}|)(?::(-?\d{1,15}|))?$/;

/**
 * The entries of a link; null if the text is broken or does not fit the array.
 * @param {string | null} text
 * @param {Layout} lay
 * @returns {Entry[] | null}
 */
export function parseEntries(text, lay) {
  if (text === null) return null;
  /** @type {Entry[]} */
  const entries = [];
  for (const part of text.split(";")) {
    const entry = parseEntry(part);
    if (!entry) return null;
    entries.push(entry);
  }
  if (entries.reduce((all, e) => all + axesTaken(e), 0) !== lay.shape.length) return null;
  try {
    indexed(lay, entries);
  } catch {
    return null;
  }
  return entries;
}

/**
 * @param {string} text
 * @returns {Entry | null}
 */
function parseEntry(text) {
  if (text === ":" || text === "None") return { kind: text };
  if (text === "...") return { kind: "…" };
  if (INTEGER.test(text)) return { kind: "int", at: Number(text) };
  const slice = SLICE.exec(text);
  if (slice) return parseSlice(slice[1], slice[2], slice[3] ?? "");
  try {
    return parsePicked(JSON.parse(text.replaceAll("True", "true").replaceAll("False", "false")));
  } catch {
    return null;
  }
}

/**
 * @param {string} start
 * @param {string} stop
 * @param {string} step
 * @returns {Entry | null}
 */
function parseSlice(start, stop, step) {
  /** @param {string} part */
  const end = (part) => (part === "" ? null : Number(part));
  /** @type {SliceEnds} */
  const at = [end(start), end(stop), end(step)];
  return at[2] === 0 ? null : { kind: "slice", at };
}

/**
 * A nested list of numbers or truth values as an entry; null if it is ragged or mixed.
 * @param {unknown} value
 * @returns {Entry | null}
 */
function parsePicked(value) {
  const shape = [];
  for (let at = value; Array.isArray(at); at = at[0]) shape.push(at.length);
  const items = Array.isArray(value) ? value.flat(Infinity) : [value];
  const kind = typeof items[0] === "boolean" ? "mask" : "list";
  const isEven = items.every((n) =>
    kind === "mask" ? typeof n === "boolean" : Number.isSafeInteger(n),
  );
  if (!shape.length || !isEven || !isRegular(value, shape)) return null;
  return { kind, shape, on: items.map(Number) };
}

/**
 * Whether nested lists have this shape all through.
 * @param {unknown} value
 * @param {number[]} shape
 * @returns {boolean}
 */
function isRegular(value, [n, ...rest]) {
  if (n === undefined || !Array.isArray(value)) return n === undefined && !Array.isArray(value);
  return value.length === n && value.every((one) => isRegular(one, rest));
}

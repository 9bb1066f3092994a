// Words for an element: where it is, which bytes it has, what its value is.

import { byteOf } from "./strides.js";
import { MINUS } from "./value_text.js";

/** @import { Index, Layout, ReadValue } from "../types.js" */

/**
 * "row 1, column 2" for an index; axes named where there are more than two.
 * @param {Index} index
 */
export function placeWords(index) {
  if (!index.length) return "the one element";
  if (index.length === 1) return `index ${index[0]}`;
  const lead = index.slice(0, -2).map((i, k) => `axis ${k}: ${i}, `);
  return `${lead.join("")}row ${index.at(-2)}, column ${index.at(-1)}`;
}

/**
 * "bytes 40 to 47"
 * @param {number} byte
 * @param {number} itemsize
 */
export const byteWords = (byte, itemsize) =>
  itemsize === 1 ? `byte ${byte}` : `bytes ${byte} to ${byte + itemsize - 1}`;

/**
 * "value 6", or why there is none.
 * @param {string} value
 */
export function valueWords(value) {
  if (value === "?") return "outside, never read";
  if (value === "·") return "value not in this page";
  return `value ${value.length > 40 ? `${value.slice(0, 39)}…` : value}`;
}

/**
 * "row 1, column 2: value 6, bytes 40 to 47"
 * @param {{layout: Layout, valueAt: ReadValue}} array
 * @param {Index} index
 */
export function elementWords({ layout, valueAt }, index) {
  const byte = byteOf(layout, index);
  const bytes = byteWords(byte, layout.itemsize).replaceAll("-", MINUS);
  return `${placeWords(index)}: ${valueWords(valueAt(byte))}, ${bytes}`;
}

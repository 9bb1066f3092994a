// Lines of NumPy that make an array.

import { tuple, UNKNOWN } from "./value_text.js";

/** @import { Index, ReadValue } from "../types.js" */

/** Most bytes that are written out. */
const MOST_BYTES = 512;

/**
 * The line that makes an array over a buffer: without strides NumPy would check less.
 * @param {{offset: number, shape: number[], strides: number[]}} layout
 * @param {string} code the dtype
 */
export function ndarrayLine({ offset, shape, strides }, code, buffer = "b") {
  const start = offset ? `, offset=${offset}` : "";
  const dims = `${start}, strides=${tuple(strides, "")}`;
  return `np.ndarray(${tuple(shape, "")}, ${code}, buffer=${buffer}${dims})`;
}

/**
 * The expression that makes a buffer; null if it is long or a byte is not known.
 * @param {number} nbytes
 * @param {ReadValue} hexAt
 */
export function bytearrayCode(nbytes, hexAt) {
  if (nbytes > MOST_BYTES) return null;
  const hex = Array.from({ length: nbytes }, (_, k) => hexAt(k)).join("");
  return hex.includes(UNKNOWN) ? null : `bytearray.fromhex('${hex}')`;
}

/**
 * An index in brackets.
 * @param {Index} index
 */
export const indexText = (index) => `[${index.join(", ") || "()"}]`;

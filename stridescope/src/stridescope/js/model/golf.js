// Stride golf: reach the target's values by changing as few numbers as par. It is played on the
// integers 0 to 11 as int64.

import { byteOf, sizeOf, unravel } from "./strides.js";

/** @import { Layout } from "../types.js" */

const INT64 = 8;
/** Where every hole starts: 0 to 11 as three rows of four. */
export const TEE = { offset: 0, shape: [3, 4], strides: [32, 8], itemsize: INT64 };

/**
 * Holes from easy to witty; par is how many numbers differ from the tee.
 * @type {[words: string, offset: number, shape: number[], strides: number[]][]}
 */
const COURSE = [
  ["Turn it: rows become columns.", 0, [4, 3], [8, 32]],
  ["Upside down: the last row first.", 64, [3, 4], [-32, 8]],
  ["In a mirror: each row backwards.", 24, [3, 4], [32, -8]],
  ["Half a turn: from the last element to the first.", 88, [3, 4], [-32, -8]],
  ["Every second column, and nothing is moved.", 0, [3, 2], [32, 16]],
  ["Deal the twelve out in threes.", 0, [4, 3], [24, 8]],
  ["One row, three times, for the price of one.", 0, [3, 4], [0, 8]],
  ["Fence posts: each row ends where the next begins.", 0, [3, 4], [24, 8]],
  ["A window that slides backwards.", 16, [3, 4], [-8, 8]],
  ["A quarter turn, counterclockwise.", 24, [4, 3], [-8, 32]],
  ["The diagonal that leans the other way.", 24, [1, 3], [32, 24]],
  ["A table of i + 2·j that nobody wrote.", 0, [3, 4], [8, 16]],
];

/** The holes: {words, target, par}. */
export const HOLES = COURSE.map(([words, offset, shape, strides]) => {
  const target = { offset, shape, strides, itemsize: INT64 };
  return { words, target, par: changedNumbers(TEE, target) };
});

/** The buffer of the course. */
export const GOLF_BUFFER = {
  nbytes: 12 * INT64,
  dtype: { kind: "i", itemsize: INT64, little: true },
};

/** The bytes of the course: 0 to 11 as int64, little-endian. */
export function golfBytes() {
  const bytes = new Uint8Array(12 * INT64);
  for (let k = 0; k < 12; k++) bytes[k * INT64] = k;
  return bytes;
}

/**
 * How many of offset, lengths and strides differ; one axis more or less counts as two.
 * @param {Layout} from
 * @param {Layout} to
 */
export function changedNumbers(from, to) {
  /**
   * @param {number[]} a
   * @param {number[]} b
   */
  const differ = (a, b) =>
    Array.from({ length: Math.max(a.length, b.length) }).filter((_, k) => a[k] !== b[k]).length;
  return (
    Number(from.offset !== to.offset) +
    differ(from.shape, to.shape) +
    differ(from.strides, to.strides)
  );
}

/**
 * Whether two readings of the golf bytes show the same values in the same shape.
 * @param {Layout} lay
 * @param {Layout} target
 */
export function sameValues(lay, target) {
  if (lay.shape.join() !== target.shape.join() || sizeOf(target) > 100) return false;
  const n = sizeOf(target);
  for (let flat = 0; flat < n; flat++) {
    const index = unravel(flat, target.shape);
    if (byteOf(lay, index) !== byteOf(target, index)) return false;
  }
  return true;
}

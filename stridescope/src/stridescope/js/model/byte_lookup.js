// Which indices read a byte, found without going through all of them. The mirror of
// model/strides.py.

import { countSums, SEARCH_STEPS, sums } from "./search.js";
import { extent, product, sizeOf } from "./strides.js";

/** @import { Axis, Index, Layout } from "../types.js" */

/**
 * How many indices have an element that starts at `byte`; null if that takes too long to know.
 * @param {Layout} lay
 * @param {number} byte
 */
export function timesRead(lay, byte) {
  if (sizeOf(lay) === 0) return 0;
  const repeated = product(lay.shape.filter((_, k) => lay.strides[k] === 0));
  const count = countSums(movingAxes(lay), byte - extent(lay)[0], { left: SEARCH_STEPS });
  return count === null ? null : count * repeated;
}

/**
 * At most `most` indices whose element starts at `byte`, in C order.
 * @param {Layout} lay
 * @param {number} byte
 * @returns {Index[]}
 */
export function indicesAt(lay, byte, most = 100) {
  if (sizeOf(lay) === 0) return [];
  const order = movingOrder(lay);
  const indices = [];
  const repeated = lay.shape.map((_, k) => k).filter((k) => lay.strides[k] === 0);
  for (const steps of sums(movingAxes(lay), byte - extent(lay)[0], { left: SEARCH_STEPS })) {
    const index = lay.shape.map(() => 0);
    order.forEach((k, j) => {
      index[k] = lay.strides[k] > 0 ? steps[j] : lay.shape[k] - 1 - steps[j];
    });
    const repeats = Math.min(product(repeated.map((k) => lay.shape[k])), most - indices.length);
    for (let flat = 0; flat < repeats; flat++) {
      let rest = flat;
      for (const k of [...repeated].reverse()) {
        index[k] = rest % lay.shape[k];
        rest = Math.floor(rest / lay.shape[k]);
      }
      indices.push([...index]);
    }
    if (indices.length >= most) break;
  }
  return indices.sort(compareIndices);
}

/**
 * Compare two indices as C order does.
 * @param {Index} a
 * @param {Index} b
 */
function compareIndices(a, b) {
  const k = a.findIndex((i, axis) => i !== b[axis]);
  return k < 0 ? 0 : a[k] - b[k];
}

/**
 * Axes whose stride is not 0, longest stride first.
 * @param {Layout} lay
 */
function movingOrder(lay) {
  const moving = lay.shape.map((_, k) => k).filter((k) => lay.strides[k] !== 0);
  return moving.sort((a, b) => Math.abs(lay.strides[b]) - Math.abs(lay.strides[a]));
}

/**
 * @param {Layout} lay
 * @returns {Axis[]}
 */
const movingAxes = (lay) => movingOrder(lay).map((k) => [lay.shape[k], Math.abs(lay.strides[k])]);

/**
 * The first index whose element holds a byte; null if none does.
 * @param {Layout} lay
 * @param {number} byte
 * @returns {Index | null}
 */
export function elementAt(lay, byte) {
  for (let back = 0; back < lay.itemsize; back++) {
    const [index] = indicesAt(lay, byte - back, 1);
    if (index) return index;
  }
  return null;
}

/**
 * How many elements read the box of `unit` bytes at a byte; null if too many to count.
 * @param {Layout} lay
 * @param {number} byte
 * @param {number} unit
 */
export function timesBox(lay, byte, unit) {
  if (unit === lay.itemsize) return timesRead(lay, byte);
  let count = 0;
  for (let back = 0; back < lay.itemsize; back++) {
    const more = timesRead(lay, byte - back);
    if (more === null) return null;
    count += more;
  }
  return count;
}

/**
 * An index with a step along every axis: row 1, and its last or a near column; null if there is no
 * element.
 * @param {Layout} lay
 * @returns {Index | null}
 */
export function tellingIndex(lay) {
  if (sizeOf(lay) === 0) return null;
  const last = lay.shape.length - 1;
  return lay.shape.map((n, k) => (k < last ? Math.min(1, n - 1) : n <= 5 ? n - 1 : 2));
}

/** Most indices that are found for a byte. */
const MOST_FOUND = 50;

/**
 * Whether any element has a byte in the box at a byte.
 * @param {Layout} lay
 * @param {number} byte
 * @param {number} unit
 */
export function readsBox(lay, byte, unit) {
  for (let start = byte - lay.itemsize + 1; start < byte + unit; start++)
    if (timesRead(lay, start) !== 0) return true;
  return false;
}

/**
 * Indices whose element holds a byte of [from, to).
 * @param {Layout} lay
 * @param {number} from
 * @param {number} to
 */
export function elementsIn(lay, from, to) {
  const indices = [];
  for (let byte = from - lay.itemsize + 1; byte < to; byte++)
    indices.push(...indicesAt(lay, byte, MOST_FOUND));
  return indices;
}

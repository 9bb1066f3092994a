// Which row of a reading an element belongs to, and the hue that table and strip share for it. The
// mirror of model/reading_rows.py.

import { byteOf, extent, product, sizeOf } from "./strides.js";
import { countUp } from "./visit_order.js";

/** @import { HuesAt, Index, Layout } from "../types.js" */

/** Hues of the ramp. */
export const HUES = 6;
/** The hue of each of the first rows. Rows that follow each other are far apart on the ramp. */
const HUE_OF_ROW = [0, 3, 5, 1, 4, 2];
/** Most hues of one box, whose bytes several rows read. */
export const BANDS = 3;
/** Most elements that are looked at one by one. */
const MOST_HUED = 4096;

/**
 * The hue of a row: up to six rows, the number of the row decides alone, so that a row has the same
 * hue in tables with different numbers of rows. With more rows, each hue of the ramp stands for
 * several rows that follow each other.
 * @param {number} row
 * @param {number} rows
 */
export function hueOf(row, rows) {
  return rows > HUES ? Math.floor((row * HUES) / rows) : HUE_OF_ROW[row];
}

/**
 * The hue of an element: that of its row, or of its position on a single axis. Where several axes
 * make more rows than there are hues, rows with the same first indices share one.
 * @param {Layout} layout
 * @param {Index} index
 */
export function rowHue({ shape }, index) {
  let lead = shape.length > 1 ? shape.length - 1 : shape.length;
  while (lead > 1 && product(shape.slice(0, lead)) > HUES) lead--;
  const row = index.slice(0, lead).reduce((at, i, axis) => at * shape[axis] + i, 0);
  return hueOf(row, product(shape.slice(0, lead)));
}

/**
 * A function from a byte to the hues of the elements that start there. Of a large array, elements
 * that overlap are not all found.
 * @param {Layout} layout
 * @returns {HuesAt}
 */
export function huesOf(layout) {
  if (sizeOf(layout) > MOST_HUED) return (byte) => hueFound(layout, byte);
  /** @type {Map<number, number[]>} */
  const hues = new Map();
  for (const index of countUp(layout.shape)) {
    const byte = byteOf(layout, index);
    const here = hues.get(byte) ?? [];
    const hue = rowHue(layout, index);
    if (!here.includes(hue) && here.length < BANDS) here.push(hue);
    hues.set(byte, here);
  }
  return (byte) => hues.get(byte) ?? [];
}

/**
 * A function from a byte to its hue for good, whatever reads it later: if the layout reads each of
 * the bytes of a buffer once, its rows decide, else the position in the buffer.
 * @param {Layout} layout
 * @param {number} nbytes
 * @returns {HuesAt}
 */
export function byteHues(layout, nbytes) {
  const size = layout.itemsize || 1;
  const count = Math.floor(nbytes / size);
  const hues = readsAll(layout, nbytes)
    ? huesOf(layout)
    : (/** @type {number} */ start) => [hueOf(start / size, count)];
  return (byte) => (byte >= 0 && byte < count * size ? hues(byte - (byte % size)) : []);
}

/**
 * Whether a layout reads each of the bytes of a buffer once.
 * @param {Layout} layout
 * @param {number} nbytes
 */
function readsAll(layout, nbytes) {
  const { shape, strides } = layout;
  let step = layout.itemsize || 1;
  for (const k of byStride(layout).reverse()) {
    if (shape[k] !== 1 && Math.abs(strides[k]) !== step) return false;
    step *= shape[k];
  }
  return step === nbytes && extent(layout)[0] === 0;
}

/**
 * The axes, from the longest stride to the shortest.
 * @param {Layout} layout
 */
const byStride = ({ shape, strides }) =>
  shape.map((_, k) => k).sort((a, b) => Math.abs(strides[b]) - Math.abs(strides[a]));

/**
 * The hues of a box of `unit` bytes, whose elements may start before it. If `isApart`, the hues are
 * those of bytes, not of elements that start there.
 * @param {HuesAt} hues
 * @param {number} byte
 * @param {number} unit
 * @param {number} itemsize
 */
export function boxHues(hues, byte, unit, itemsize, isApart = false) {
  if (unit === itemsize && !isApart) return hues(byte);
  const found = [];
  let start = isApart ? byte : byte - itemsize + 1;
  while (start < byte + unit) found.push(...hues(start++));
  return [...new Set(found)].slice(0, BANDS);
}

/**
 * The hue of one element that starts at a byte, found axis by axis.
 * @param {Layout} layout
 * @param {number} byte
 */
function hueFound(layout, byte) {
  const { shape, strides } = layout;
  const index = shape.map(() => 0);
  let rest = byte - extent(layout)[0];
  if (rest < 0) return [];
  for (const k of byStride(layout)) {
    const step = Math.abs(strides[k]);
    if (!step) continue;
    const i = Math.min(Math.floor(rest / step), shape[k] - 1);
    rest -= i * step;
    index[k] = strides[k] > 0 ? i : shape[k] - 1 - i;
  }
  return rest === 0 ? [rowHue(layout, index)] : [];
}

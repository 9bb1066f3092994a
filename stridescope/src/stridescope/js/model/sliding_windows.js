// What a window over an image covers: the part known here, its values and sum.

import { numberOf, sumOfProducts } from "./sum_of_products.js";

/** @import { AxisPart, Numeric, Pair, Slots, WindowRange, WindowSetting } from "../types.js" */
/** @import { WindowSum, Windowed } from "../types.js" */

/** Most zeros around an image. */
export const MOST_PAD = 7;
/** Longest step from one window to the next. */
export const MOST_STEP = 9;

/**
 * One for rows, one for columns.
 * @template T
 * @param {(axis: 0 | 1) => T} make
 * @returns {Pair<T>}
 */
export const forBoth = (make) => [make(0), make(1)];

/**
 * For each axis: length with the border, and first and end of what is known here of it.
 * @param {Windowed} windowed
 * @param {WindowSetting} setting
 */
export function imageAxes({ state, values }, { pad }) {
  const sent = [values.length, values[0].length];
  return forBoth((k) => {
    const n = state.whole[k];
    const first = state.first[k];
    const end = first + sent[k];
    const low = first === 0 ? 0 : first + pad;
    return { length: n + 2 * pad, low, high: end === n ? n + 2 * pad : end + pad };
  });
}

/**
 * How many windows there are along each axis, and the first and last that can be shown.
 * @param {Windowed} windowed
 * @param {WindowSetting} setting
 * @returns {Pair<WindowRange>}
 */
export function windowRange(windowed, setting) {
  const { weights } = windowed;
  const { step } = setting;
  const sizes = [weights.length, weights[0].length];
  const axes = imageAxes(windowed, setting);
  return forBoth((k) => ({
    many: Math.floor((axes[k].length - sizes[k]) / step) + 1,
    first: Math.ceil(axes[k].low / step),
    last: Math.floor((axes[k].high - sizes[k]) / step),
    size: sizes[k],
  }));
}

/**
 * Why a setting cannot be shown; "" if it can.
 * @param {Windowed} windowed
 * @param {WindowSetting} setting
 */
export function windowProblem(windowed, setting) {
  const range = windowRange(windowed, setting);
  const { at } = setting;
  if (range.some(({ many }) => many < 1))
    return "The kernel does not fit into the image with this border.";
  const k = range.findIndex(({ first, last }, axis) => at[axis] < first || at[axis] > last);
  if (k < 0) return "";
  if (at[k] >= 0 && at[k] < range[k].many)
    return "The rest of the image was not sent with this page.";
  return `The ${k ? "column" : "row"}s of windows end here.`;
}

/**
 * The window nearest to the corner of the present one, in another setting.
 * @param {Windowed} windowed
 * @param {WindowSetting} next
 * @returns {Pair<number>}
 */
export function nearestWindow(windowed, next) {
  const { at, step, pad } = windowed.now;
  const range = windowRange(windowed, next);
  return forBoth((k) => {
    const corner = at[k] * step - pad + next.pad;
    return clipToRange(Math.round(corner / next.step), range[k]);
  });
}

/**
 * @param {number} n
 * @param {WindowRange} range
 */
export const clipToRange = (n, { first, last }) => Math.max(first, Math.min(last, n));

/**
 * The part drawn along an axis: as before while the window is inside, so that the picture stays
 * still; else up to `most` indices around it.
 * @param {AxisPart | undefined} before
 * @param {number} start of the window
 * @param {number} length of the window
 * @param {number} total
 * @param {number} most
 * @returns {AxisPart}
 */
export function visiblePart(before, start, length, total, most) {
  const isKept = before?.total === total && start >= before.from && start + length <= before.to;
  if (isKept) return before;
  const size = Math.max(most, length);
  const centered = start + Math.floor(length / 2) - Math.floor(size / 2);
  const from = Math.max(0, Math.min(centered, total - size));
  return { from, to: Math.min(total, from + size), total };
}

/**
 * The indices drawn, with null at an end where there are more.
 * @param {AxisPart} part
 * @returns {Slots}
 */
export function partSlots({ from, to, total }) {
  const indices = Array.from({ length: to - from }, (_, k) => from + k);
  return [...(from ? [null] : []), ...indices, ...(to < total ? [null] : [])];
}

/**
 * The value at a place of the image with its border; null if it was not sent.
 * @param {Windowed} windowed
 * @param {number} i
 * @param {number} j
 */
export function pixelAt({ state, values, now }, i, j) {
  const place = [i - now.pad, j - now.pad];
  if (place.some((p, k) => p < 0 || p >= state.whole[k])) return numberOf(0, state.dtype[0]);
  return values[place[0] - state.first[0]]?.[place[1] - state.first[1]] ?? null;
}

/**
 * The kernel as it is laid on.
 * @param {Windowed} windowed
 * @returns {Numeric[][]}
 */
export const laidOn = ({ weights, now }) =>
  now.flip ? weights.map((row) => [...row].reverse()).reverse() : weights;

/**
 * Values, weights and sum of a window; null if a part of it was not sent.
 * @param {Windowed} windowed
 * @param {Pair<number>} at
 * @returns {WindowSum | null}
 */
export function windowSum(windowed, at) {
  const kernel = laidOn(windowed);
  const { state, now } = windowed;
  const [i, j] = at.map((k) => k * now.step);
  const values = kernel.flatMap((row, r) => row.map((_, c) => pixelAt(windowed, i + r, j + c)));
  const known = values.filter((value) => value !== null);
  if (known.length < values.length) return null;
  const weights = kernel.flat();
  return { values: known, weights, ...sumOfProducts(known, weights, state.product, state.sum) };
}

/**
 * Offset and strides of the array that the window runs over: the image, or the new one with a
 * border.
 * @param {Windowed} windowed
 */
export function imageLayout({ state, now }) {
  if (!now.pad) return { offset: state.offset, strides: state.strides };
  return { offset: 0, strides: [(state.whole[1] + 2 * now.pad) * state.itemsize, state.itemsize] };
}

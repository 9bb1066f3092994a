// Whether np.ndarray(shape, dtype, buffer, offset, strides) would be refused, and in which words:
// the checks of NumPy 2.4.

import { extent, fits, product, sizeOf, sum } from "./strides.js";
import { MINUS } from "./value_text.js";

/** @import { Layout } from "../types.js" */

/** Most rows of positions that are counted one by one. */
const COUNTED = 10000;

/**
 * NumPy's error for a reading of `nbytes` bytes, or null.
 * @param {Layout} lay
 * @param {number} nbytes
 */
export function refusal(lay, nbytes) {
  if (lay.shape.some((n) => n < 0)) return "ValueError: negative dimensions are not allowed";
  const end = nbytes || sizeOf(lay) * lay.itemsize;
  const [low, high] = extent(lay);
  if (low < 0 || high > end)
    return "ValueError: strides is incompatible with shape of requested array and size of buffer";
  // Without axes there are no strides to speak of, and the other check runs.
  return !lay.shape.length && nbytes < high
    ? "TypeError: buffer is too small for requested array"
    : null;
}

/**
 * What NumPy says, as a sentence.
 * @param {Layout} lay
 * @param {number} nbytes
 */
export function numpyVerdict(lay, nbytes) {
  const error = refusal(lay, nbytes);
  if (error) return `→ NumPy refuses. ${error}`;
  if (!fits(lay, nbytes))
    return "→ NumPy accepts this without a check, and would read outside the buffer.";
  return `→ NumPy accepts. ${outsideWords(lay, nbytes)}`;
}

/**
 * How many positions lie outside the buffer, counted if there are few enough.
 * @param {Layout} lay
 * @param {number} nbytes
 */
export function outsideWords(lay, nbytes) {
  const size = sizeOf(lay);
  const all = size.toLocaleString("en");
  if (size === 0) return "There are no elements.";
  if (fits(lay, nbytes))
    return size === 1
      ? `The only element is inside the ${nbytes} bytes.`
      : `All ${all} elements are inside the ${nbytes} bytes.`;
  const missed = countOutside(lay, nbytes);
  return missed === null
    ? `Some of the ${all} elements are outside the buffer and are never read.`
    : `Outside the buffer and never read: ${missed.toLocaleString("en")} of ${all} elements.`;
}

/**
 * How far `as_strided` would reach beyond a buffer, in words; empty if it would not.
 * @param {Layout} lay
 * @param {number} nbytes
 */
export function reachWords(lay, nbytes) {
  const [low, high] = extent(lay);
  if (sizeOf(lay) === 0 || fits(lay, nbytes) || lay.offset < 0) return "";
  const back = low < 0 ? `back to byte ${MINUS}${(-low).toLocaleString("en")}` : "";
  const on = high > nbytes ? `on to byte ${(high - 1).toLocaleString("en")}` : "";
  const reach = [back, on].filter(Boolean).join(" and ");
  const has = nbytes ? `bytes 0 to ${nbytes - 1}` : "no bytes";
  return `as_strided does not check. It would read ${reach}; the buffer has ${has}.`;
}

/**
 * How many positions lie outside: along the longest axis by division, along the others one by one;
 * null if those are too many.
 * @param {Layout} lay
 * @param {number} nbytes
 */
function countOutside({ offset, shape, strides, itemsize }, nbytes) {
  const long = shape.indexOf(Math.max(...shape));
  const last = nbytes - itemsize;
  if (product(shape.filter((_, k) => k !== long)) > COUNTED) return null;
  let starts = [offset];
  shape.forEach((n, k) => {
    if (k !== long)
      starts = starts.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[k]));
  });
  return sum(
    starts.map((at) =>
      shape.length
        ? stepsOutside(at, shape[long], strides[long], last)
        : Number(at < 0 || at > last),
    ),
  );
}

/**
 * How many of `n` steps of `st` bytes from `at` start outside 0 to `last`.
 * @param {number} at
 * @param {number} n
 * @param {number} st
 * @param {number} last
 */
function stepsOutside(at, n, st, last) {
  if (last < 0 || st === 0) return last < 0 || at < 0 || at > last ? n : 0;
  const [low, high] = [-at / st, (last - at) / st].sort((a, b) => a - b);
  return n - Math.max(0, Math.min(n - 1, Math.floor(high)) - Math.max(0, Math.ceil(low)) + 1);
}

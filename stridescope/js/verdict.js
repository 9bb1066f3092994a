// Whether np.ndarray(shape, dtype, buffer, offset, strides) would be refused, and in which words: NumPy 2.4's own checks.

import { fits, product, sizeOf, sum } from "./strides.js";
import { plain } from "./values.js";

/** Most rows of positions that are counted one by one. */
const COUNTED = 10000;

/** NumPy's error for a reading of `nbytes` bytes, or null. @returns {string|null} */
export function refusal(lay, nbytes) {
  if (lay.shape.some((n) => n < 0)) return "ValueError: negative dimensions are not allowed";
  const end = nbytes || sizeOf(lay) * lay.itemsize, [low, high] = reached(lay);
  if (low < 0 || high > end) return "ValueError: strides is incompatible with shape of requested array and size of buffer";
  // Without axes there are no strides to speak of, and the other check runs.
  return !lay.shape.length && nbytes < high ? "TypeError: buffer is too small for requested array" : null;
}

/** Bytes from the lowest to the end of the highest; the offset alone where there is no element. */
function reached(lay) {
  if (!sizeOf(lay)) return [lay.offset, lay.offset];
  const reach = lay.shape.map((n, k) => (n - 1) * lay.strides[k]);
  const total = (signs) => reach.reduce((at, r) => at + (signs(r) ? r : 0), lay.offset);
  return [total((r) => r < 0), total((r) => r > 0) + lay.itemsize];
}

/** What NumPy says, as a sentence. */
export function numpyVerdict(lay, nbytes) {
  const error = refusal(lay, nbytes);
  if (error) return `→ NumPy refuses. ${error}`;
  if (!fits(lay, nbytes)) return "→ NumPy accepts this without a check, and would read outside the buffer.";
  return "→ NumPy accepts: every position lies inside.";
}

/** How many positions lie outside the buffer, counted if there are few enough. */
export function outsideWords(lay, nbytes) {
  const size = sizeOf(lay);
  if (fits(lay, nbytes) || size === 0) return `All ${size} positions lie inside the ${nbytes} bytes.`;
  const missed = countOutside(lay, nbytes);
  return missed === null ? `Some of ${size} positions lie outside, never read.` : `${missed} of ${size} positions outside, never read.`;
}

/** How many positions lie outside: along the longest axis by division, along the others one by one; null if those are too many. */
function countOutside({ offset, shape, strides, itemsize }, nbytes) {
  const long = shape.indexOf(Math.max(...shape)), last = nbytes - itemsize;
  if (product(shape.filter((_, k) => k !== long)) > COUNTED) return null;
  let starts = [offset];
  shape.forEach((n, k) => { if (k !== long) starts = starts.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[k])); });
  return sum(starts.map((at) => shape.length ? stepsOutside(at, shape[long], strides[long], last) : Number(at < 0 || at > last)));
}

/** How many of `n` steps of `st` bytes from `at` start outside 0 to `last`. */
function stepsOutside(at, n, st, last) {
  if (last < 0 || st === 0) return last < 0 || at < 0 || at > last ? n : 0;
  const [low, high] = [-at / st, (last - at) / st].sort((a, b) => a - b);
  return n - Math.max(0, Math.min(n - 1, Math.floor(high)) - Math.max(0, Math.ceil(low)) + 1);
}

/** The three settings in words, for those who listen. */
export const settingsWords = (lay) => `offset ${plain(lay.offset)}, shape (${lay.shape.join(", ")}), strides (${lay.strides.map(plain).join(", ")})`;

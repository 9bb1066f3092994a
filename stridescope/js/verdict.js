// Whether np.ndarray(shape, dtype, buffer, offset, strides) would be refused, and in which words: NumPy 2.4's own checks.

import { ndarrayLine } from "./layout.js";
import { fits, sizeOf } from "./strides.js";
import { plain } from "./values.js";

/** Most positions that are counted one by one. */
const COUNTED = 100000;

/** NumPy's error for a reading of `nbytes` bytes, or null. @returns {string|null} */
export function refusal(lay, nbytes) {
  if (lay.shape.some((n) => n < 0)) return "ValueError: negative dimensions are not allowed";
  if (ndarrayLine(lay, "").includes("strides=")) {
    const end = nbytes || sizeOf(lay) * lay.itemsize, [low, high] = reached(lay);
    return low < 0 || high > end ? "ValueError: strides is incompatible with shape of requested array and size of buffer" : null;
  }
  return nbytes < lay.offset + lay.itemsize * sizeOf(lay) ? "TypeError: buffer is too small for requested array" : null;
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
  if (size > COUNTED) return `Some of ${size} positions lie outside, never read.`;
  let starts = [lay.offset];
  lay.shape.forEach((n, k) => { starts = starts.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * lay.strides[k])); });
  const missed = starts.filter((at) => at < 0 || at + lay.itemsize > nbytes).length;
  return `${missed} of ${size} positions outside, never read.`;
}

/** The three settings in words, for those who listen. */
export const settingsWords = (lay) => `offset ${plain(lay.offset)}, shape (${lay.shape.join(", ")}), strides (${lay.strides.map(plain).join(", ")})`;

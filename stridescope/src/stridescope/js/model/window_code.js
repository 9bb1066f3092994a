// The lines of NumPy that slide a window over an image.

import { tuple } from "./value_text.js";

/** @import { Numeric, ShownWindow } from "../types.js" */

/**
 * The array that the window runs over, as Python code.
 * @param {ShownWindow} shown
 */
export const imageName = ({ state, now }) =>
  now.pad ? `np.pad(${state.name}, ${now.pad})` : state.name;

/**
 * The lines of NumPy that make this sum.
 * @param {ShownWindow} me
 */
export function windowCode(me) {
  const { now, weights } = me;
  const rows = weights.map((row) => `[${row.map(numberCode).join(", ")}]`);
  const jump = now.step > 1 ? `[::${now.step}, ::${now.step}]` : "";
  const shape = tuple([weights.length, weights[0].length]);
  const view = `np.lib.stride_tricks.sliding_window_view(${imageName(me)}, ${shape})`;
  return [
    `kernel = np.array([${rows.join(", ")}])${now.flip ? "[::-1, ::-1]" : ""}`,
    `windows = ${view}${jump}`,
    `(windows[${now.at.join(", ")}] * kernel).sum()`,
  ].join("\n");
}

/** @param {Numeric} x */
function numberCode(x) {
  if (typeof x === "bigint") return String(x);
  if (Number.isFinite(x)) return Number.isInteger(x) ? x.toFixed(1) : String(x);
  return Number.isNaN(x) ? "np.nan" : x < 0 ? "-np.inf" : "np.inf";
}

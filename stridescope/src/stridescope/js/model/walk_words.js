// What is said of a walk over an array and of the cache lines that it loads.

import { LINE, loadsOf } from "./cache_lines.js";
import { byteWords } from "./element_words.js";
import { product } from "./strides.js";
import { grouped } from "./value_text.js";

/** @import { TraverseState, Visit, WalkSetting } from "../types.js" */

/**
 * @typedef {object} Walk
 * @property {Visit[]} visits
 * @property {WalkSetting} setting
 * @property {TraverseState} state
 */

/**
 * The line of NumPy that visits in this order.
 * @param {Walk} walk
 */
export function walkCode({ setting: { order, block }, state: { name, layout } }) {
  if (order !== "blocks" || layout.shape.length < 2)
    return `${name}.ravel(order="${order === "F" ? "F" : "C"}")`;
  const [rows, cols] = layout.shape.slice(-2);
  const ranges = `for i in range(0, ${rows}, ${block}) for j in range(0, ${cols}, ${block})`;
  return `[${name}[..., i:i+${block}, j:j+${block}] ${ranges}]`;
}

/** @param {WalkSetting} setting */
export const orderWords = ({ order, block }) =>
  order === "blocks" ? `blocks of ${block} × ${block}` : `${order} order`;

/** @param {number} lines */
export const modelWords = (lines) =>
  `This is a model: a cache of ${lines > 1 ? `${lines} lines` : "one line"} of ${LINE} bytes ` +
  "that drops the line that has gone unused the longest, with byte 0 at the start of a line. " +
  "A real cache holds hundreds of lines, or many thousands, and loads some in advance.";

/**
 * @param {Walk} walk
 * @param {number} step
 */
export function visitWords({ visits, setting, state: { layout } }, step) {
  if (step === visits.length) {
    const loads = loadsOf(visits);
    const size = product(layout.shape);
    const some = `Counted over the first ${grouped(visits.length)} of ${grouped(size)} visits.`;
    return (
      `${orderWords(setting)}: ${grouped(step)} visits load ${grouped(loads)} lines, ` +
      `${grouped(loads * LINE)} bytes, to read ${grouped(step * layout.itemsize)}.` +
      (size > visits.length ? ` ${some}` : "")
    );
  }
  const { index, byte, loaded } = visits[step - 1];
  const bytes = loaded.map((line) => line * LINE).join(" and ");
  const what = loaded.length ? `loads the line from byte ${bytes}` : "its line is cached";
  const loads = grouped(loadsOf(visits, step));
  const place = `[${index}], ${byteWords(byte, layout.itemsize)}`;
  return `Visit ${step}: ${place}: ${what}. ${loads} loaded so far.`;
}

/**
 * The lines that the cache holds after a step.
 * @param {Visit[]} visits
 * @param {number} step
 */
export function heldLines(visits, step) {
  for (let k = step - 1; k >= 0; k--) {
    const { held } = visits[k];
    if (held) return [...held].sort((a, b) => a - b);
  }
  return [];
}

// The cases that NumPy answered, in the file that the variable CASES names; the test of the modules
// in tests/stridescope/js writes it.

import { readFileSync } from "node:fs";

/** @import { Dtype, Layout, Slice } from "../../stridescope/src/stridescope/js/types.js" */

/**
 * An array, and what NumPy makes of it; null where NumPy refuses.
 * @typedef {object} ArrayCase
 * @property {Layout} layout
 * @property {[index: number[], byte: number][]} starts
 * @property {[low: number, high: number]} extent
 * @property {[c: boolean, f: boolean]} flags
 * @property {number} byte
 * @property {number[][]} indices that read the byte
 * @property {{nbytes: number, offset: number, accepted: boolean} | null} fits
 * @property {(number | Slice | null | "...")[]} key
 * @property {Layout | null} taken
 * @property {number[]} axes
 * @property {Layout} transposed
 * @property {{shape: number[], layout: Layout | null}} broadcast
 * @property {{shape: number[], layout: Layout | null}} reshape
 * @property {[c: number[], f: number[]] | null} packed
 */

/**
 * A reading of a buffer, and what NumPy says of it.
 * @typedef {object} ReadingCase
 * @property {Layout} layout
 * @property {number} nbytes
 * @property {string} code
 * @property {string} line
 * @property {string} verdict
 * @property {string} outside
 * @property {string} reach
 */

/**
 * @typedef {object} Cases
 * @property {ArrayCase[]} cases
 * @property {ReadingCase[]} readings
 * @property {number[][][]} golf
 * @property {{lengths: number[], fit: number, places: [number, number][]}[]} boards
 * @property {{itemsize: number, hex: string, text: string}[]} floats
 * @property {{dtype: Dtype, hex: string, text: string}[]} values
 */

/** @type {Cases} */
export const { cases, readings, golf, boards, floats, values } = JSON.parse(
  readFileSync(String(process.env.CASES), "utf8"),
);

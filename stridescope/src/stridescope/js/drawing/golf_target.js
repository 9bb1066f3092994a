// The target of a hole of stride golf: the same bytes, read as they should be.

import { GOLF_BUFFER, golfBytes, TEE } from "../model/golf.js";
import { byteHues } from "../model/reading_rows.js";
import { tuple, valueReader } from "../model/value_text.js";
import { h } from "./dom.js";
import { drawGrid } from "./grid.js";

/** @import { Layout, ReadValue } from "../types.js" */

/** Width of the picture, px. */
const TARGET_W = 358;

/**
 * Draw a target.
 * @param {HTMLElement} place
 * @param {Layout} target
 */
export function drawTarget(place, target) {
  const read = valueReader(GOLF_BUFFER.dtype, golfBytes(), GOLF_BUFFER);
  const label = `Target: ${targetWords(target, read)}`;
  const hues = byteHues(TEE, GOLF_BUFFER.nbytes);
  const { svg } = drawGrid(target, read, null, TARGET_W, { label, hues });
  const head = h("p", { class: "ss-read" }, "Target, shape ", h("b", {}, tuple(target.shape)));
  place.replaceChildren(head, svg);
}

/**
 * The target row by row, for screen readers.
 * @param {Layout} target
 * @param {ReadValue} read
 */
function targetWords({ offset, shape, strides }, read) {
  const [rows, columns] = shape;
  const [down, right] = strides;
  return Array.from({ length: rows }, (_, i) => {
    const values = Array.from({ length: columns }, (_, j) => read(offset + i * down + j * right));
    return `row ${i}: ${values.join(", ")}`;
  }).join("; ");
}

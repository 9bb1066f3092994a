// Lanes under the bytes of a strip: for each array a label, the numerals that count the steps in
// which it reads its elements, and a bracket.

import { timesRead } from "../model/byte_lookup.js";
import { boxUnit, extent, modulo } from "../model/strides.js";
import { short } from "../model/value_text.js";
import { visitNumerals } from "../model/visit_order.js";
import { s } from "./dom.js";
import { BOX_H } from "./shapes.js";
import { bracketPath, topOf, widestPiece } from "./strip_geometry.js";

/** @import { LabeledLane, Layout, Strip } from "../types.js" */

/** Height of one lane under a strip, px: a line of text, numerals or bars, and a bracket. */
export const LANE_H = 46;
const LEAST_TEXT_W = 358;
const GLYPH = 7.3;

/**
 * Draw lane `k` into a strip that left room `below`: label, numerals or bars, bracket.
 * @param {Strip} strip
 * @param {LabeledLane} lane
 * @param {number} k
 */
export function drawLane(strip, { name, label, layout, solid, picked }, k) {
  const drop = BOX_H + 18 + LANE_H * (k + 1) - 5;
  const pieces = strip.pieces(...extent(layout));
  const texts = picked ?? visitNumerals(layout, layout.itemsize * strip.u);
  const words = s("g", { class: "y" });
  for (const [byte, text] of texts) {
    const piece = widestPiece(strip.pieces(byte, byte + layout.itemsize));
    if (!piece) continue;
    const x = piece.x + Math.floor(piece.width / 2);
    const y = topOf(strip, piece.row) + drop - 9;
    words.append(s("text", { x, y, dataset: { byte } }, text));
  }
  const labels = s("g", { class: "z" });
  const rows = pieces.length ? pieces.map((piece) => piece.row) : strip.rows.slice(0, 1);
  const room = Math.floor(Math.max(strip.width, LEAST_TEXT_W) / GLYPH);
  [...new Set(rows)].forEach((row, n) => {
    const y = topOf(strip, row) + drop - 27;
    labels.append(s("text", { x: 1, y }, short(n ? name : label, room)));
  });
  const brackets = pieces.map((piece) => bracketPath(strip, piece, drop, -5)).join("");
  const bars = texts.size || picked ? "" : laneBars(strip, layout, drop - 6);
  if (!picked) strip.svg.append(s("path", { class: solid ? "b" : "w", d: brackets }));
  strip.svg.append(s("path", { class: "k", d: bars }), words, labels);
}

/**
 * A bar under each element that an array sees, where numerals have no room.
 * @param {Strip} strip
 * @param {Layout} lay
 * @param {number} drop
 */
function laneBars(strip, lay, drop) {
  const step = boxUnit(lay);
  const [low, high] = extent(lay);
  let path = "";
  for (const row of strip.rows) {
    const from = Math.max(row * strip.perRow, low);
    const stop = Math.min((row + 1) * strip.perRow, high);
    for (let p = from - modulo(from - lay.offset, step); p < stop; p += step) {
      if (timesRead(lay, p) === 0) continue;
      for (const { x, width, first, last, ...piece } of strip.pieces(p, p + lay.itemsize)) {
        if (piece.row !== row) continue;
        const [left, right] = [3 * Number(first), 3 * Number(last)];
        path += `M${x + left} ${topOf(strip, row) + drop}h${width - left - right}`;
      }
    }
  }
  return path;
}

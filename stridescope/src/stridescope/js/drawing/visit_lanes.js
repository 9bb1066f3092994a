// Lanes under the bytes of a strip: for each array a label, the order of reading above bars in the
// hues of its rows (or tiles with its values), and a bracket.

import { timesRead } from "../model/byte_lookup.js";
import { huesOf } from "../model/reading_rows.js";
import { boxUnit, extent, modulo } from "../model/strides.js";
import { short } from "../model/value_text.js";
import { ordinals, visitNumerals } from "../model/visit_order.js";
import { s } from "./dom.js";
import { addBands } from "./shapes.js";
import { bracketPath, STRIP_FOOT, topOf, widestPiece } from "./strip_geometry.js";

/** @import { LabeledLane, Layout, Strip, StripSpec } from "../types.js" */

/** Height of one lane under a strip, px: a line of text, tiles with numerals, and a bracket. */
const LANE_H = 66;
/** Height of the tiles of a lane, px: with a text in each, and without. */
const TILE_H = 22;
const BAR_H = 8;
const LEAST_TEXT_W = 358;
/** Width of a character of a label, 15 px, px. */
const GLYPH = 9.1;
const STRIDES = /(?<=strides )(\([^)]*\))/;
const TILE_GLYPH = 8;

/**
 * Room below the boxes of a row for lanes; those that end in other rows take none.
 * @param {Layout[]} layouts one for each lane
 * @returns {StripSpec["below"]}
 */
export const laneRoom = (layouts) => (row, pieces, rows) => {
  const here = layouts.map((layout, k) =>
    pieces(...extent(layout)).some((piece) => piece.row === row) ? k + 1 : 0,
  );
  return STRIP_FOOT + LANE_H * (Math.max(...here) || Number(row === rows[0]));
};

/**
 * Draw lane `k` into a strip that left room below: label, tiles, bracket; returns the texts of the
 * tiles.
 * @param {Strip} strip
 * @param {LabeledLane} lane
 * @param {number} k
 */
export function drawLane(strip, { name, label, layout, solid, picked, texts: own, ...lane }, k) {
  const drop = strip.boxHeight + 18 + LANE_H * (k + 1) - 5;
  const pieces = strip.pieces(...extent(layout));
  const room = Math.floor((layout.itemsize * strip.w) / strip.unit);
  const fits = own && [...own.values()].every((text) => text.length * TILE_GLYPH <= room);
  const counted = () => ordinals(picked ?? visitNumerals(layout, room), room);
  const texts = own ? (fits ? own : new Map()) : counted();
  const tile = texts.size ? TILE_H : BAR_H;
  const words = s("g", { class: [own ? "y" : "ord", !picked && "in"] });
  const hues = lane.hues ?? huesOf(layout);
  /** @type {Record<string, string>} */
  const paths = {};
  for (const byte of texts.size || picked ? texts.keys() : laneStarts(strip, layout)) {
    const parts = strip.pieces(byte, byte + layout.itemsize);
    for (const { x, width, row } of parts) {
      const top = topOf(strip, row) + drop - 6 - tile;
      const pale = texts.size ? " p" : "";
      if (!picked) addBands(paths, hues(byte), x + 1, top, width - 2, tile, pale);
    }
    const piece = widestPiece(parts);
    const text = texts.get(byte);
    if (!piece || text === undefined) continue;
    const x = piece.x + Math.floor(piece.width / 2);
    const y = topOf(strip, piece.row) + drop - 12;
    words.append(s("text", { x, y, dataset: { byte } }, text));
  }
  const labels = s("g", { class: "lb" });
  const rows = pieces.length ? pieces.map((piece) => piece.row) : strip.rows.slice(0, 1);
  const most = Math.floor(Math.max(strip.width, LEAST_TEXT_W) / GLYPH);
  [...new Set(rows)].forEach((row, n) => {
    const y = topOf(strip, row) + drop - 35;
    labels.append(s("text", { x: 1, y }, marked(short(n ? name : label, most))));
  });
  for (const [cls, d] of Object.entries(paths)) strip.svg.append(s("path", { class: cls, d }));
  const brackets = pieces.map((piece) => bracketPath(strip, piece, drop, -5)).join("");
  if (!picked) strip.svg.append(s("path", { class: solid ? "b" : "w", d: brackets }));
  strip.svg.append(words, labels);
  return words;
}

/**
 * A label whose strides have the color of strides.
 * @param {string} label
 */
const marked = (label) =>
  label.split(STRIDES).map((part, k) => (k % 2 ? s("tspan", {}, part) : part));

/**
 * First bytes of the elements that touch a drawn row, where numerals have no room.
 * @param {Strip} strip
 * @param {Layout} lay
 */
function laneStarts(strip, lay) {
  const step = boxUnit(lay);
  const [low, high] = extent(lay);
  /** @type {Set<number>} */
  const starts = new Set();
  for (const row of strip.rows) {
    const begin = strip.origin + row * strip.perRow;
    const from = Math.max(begin, low);
    const stop = Math.min(begin + strip.perRow, high);
    for (let p = from - modulo(from - lay.offset, step); p < stop; p += step)
      if (timesRead(lay, p) !== 0) starts.add(p);
  }
  return starts;
}

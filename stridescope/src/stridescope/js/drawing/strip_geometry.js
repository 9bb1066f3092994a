// Geometry of a strip of bytes: which rows are drawn, where boxes start, how wide a byte is. The
// mirror of drawing/strip_geometry.py.

import { modulo } from "../model/strides.js";
import { arcLevels } from "./arcs.js";
import { ARC_LEVEL, BOX_H, WIDE } from "./shapes.js";

/** @import { Arc, ReadValue, StripBox, StripPiece, StripPlan, StripSpec } from "../types.js" */

/** Height of the owner's bracket and one lane under a row, px. */
export const STRIP_FOOT = 30;
const STRIP_BARS = 14;
const STRIP_GAP = 24;
const LEAST_BYTE_W = 11;
const LEAST_BOX_W = 24;
const GLYPH_W = 7;

/**
 * Least width of a byte, px.
 * @param {number} unit
 */
const leastWidth = (unit) => Math.max(LEAST_BYTE_W, Math.ceil(LEAST_BOX_W / unit));

/**
 * The largest power of two of bytes that fits in `width` px, at most 64.
 * @param {number} unit
 * @param {number} width
 */
export function bytesPerRow(unit, width) {
  const most = Math.floor(width / leastWidth(unit));
  return Math.min(64, 2 ** Math.floor(Math.log2(Math.max(1, most))));
}

/**
 * Which rows are drawn: all, or those of the bytes wanted and what follows the first.
 * @param {{low: number, high: number, perRow: number, nbytes: number}} strip
 * @param {number[]} wanted
 * @param {number} most
 */
function stripRows({ low, high, perRow, nbytes }, wanted, most) {
  const first = Math.floor(low / perRow);
  const last = Math.floor((high - 1) / perRow);
  /**
   * @param {number} a
   * @param {number} b
   */
  const range = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i);
  if (last - first <= most) return range(first, last + 1);
  const bytes = [...wanted, low, high - 1, 0, nbytes - 1].filter((b) => b >= low && b < high);
  const rows = [...new Set(bytes.map((b) => Math.floor(b / perRow)))];
  const next = range(rows[0], Math.min(rows[0] + most, last + 1)).filter((r) => !rows.includes(r));
  const more = next.slice(0, Math.max(0, most - rows.length));
  return [...rows.slice(0, most), ...more].sort((a, b) => a - b);
}

/**
 * First bytes of the boxes that touch a drawn row.
 * @param {{rows: number[], perRow: number, unit: number, low: number, high: number}} strip
 * @param {number} phase
 */
function boxStarts({ rows, perRow, unit, low, high }, phase) {
  const starts = new Set();
  for (const row of rows) {
    const from = Math.max(row * perRow, low);
    const stop = Math.min((row + 1) * perRow, high);
    for (let p = from - modulo(from - phase, unit); p < stop; p += unit) starts.add(p);
  }
  return [...starts].sort((a, b) => a - b);
}

/**
 * Width of a byte: the least, or more where values need it and the row has it.
 * @param {number} unit
 * @param {number} perRow
 * @param {Iterable<StripBox>} boxes
 * @param {number} width room, px
 */
function byteWidth(unit, perRow, boxes, width) {
  let longest = 1;
  for (const { value } of boxes) longest = Math.max(longest, value.length);
  const needed = Math.ceil((longest * GLYPH_W + 6) / unit);
  return Math.max(leastWidth(unit), Math.min(needed, Math.floor(width / perRow)));
}

/**
 * Cut a run of bytes at the ends of rows; parts in rows not drawn are left out.
 * @param {{rows: number[], perRow: number, u: number}} strip
 * @param {number} start
 * @param {number} stop
 * @returns {StripPiece[]}
 */
function stripPieces({ rows, perRow, u }, start, stop) {
  return rows.flatMap((row) => {
    const from = row * perRow;
    const a = Math.max(start, from);
    const b = Math.min(stop, from + perRow);
    const ends = { first: a === start, last: b === stop };
    return a < b ? [{ row, x: (a - from) * u, width: (b - a) * u, ...ends }] : [];
  });
}

/**
 * What is drawn of a strip, and where.
 * @param {StripSpec} spec
 * @param {Arc[]} arcs
 * @param {number} width room, px
 * @param {ReadValue} valueAt
 * @returns {StripPlan}
 */
export function stripPlan(spec, arcs, width, valueAt) {
  const { nbytes, unit, phase = 0, wanted = [], times } = spec;
  const low = Math.min(0, spec.low ?? 0);
  const high = Math.max(nbytes, spec.high ?? nbytes);
  const perRow = bytesPerRow(unit, width);
  const rows = stripRows({ low, high, perRow, nbytes }, wanted, width >= WIDE ? 6 : 9);
  /** @type {Map<number, StripBox>} */
  const boxes = new Map();
  for (const byte of boxStarts({ rows, perRow, unit, low, high }, phase))
    boxes.set(byte, newBox(byte, times ? times(byte) : 1, valueAt(byte)));
  const u = byteWidth(unit, perRow, boxes.values(), width);
  /** @param {number} byte */
  const x = (byte) => (byte - Math.floor(byte / perRow) * perRow) * u;
  const isRepeated = [...boxes.values()].some((b) => b.times !== 1 && b.times !== 0);
  const lift = isRepeated ? STRIP_BARS : 0;
  const most = arcLevels({ perRow, u, rows, x }, arcs).map((level) => level + 1);
  const levels = Math.max(spec.levels ?? 1, ...most);
  const above = lift + levels * ARC_LEVEL;
  const stack = stackRows(rows, perRow, above, above + BOX_H + (spec.below ?? STRIP_FOOT));
  const ends = rows.map((row) => Math.min(high - row * perRow, perRow));
  return {
    ...{ spec, nbytes, unit, low, high, perRow, rows, boxes, u, lift, levels, x, ...stack },
    width: Math.max(4, ...ends) * u + 1,
    pieces: (start, stop) => stripPieces({ rows, perRow, u }, start, stop),
  };
}

/**
 * @param {number} byte
 * @param {number | null} times
 * @param {string} value
 * @returns {StripBox}
 */
const newBox = (byte, times, value) => {
  return { byte, times, value, room: 0, role: "", text: null, group: null };
};

/**
 * Place the rows: tops of boxes, texts between rows, height of the drawing.
 * @param {number[]} rows
 * @param {number} perRow
 * @param {number} above px from the top of a row to its boxes
 * @param {number} pitch px of a row
 */
function stackRows(rows, perRow, above, pitch) {
  /** @type {Map<number, number>} */
  const tops = new Map();
  /** @type {StripPlan["gaps"]} */
  const gaps = [];
  let y = 0;
  rows.forEach((row, k) => {
    const left = k ? row - rows[k - 1] - 1 : 0;
    if (left) {
      gaps.push({ y: y + 17, text: `⋯ ${(left * perRow).toLocaleString("en")} bytes` });
      y += STRIP_GAP;
    }
    tops.set(row, y + above);
    y += pitch;
  });
  return { tops, gaps, height: y + 3 };
}

/**
 * The top of the boxes of a row that is drawn, px.
 * @param {{tops: Map<number, number>}} plan
 * @param {number} row
 */
export const topOf = ({ tops }, row) => Number(tops.get(row));

/**
 * The piece with the most room.
 * @param {StripPiece[]} pieces
 * @returns {StripPiece | undefined}
 */
export const widestPiece = (pieces) =>
  pieces.length ? pieces.reduce((a, b) => (b.width > a.width ? b : a)) : undefined;

/**
 * A bracket under one row, with a cap at each end that is really one.
 * @param {StripPlan} plan
 * @param {StripPiece} piece
 * @param {number} drop px below the top of the boxes
 * @param {number} cap px
 */
export function bracketPath(plan, piece, drop, cap) {
  const x = piece.x + 1;
  const y = topOf(plan, piece.row) + drop;
  const start = piece.first ? `M${x} ${y + cap}v${-cap}` : `M${x} ${y}`;
  return `${start}h${piece.width - 2}${piece.last ? `v${cap}` : ""}`;
}

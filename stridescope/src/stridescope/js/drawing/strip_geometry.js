// Geometry of a strip of bytes: which rows are drawn, where boxes start, how wide a byte is. The
// mirror of drawing/strip_geometry.py.

import { modulo } from "../model/strides.js";
import { arcLevels } from "./arcs.js";
import { ARC_LEVEL, BOX_H, WIDE } from "./shapes.js";

/** @import { Arc, ByteGrid, ReadValue, StripBox, StripPiece, StripPlan } from "../types.js" */
/** @import { StripSpec } from "../types.js" */

/** Height of the owner's bracket and the addresses under a row, px. */
export const STRIP_FOOT = 30;
/** From the feet of the boxes down to the bar of a single lane, and its room, px. */
export const LANE_DROP = 30;
const LANE_FOOT = 40;
const STRIP_BARS = 14;
const STRIP_GAP = 24;
const ONE_LINE = 128;
const LEAST_BOX_W = 24;
const ROOMY_BOX_W = 32;
const MOST_BOX_W = 117;
const VALUE_GLYPH_W = 8;
const HEX_BYTE_W = 19;
const MOST_HEX = 16;
const LEGIBLE_W = 44;
/** Height that the bytes of a box in hexadecimal add, px. */
const HEX_H = 18;

/**
 * The largest power of two of boxes that fits in `width` px, at most 64.
 * @param {number} least px
 * @param {number} width
 */
const unitsPerRow = (least, width) =>
  Math.min(64, 2 ** Math.floor(Math.log2(Math.max(1, Math.floor(width / least)))));

/**
 * How a strip is cut into rows: one line that fits or scrolls, several rows where there are many
 * boxes, or where a line must not scroll.
 * @param {{nbytes: number, unit: number, phase?: number, low?: number, high?: number,
 *   hexAt?: ReadValue | null, longest?: number}} spec
 * @param {number} width room, px
 */
export function stripRoom({ nbytes, unit, phase = 0, ...spec }, width) {
  const low = Math.min(0, spec.low ?? 0);
  const high = Math.max(nbytes, spec.high ?? nbytes);
  const isHexed = Boolean(spec.hexAt) && unit <= MOST_HEX;
  const isShort = Math.ceil((high - low) / unit) <= ONE_LINE;
  const least = Math.max(LEAST_BOX_W, isHexed ? unit * HEX_BYTE_W : 0);
  const origin = isShort ? low - modulo(low - phase, unit) : 0;
  const perRow = isShort ? Math.max(high - origin, 1) : unitsPerRow(least, width) * unit;
  const cut = isShort && cutRow(perRow, unit, { least, longest: spec.longest }, width);
  const inLine = isShort && !cut;
  return { low, high, isHexed, inLine, isCut: Boolean(cut), least, origin, perRow: cut || perRow };
}

/**
 * Bytes of a row where a line that would scroll is cut into rows as long as each other; 0 if it
 * fits, or may scroll.
 * @param {number} line bytes
 * @param {number} unit
 * @param {{least: number, longest?: number}} box least width, px, and characters of a value
 * @param {number} width px
 */
function cutRow(line, unit, { least, longest }, width) {
  if (longest === undefined) return 0;
  const needed = Math.max(least, longest * VALUE_GLYPH_W + 8);
  if (Math.floor((width * unit) / line) >= Math.max(least, Math.min(needed, LEGIBLE_W))) return 0;
  const most = Math.max(1, Math.floor(width / Math.min(needed, Math.max(least, MOST_BOX_W))));
  const boxes = Math.ceil(line / unit);
  return Math.ceil(boxes / Math.ceil(boxes / most)) * unit;
}

/**
 * Which rows are drawn: all, or those of the bytes wanted and what follows the first.
 * @param {{low: number, high: number, origin: number, perRow: number, nbytes: number}} strip
 * @param {number[]} wanted
 * @param {number} most
 */
function stripRows({ low, high, origin, perRow, nbytes }, wanted, most) {
  /** @param {number} byte */
  const rowOf = (byte) => Math.floor((byte - origin) / perRow);
  const first = rowOf(low);
  const last = rowOf(high - 1);
  /**
   * @param {number} a
   * @param {number} b
   */
  const range = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i);
  if (last - first <= most) return range(first, last + 1);
  const bytes = [...wanted, low, high - 1, 0, nbytes - 1].filter((b) => b >= low && b < high);
  const rows = [...new Set(bytes.map(rowOf))];
  const next = range(rows[0], Math.min(rows[0] + most, last + 1)).filter((r) => !rows.includes(r));
  const more = next.slice(0, Math.max(0, most - rows.length));
  return [...rows.slice(0, most), ...more].sort((a, b) => a - b);
}

/**
 * First bytes of the boxes that touch a drawn row.
 * @param {{rows: number[], origin: number, perRow: number, unit: number, low: number,
 *   high: number}} strip
 * @param {number} phase
 */
function boxStarts({ rows, origin, perRow, unit, low, high }, phase) {
  const starts = new Set();
  for (const row of rows) {
    const begin = origin + row * perRow;
    const from = Math.max(begin, low);
    const stop = Math.min(begin + perRow, high);
    for (let p = from - modulo(from - phase, unit); p < stop; p += unit) starts.add(p);
  }
  return [...starts].sort((a, b) => a - b);
}

/**
 * Width of a box: one line fills the room, or scrolls if it is too long.
 * @param {ReturnType<typeof stripRoom>} room
 * @param {number} unit
 * @param {Iterable<StripBox>} boxes
 * @param {number} width px
 */
function boxWidth({ inLine, isCut, least, perRow }, unit, boxes, width) {
  let longest = 1;
  for (const { value } of boxes) longest = Math.max(longest, value.length);
  const needed = Math.max(longest * VALUE_GLYPH_W + 8, least);
  const fit = Math.floor((width * unit) / perRow);
  if (isCut) return Math.min(fit, Math.max(least, MOST_BOX_W));
  if (!inLine) return Math.max(least, Math.min(needed, fit));
  if (fit >= Math.max(least, Math.min(needed, LEGIBLE_W)))
    return Math.min(fit, Math.max(MOST_BOX_W, needed));
  return Math.max(ROOMY_BOX_W, least, Math.min(needed, MOST_BOX_W));
}

/**
 * Cut a run of bytes at the ends of rows; parts in rows not drawn are left out.
 * @param {{rows: number[], origin: number, perRow: number, px: (n: number) => number}} strip
 * @param {number} start
 * @param {number} stop
 * @returns {StripPiece[]}
 */
function stripPieces({ rows, origin, perRow, px }, start, stop) {
  return rows.flatMap((row) => {
    const from = origin + row * perRow;
    const a = Math.max(start, from);
    const b = Math.min(stop, from + perRow);
    if (a >= b) return [];
    const x = px(a - from);
    return [{ row, x, width: px(b - from) - x, first: a === start, last: b === stop }];
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
  const room = stripRoom(spec, width);
  const { low, high, origin, perRow, isHexed } = room;
  const extents = { low, high, origin, perRow };
  const rows = stripRows({ ...extents, nbytes }, wanted, width >= WIDE ? 6 : 9);
  /** @type {Map<number, StripBox>} */
  const boxes = new Map();
  for (const byte of boxStarts({ ...extents, rows, unit }, phase))
    boxes.set(byte, newBox(byte, times ? times(byte) : 1, valueAt(byte)));
  const w = boxWidth(room, unit, boxes.values(), width);
  /** @param {number} n bytes */
  const px = (n) => Math.floor((n * w + Math.floor(unit / 2)) / unit);
  /** @type {ByteGrid} */
  const grid = {
    rows,
    rowWidth: px(perRow),
    row: (byte) => Math.floor((byte - origin) / perRow),
    x: (byte) => px(modulo(byte - origin, perRow)),
    middle: (byte) => px(modulo(byte - origin, perRow)) + Math.floor(w / 2),
  };
  const pieces = (/** @type {number} */ start, /** @type {number} */ stop) =>
    stripPieces({ rows, origin, perRow, px }, start, stop);
  const isRepeated = [...boxes.values()].some((b) => b.times !== 1 && b.times !== 0);
  const lift = isRepeated ? STRIP_BARS : 0;
  const most = arcLevels(grid, arcs).map((level) => level + 1);
  const levels = Math.max(spec.levels ?? 1, ...most);
  const above = lift + Math.max(levels * ARC_LEVEL, spec.pathRoom ?? 0);
  const boxHeight = BOX_H + (isHexed ? HEX_H : 0);
  const below = (/** @type {number} */ row) => spec.below?.(row, pieces, rows) ?? LANE_FOOT;
  const stack = stackRows(rows, perRow, above, (row) => above + boxHeight + below(row));
  const ends = pieces(low, high).map((piece) => piece.x + piece.width);
  return {
    ...{ ...grid, rows, spec, nbytes, unit, low, high, origin, perRow, boxes, w, lift, levels },
    ...{ ...stack, isHexed, boxHeight, pieces, inLine: room.inLine },
    width: Math.max(4, ...ends) + 1,
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
 * @param {(row: number) => number} pitch px of a row
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
    y += pitch(row);
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

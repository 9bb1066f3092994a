// The order in which a reading visits its elements: one hop above the boxes for each step. The
// mirror of drawing/reading_path.py.

import { byteOf, sizeOf } from "../model/strides.js";
import { countUp, ordinals, visitNumerals } from "../model/visit_order.js";
import { s } from "./dom.js";
import { dotPath, headPath } from "./shapes.js";

/** @import { Layout, Strip } from "../types.js" */

/** Height of the highest hop, px. */
const HOP_H = 34;
/** What a step back is higher than one ahead, px. */
const BACK_H = 8;
/** Height of the feet of a path above the boxes, px, and while numerals are below them. */
const FEET_H = 4;
const NUMBERED_H = 16;
/** Room that a path needs above the boxes, px. */
export const PATH_ROOM = HOP_H + NUMBERED_H + 4;
/** Most elements whose order is drawn as a path. */
const MOST_HOPS = 72;

/**
 * Whether the order in which a reading visits its elements can be drawn.
 * @param {Layout} layout
 */
export const hasPath = (layout) => sizeOf(layout) > 1 && sizeOf(layout) <= MOST_HOPS;

/**
 * The first bytes of the elements in the order of reading.
 * @param {Layout} layout
 */
export const readingOrder = (layout) =>
  [...countUp(layout.shape)].map((index) => byteOf(layout, index));

/**
 * The path as SVG elements: the steps ahead, the steps back, a dot where it starts and a head at
 * each landing, numerals.
 * @param {Strip} strip
 * @param {Layout} layout
 * @param {number} [steps] elements visited so far, while the path is played: then they are numbered
 */
export function readingPath(strip, layout, steps) {
  const starts = readingOrder(layout).slice(0, steps);
  const feet = steps === undefined ? FEET_H : NUMBERED_H;
  /** @param {number} byte */
  const foot = (byte) => {
    const top = strip.tops.get(strip.row(byte));
    return top === undefined ? undefined : top - strip.lift - feet;
  };
  let [ahead, back, ends] = ["", "", ""];
  for (const [k, to] of starts.slice(1).entries()) {
    const { start, hop, end } = hopPath(strip, foot, starts[k], to);
    const isBack = to < starts[k] && hop !== "";
    if (isBack) back += start + hop;
    ahead += (k || !hop ? "" : start) + (isBack || !hop ? end : hop);
  }
  for (const [k, byte] of starts.entries()) {
    const y = foot(byte);
    const x = strip.middle(byte);
    if (y !== undefined) ends += k ? headPath(x, y) : dotPath(x, y);
  }
  const order = new Map(starts.map((byte, k) => [byte, k + 1]));
  const isNumbered = steps !== undefined && !strip.lift;
  const texts = isNumbered ? pathNumerals(layout, strip.w) : new Map();
  const numerals = [...texts].map(([byte, text]) => {
    const top = strip.tops.get(strip.row(byte));
    const isSeen = top !== undefined && order.has(byte);
    return isSeen && s("text", { x: strip.middle(byte), y: top - 4 }, text);
  });
  return [
    s("path", { class: "way", d: ahead, pathLength: 1 }),
    s("path", { class: "back", d: back }),
    s("path", { class: "f", d: ends }),
    s("g", { class: "ord" }, numerals),
  ];
}

/**
 * When the path visits a byte, as `3rd` or `3×2`.
 * @param {Layout} layout
 * @param {number} room px
 */
const pathNumerals = (layout, room) => ordinals(visitNumerals(layout, room), room);

/**
 * Where a step starts, its curve and where it ends, as parts of a path. A step that leaves its row
 * has no curve, and one to a row that is not shown has no end.
 * @param {Strip} strip
 * @param {(byte: number) => number | undefined} foot
 * @param {number} from
 * @param {number} to
 */
function hopPath(strip, foot, from, to) {
  const [x, last] = [from, to].map((byte) => strip.middle(byte));
  const y = foot(to);
  if (y === undefined) return { start: "", hop: "", end: "" };
  const [start, end] = [`M${x} ${y}`, `M${last} ${y}`];
  if (strip.row(from) !== strip.row(to)) return { start, hop: "", end };
  if (x === last) return { start, hop: "c-9 -18 9 -18 0 0", end };
  // A step back is higher, so that it is not drawn over the steps that it takes back.
  const rise = 8 + Math.floor(Math.sqrt(Math.abs(last - x))) + (last < x ? BACK_H : 0);
  const height = Math.min(HOP_H, rise);
  return { start, hop: `Q${Math.floor((x + last) / 2)} ${y - 2 * height} ${last} ${y}`, end };
}

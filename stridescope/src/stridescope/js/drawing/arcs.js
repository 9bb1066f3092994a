// Stride arcs: the steps from the offset to the element in focus, above the boxes. The mirror of
// drawing/arcs.py.

import { sum } from "../model/strides.js";
import { signed } from "../model/value_text.js";
import { s } from "./dom.js";
import { headPath } from "./shapes.js";

const ARC_JUMPS = 6;
const ARC_LOOP = 34;

/** @import { Arc, ByteGrid, Index, Layout } from "../types.js" */

/**
 * @typedef {object} Leg the part of an arc in one row
 * @property {number} row
 * @property {number} from px
 * @property {number} to px
 * @property {boolean} begins whether the arc begins here
 * @property {boolean} ends whether the arc ends here
 */

/**
 * Arcs from the offset to an element, axis by axis; one for each axis where single steps are too
 * many.
 * @param {Layout} layout
 * @param {Index} index
 */
export function arcsTo(layout, index) {
  const single = sum(index.filter((_, k) => layout.strides[k])) <= ARC_JUMPS;
  /** @type {Arc[]} */
  const arcs = [];
  let byte = layout.offset;
  index.forEach((i, axis) => {
    const st = layout.strides[axis];
    const whole = st === 0 || !single;
    for (let n = 0; n < (whole ? Math.min(i, 1) : i); n++) {
      const step = whole ? i * st : st;
      arcs.push({
        start: byte,
        stop: byte + step,
        axis,
        label: i === 1 || !whole ? signed(st) : `${signed(st)[0]}${i}·${Math.abs(st)}`,
      });
      byte += step;
    }
  });
  return arcs;
}

/**
 * Cut an arc at the end of a row, where it runs out and re-enters in another.
 * @param {ByteGrid} strip
 * @param {Arc} arc
 * @returns {Leg[]}
 */
function arcLegs(strip, arc) {
  const end = strip.rowWidth;
  const [a, b] = [arc.start, arc.stop].map((byte) => strip.middle(byte));
  const [rowA, rowB] = [strip.row(arc.start), strip.row(arc.stop)];
  const forward = arc.stop > arc.start;
  const legs =
    rowA === rowB
      ? [{ row: rowA, from: a, to: b, begins: true, ends: true }]
      : [
          { row: rowA, from: a, to: forward ? end : 0, begins: true, ends: false },
          { row: rowB, from: forward ? 0 : end, to: b, begins: false, ends: true },
        ];
  return legs.filter((leg) => strip.rows.includes(leg.row));
}

/** @param {Leg} leg */
const isLoop = (leg) => leg.from === leg.to && leg.begins && leg.ends;
/**
 * @param {Leg} leg
 * @returns {[low: number, high: number]}
 */
const reachOf = (leg) =>
  isLoop(leg)
    ? [leg.from, leg.to + ARC_LOOP]
    : [Math.min(leg.from, leg.to), Math.max(leg.from, leg.to)];

/**
 * Give each arc the lowest level where it crosses no earlier one.
 * @param {ByteGrid} strip
 * @param {Arc[]} arcs
 */
export function arcLevels(strip, arcs) {
  /** @type {{level: number, leg: Leg}[]} */
  const taken = [];
  /**
   * @param {Leg} leg
   * @param {Leg} other
   */
  const crosses = (leg, other) => {
    const [[a, b], [c, d]] = [reachOf(leg), reachOf(other)];
    return leg.row === other.row && a < d && c < b;
  };
  return arcs.map((arc) => {
    const legs = arcLegs(strip, arc);
    let level = 0;
    while (legs.some((leg) => taken.some((t) => t.level === level && crosses(leg, t.leg))))
      level += 1;
    taken.push(...legs.map((leg) => ({ level, leg })));
    return level;
  });
}

/**
 * One arc, `lift` px above the boxes, with its arrow and label, as SVG elements.
 * @param {ByteGrid} strip
 * @param {Map<number, number>} tops
 * @param {Arc} arc
 * @param {number} lift
 */
export function arcShapes(strip, tops, arc, lift) {
  const legs = arcLegs(strip, arc);
  /** @type {SVGElement[]} */
  const shapes = [];
  for (const leg of legs) {
    const foot = Number(tops.get(leg.row)) - 4;
    const d = legPath(leg, foot - lift - 14, foot);
    shapes.push(s("path", { class: `l${Math.min(arc.axis, 3)}`, d }));
    if (leg.ends && !isLoop(leg)) shapes.push(s("path", { class: "f", d: headPath(leg.to, foot) }));
  }
  if (!legs.length) return shapes;
  /** @param {Leg} leg */
  const width = (leg) => reachOf(leg)[1] - reachOf(leg)[0];
  const widest = legs.reduce((best, leg) => (width(leg) > width(best) ? leg : best));
  const [a, b] = reachOf(widest);
  const room = arc.label.length * 4;
  const x = isLoop(widest)
    ? a + 22
    : Math.min(Math.max(Math.floor((a + b) / 2), room), strip.rowWidth - room);
  const y = Number(tops.get(widest.row)) - lift - 14;
  shapes.push(s("g", { class: "j" }, s("text", { x, y }, arc.label)));
  return shapes;
}

/**
 * Path of one leg: an arc, or half of one where the other half is in another row.
 * @param {Leg} leg
 * @param {number} top
 * @param {number} foot
 */
function legPath(leg, top, foot) {
  const { from: a, to: b } = leg;
  if (!leg.ends) return `M${a} ${foot}Q${a} ${top} ${b} ${top}`;
  if (!leg.begins) return `M${a} ${top}Q${b} ${top} ${b} ${foot}`;
  if (isLoop(leg)) return `M${a - 3} ${top + 8}c-8 -12 14 -12 6 0`;
  const high = foot - Math.floor(((foot - top) * 4) / 3);
  return `M${a} ${foot}C${a} ${high} ${b} ${high} ${b} ${foot}`;
}

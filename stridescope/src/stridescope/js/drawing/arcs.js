// Stride arcs: the steps from the offset to the element in focus, above the boxes. The mirror of
// drawing/arcs.py.

import { sum } from "../model/strides.js";
import { signed } from "../model/value_text.js";
import { s } from "./dom.js";

const ARC_JUMPS = 6;
const ARC_LOOP = 34;
/** How far right of its first byte's edge an arc meets an element, px: where the offset's ▼ is. */
const ARC_EDGE = 6;

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
  const [a, b] = [arc.start, arc.stop].map((byte) => strip.x(byte) + ARC_EDGE);
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
    const top = Number(tops.get(leg.row));
    const y = top - lift - 8;
    shapes.push(s("path", { class: `l${Math.min(arc.axis, 3)}`, d: legPath(leg, y, top - 2) }));
    if (leg.ends && !isLoop(leg))
      shapes.push(s("path", { class: "f", d: `M${leg.to - 4} ${top - 7}h8l-4 6z` }));
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
  const y = Number(tops.get(widest.row)) - lift - 8;
  shapes.push(s("g", { class: "j" }, s("text", { x, y }, arc.label)));
  return shapes;
}

/**
 * Path of one leg: up from its begin, along, down to its end.
 * @param {Leg} leg
 * @param {number} y
 * @param {number} foot
 */
function legPath(leg, y, foot) {
  const { from: a, to: b } = leg;
  if (isLoop(leg)) return `M${a - 3} ${y}c-8 -12 14 -12 6 0`;
  const way = b > a ? 4 : -4;
  const up = leg.begins ? `M${a} ${y}q0 -4 ${way} -4` : `M${a} ${y - 4}`;
  return up + (leg.ends ? `H${b - way}q${way} 0 ${way} 4V${foot}` : `H${b}`);
}

// The axes of an array as a chain: which neighbors a reshape joins, and whether one stride fits.
// The mirror of model/reshape_chain.py.

import { merges, reshaped } from "./reshape.js";
import { axesOfLayout, cStrides, fStrides, product, sizeOf } from "./strides.js";
import { plain, signed } from "./value_text.js";

/** @import { Arc, Axis, ChainLink, Layout, ReshapeResult } from "../types.js" */

/**
 * @param {Layout} lay
 * @returns {Layout}
 */
const flipped = (lay) => ({
  ...lay,
  shape: [...lay.shape].reverse(),
  strides: [...lay.strides].reverse(),
});

/**
 * Links between neighboring axes, in order of the axes.
 * @param {Layout} lay
 * @param {number[]} shape
 * @param {"C" | "F"} order
 * @returns {ChainLink[]}
 */
export function chainLinks(lay, shape, order) {
  const read = order === "F" ? flipped(lay) : lay;
  const asked = order === "F" ? [...shape].reverse() : shape;
  const axes = axesOfLayout(read);
  const joined = joinedAxes(read.shape, asked);
  const links = axes.slice(1).map((inner, k) => {
    return { outer: axes[k], inner, state: linkState(axes[k], inner, joined.has(k)) };
  });
  // An axis of length 1 hides a pair of neighbors: the two around it must merge as well.
  const long = axes.map((_, k) => k).filter((k) => axes[k][0] !== 1);
  long.slice(1).forEach((m, j) => {
    const k = long[j];
    if (m > k + 1 && joined.has(m - 1))
      links[m - 1] = {
        outer: axes[k],
        inner: axes[m],
        state: merges(axes[k], axes[m]) ? "merge" : "fail",
      };
  });
  return order === "F" ? links.reverse() : links;
}

/**
 * @param {Axis} outer
 * @param {Axis} inner
 * @param {boolean} isJoined
 * @returns {ChainLink["state"]}
 */
function linkState(outer, inner, isJoined) {
  if (outer[0] === 1 || inner[0] === 1) return "free";
  return isJoined ? (merges(outer, inner) ? "merge" : "fail") : "apart";
}

/**
 * Each k where axes k and k + 1 are read as one: no cut of the new shape falls there.
 * @param {number[]} old
 * @param {number[]} shape
 * @returns {Set<number>}
 */
function joinedAxes(old, shape) {
  if (old.includes(0)) return new Set();
  const cuts = new Set([1]);
  const joined = new Set();
  shape.reduce((total, n) => {
    cuts.add(total * n);
    return total * n;
  }, 1);
  let total = 1;
  old.slice(0, -1).forEach((n, k) => {
    total *= n;
    if (!cuts.has(total)) joined.add(k);
  });
  return joined;
}

/**
 * The condition for one stride: 8 = 2·24; with another sign, whether it is met.
 * @param {ChainLink} link
 */
export const linkEquation = ({ outer, inner }, sign = "=") =>
  `${plain(outer[1])} ${sign} ${inner[0]}·${plain(inner[1])}`;

/**
 * What the equation says.
 * @param {ChainLink} link
 */
export function linkWords({ inner, state }) {
  return {
    merge: "true: one axis",
    fail: `= ${plain(inner[0] * inner[1] || 0)}`,
    apart: "stay apart",
    free: "length 1",
  }[state];
}

/**
 * What reshape gives: strides of a view or a copy, or NumPy's refusal.
 * @param {Layout} lay
 * @param {number[]} shape
 * @param {"C" | "F"} order
 * @returns {ReshapeResult}
 */
export function reshapeResult(lay, shape, order) {
  if (product(shape) !== sizeOf(lay)) {
    const text = `(${shape.join(",")}${shape.length === 1 ? "," : ""})`;
    return {
      refused: `ValueError: cannot reshape array of size ${sizeOf(lay)} into shape ${text}`,
    };
  }
  const turn = order === "F";
  const result = turn ? reshaped(flipped(lay), [...shape].reverse()) : reshaped(lay, shape);
  if (result.fails) return { copy: (turn ? fStrides : cStrides)(shape, lay.itemsize) };
  return { view: turn ? [...result.layout.strides].reverse() : result.layout.strides };
}

/**
 * The walk along the inner axis and one step of the outer, as words and arcs.
 * @param {number} offset
 * @param {ChainLink} link
 * @returns {{arcs: Arc[], text: string}}
 */
export function chainWalk(offset, { outer, inner, state }) {
  const [n, t] = inner;
  const most = 3;
  const shown = Math.min(n - 1, most);
  const long = n - 1 > most;
  const places = Array.from({ length: shown + 1 }, (_, k) => offset + k * t);
  if (long) places[shown] = offset + (n - 1) * t;
  places.push(offset + outer[1]);
  const names = places.slice(1).map((p, k) => signed(p - places[k]));
  if (long) names[shown - 1] = `${signed(t)} ×${n - shown}`;
  const arcs = names.map((label, k) => ({
    start: places[k],
    stop: places[k + 1],
    axis: k === names.length - 1 ? 0 : 1,
    label,
  }));
  const end = state === "merge" ? "One stride fits." : "No single stride fits.";
  const walk = `Walk ${places.map(plain).join(" → ")}: steps ${names.join(", ")}.`;
  return { arcs, text: `${walk} ${end}` };
}

/**
 * Shapes of up to three axes, longer than 1, that hold `size` elements; at most `most`.
 * @param {number} size
 */
export function fittingShapes(size, most = 10) {
  const shapes = size > 0 ? [[size]] : [];
  /** @param {number} n */
  const halves = (n) =>
    Array.from({ length: Math.min(n, 4096) }, (_, k) => k + 2).filter((k) => k < n && n % k === 0);
  for (const k of halves(size)) shapes.push([k, size / k]);
  for (const k of halves(size)) for (const m of halves(size / k)) shapes.push([k, m, size / k / m]);
  return shapes.slice(0, most);
}

// A model of a cache: which 64-byte lines a walk over an array loads. The mirror of
// model/cache_lines.py.

import { byteOf } from "./strides.js";

/** @import { Index, Layout, Visit, VisitOrder } from "../types.js" */

/** Bytes of a cache line. */
export const LINE = 64;
/** Most visits that are walked. */
export const VISITS = 20000;

/**
 * All indices of a shape in an order.
 * @param {number[]} shape
 * @param {VisitOrder} order
 * @param {number} block rows and columns of a block
 * @returns {Generator<Index, void>}
 */
function* visitOrder(shape, order, block) {
  if (order === "F") {
    for (const index of countUp([...shape].reverse())) yield index.reverse();
    return;
  }
  if (order === "C" || shape.length < 2) {
    yield* countUp(shape);
    return;
  }
  const [rows, cols] = shape.slice(-2);
  const lead = shape.slice(0, -2);
  for (const where of countUp(lead)) {
    for (let i = 0; i < rows; i += block)
      for (let j = 0; j < cols; j += block) {
        for (const [a, b] of countUp([Math.min(block, rows - i), Math.min(block, cols - j)]))
          yield [...where, i + a, j + b];
      }
  }
}

/**
 * Indices of a shape, last axis fastest.
 * @param {number[]} shape
 * @returns {Generator<Index, void>}
 */
function* countUp(shape) {
  if (shape.some((n) => n === 0)) return;
  const index = shape.map(() => 0);
  while (true) {
    yield [...index];
    let axis = shape.length - 1;
    while (axis >= 0 && ++index[axis] === shape[axis]) index[axis--] = 0;
    if (axis < 0) return;
  }
}

/**
 * The visits one by one, with the lines each reads, those it loads, and what the cache holds after
 * it.
 * @param {Layout} layout
 * @param {VisitOrder} order
 * @param {number} lines the most that the cache holds
 * @param {number} block
 * @returns {Visit[]}
 */
export function walkLines(layout, order, lines, block) {
  /** @type {Set<number>} */
  const cache = new Set();
  /** @type {Visit[]} */
  const visits = [];
  for (const index of visitOrder(layout.shape, order, block)) {
    if (visits.length === VISITS) break;
    const byte = byteOf(layout, index);
    const touched = [];
    const loaded = [];
    const last = Math.floor((byte + Math.max(layout.itemsize, 1) - 1) / LINE);
    for (let line = Math.floor(byte / LINE); line <= last; line++) {
      touched.push(line);
      if (!useLine(cache, line, lines)) loaded.push(line);
    }
    visits.push({ index, byte, lines: touched, loaded, held: loaded.length ? [...cache] : null });
  }
  return visits;
}

/**
 * Put a line last in the cache; return whether it was there.
 * @param {Set<number>} cache
 * @param {number} line
 * @param {number} most
 */
function useLine(cache, line, most) {
  const hit = cache.delete(line);
  if (!hit && cache.size === most) {
    const [oldest] = cache;
    cache.delete(oldest);
  }
  cache.add(line);
  return hit;
}

/**
 * How many lines the first visits loaded.
 * @param {Visit[]} visits
 */
export const loadsOf = (visits, upTo = visits.length) =>
  visits.slice(0, upTo).reduce((n, v) => n + v.loaded.length, 0);

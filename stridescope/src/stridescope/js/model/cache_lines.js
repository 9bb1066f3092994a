// A model of a cache: which 64-byte lines a walk over an array loads. The mirror of
// model/cache_lines.py.

import { byteOf } from "./strides.js";
import { visitOrder } from "./visit_order.js";

/** @import { Layout, Visit, VisitOrder } from "../types.js" */

/** Bytes of a cache line. */
export const LINE = 64;
/** Most visits that are walked. */
export const VISITS = 20000;

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

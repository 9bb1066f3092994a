// A model of a cache: which 64-byte lines a walk over an array loads. The mirror of cache.py.

import { byteOf } from "./strides.js";

/** Bytes of a cache line. */
export const LINE = 64;
/** Most visits that are walked. */
export const VISITS = 20000;

/** All indices of a shape in an order: "C", "F" or "blocks". */
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

/** Indices of a shape, last axis fastest. */
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

/** The visits in turn, with the lines each reads, those it loads, and what the cache holds after it. */
export function walkLines(layout, order, lines, block) {
  const held = new Set();
  const visits = [];
  for (const index of visitOrder(layout.shape, order, block)) {
    if (visits.length === VISITS) break;
    const byte = byteOf(layout, index);
    const touched = [];
    const loaded = [];
    for (
      let line = Math.floor(byte / LINE);
      line <= Math.floor((byte + Math.max(layout.itemsize, 1) - 1) / LINE);
      line++
    ) {
      touched.push(line);
      if (!useLine(held, line, lines)) loaded.push(line);
    }
    visits.push({ index, byte, lines: touched, loaded, held: loaded.length ? [...held] : null });
  }
  return visits;
}

/** Put a line last in the cache; return whether it was there. */
function useLine(held, line, most) {
  const hit = held.delete(line);
  if (!hit && held.size === most) held.delete(held.values().next().value);
  held.add(line);
  return hit;
}

/** How many lines the first visits loaded. */
export const loadsOf = (visits, upTo = visits.length) =>
  visits.slice(0, upTo).reduce((n, v) => n + v.loaded.length, 0);

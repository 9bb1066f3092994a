// The order in which an array reads its elements. The mirror of model/visit_order.py.

import { byteOf, isAligned, sizeOf } from "./strides.js";

/** @import { CopiedElement, Index, Layout, VisitOrder } from "../types.js" */

/** Most elements that are drawn and numbered. */
export const SHOWN = 200;
/** Width of a numeral, px. */
const NUMERAL_W = 8;

/**
 * Indices of a shape, last axis fastest.
 * @param {number[]} shape
 * @returns {Generator<Index, void>}
 */
export function* countUp(shape) {
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
 * All indices of a shape in an order.
 * @param {number[]} shape
 * @param {VisitOrder} order
 * @param {number} block rows and columns of a block
 * @returns {Generator<Index, void>}
 */
export function* visitOrder(shape, order, block) {
  if (order === "F") for (const index of countUp([...shape].reverse())) yield index.reverse();
  else if (order === "C" || shape.length < 2) yield* countUp(shape);
  else yield* blockOrder(shape, block);
}

/**
 * Indices block by block along the last two axes.
 * @param {number[]} shape
 * @param {number} block
 * @returns {Generator<Index, void>}
 */
function* blockOrder(shape, block) {
  const [rows, cols] = shape.slice(-2);
  for (const lead of countUp(shape.slice(0, -2))) {
    for (let i = 0; i < rows; i += block)
      for (let j = 0; j < cols; j += block) {
        const size = [Math.min(block, rows - i), Math.min(block, cols - j)];
        for (const [a, b] of countUp(size)) yield [...lead, i + a, j + b];
      }
  }
}

/**
 * By the byte where an element starts, its first visit and how many there are, as text; empty where
 * there are too many elements, or no room for a numeral.
 * @param {Layout} lay
 * @param {number} room px
 * @returns {Map<number, string>}
 */
export function visitNumerals(lay, room = Infinity) {
  if (!sizeOf(lay) || sizeOf(lay) > SHOWN || !isAligned(lay)) return new Map();
  /** @type {Map<number, [first: number, count: number]>} */
  const visits = new Map();
  let visit = 0;
  for (const index of countUp(lay.shape)) {
    visit += 1;
    const byte = byteOf(lay, index);
    const [first, count] = visits.get(byte) ?? [visit, 0];
    visits.set(byte, [first, count + 1]);
  }
  return numerals(visits, room);
}

/**
 * The numerals of a copy by the byte that each element was picked from.
 * @param {Layout} copy
 * @param {CopiedElement[]} reads
 * @param {number} room px
 * @returns {Map<number, string>}
 */
export function pickedNumerals(copy, reads, room) {
  const texts = visitNumerals(copy);
  if (!texts.size) return texts;
  /** @type {Map<number, [first: number, count: number]>} */
  const visits = new Map();
  for (const { from, to } of reads) {
    const visit = Number(texts.get(to));
    const [first, count] = visits.get(from) ?? [visit, 0];
    visits.set(from, [Math.min(first, visit), count + 1]);
  }
  return numerals(visits, room);
}

/**
 * Numerals as ordinals, `1st`, so that they cannot be taken for values; unchanged where one is too
 * wide for the room or counts several visits.
 * @param {Map<number, string>} texts
 * @param {number} room px
 * @returns {Map<number, string>}
 */
export function ordinals(texts, room) {
  const found = [...texts].map(([byte, text]) => ({ byte, text: ordinal(Number(text)) }));
  const fits = found.every(({ text }) => text && text.length * NUMERAL_W <= room);
  return fits ? new Map(found.map(({ byte, text }) => [byte, text])) : texts;
}

/**
 * @param {number} n NaN for several visits
 */
function ordinal(n) {
  if (Number.isNaN(n)) return "";
  const isTeen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(isTeen ? "" : ["", "st", "nd", "rd"][n % 10]) || "th"}`;
}

/**
 * First visits with their counts as text; empty if one is wider than the room.
 * @param {Map<number, [first: number, count: number]>} visits
 * @param {number} room px
 * @returns {Map<number, string>}
 */
function numerals(visits, room) {
  const texts = new Map();
  for (const [byte, [first, count]] of visits) {
    const text = count === 1 ? `${first}` : `${first}×${count}`;
    if (text.length * NUMERAL_W > room) return new Map();
    texts.set(byte, text);
  }
  return texts;
}

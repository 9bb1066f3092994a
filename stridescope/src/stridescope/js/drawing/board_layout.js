// Where the boards, rows and columns of a grid are drawn, and which are left out. The mirror of
// drawing/board_layout.py and drawing/grid.py.

import { product } from "../model/strides.js";
import { SHOWN } from "../model/visit_order.js";
import { CELL_H, CELL_LARGE, CELL_W, WIDE } from "./shapes.js";

/** @import { Board, GridPlace, GridPlan, Index, Slots } from "../types.js" */

/** Width of columns left out, px. */
export const GRID_GAP_W = 28;
/** Height of rows left out, px. */
export const GRID_GAP_H = 22;
/** Sizes of cells, px; the largest that fits is taken. */
const CELLS = /** @type {[number, number][]} */ ([
  [CELL_LARGE, 52],
  [60, 44],
  [52, 38],
  [CELL_W, CELL_H],
]);
/** Height up to which rows may have larger cells, px. */
const TALL = 400;
/** Part of the width that elements with rows may fill, so that the formula fits beside them. */
const BESIDE = 5 / 8;
/** Most boards that are stacked on a phone. */
const STACKED = 4;
const BOARD_GAP_W = 20;
const BOARD_GAP_H = 8;

/**
 * Which indices of each axis are drawn.
 * @param {number[]} shape
 * @param {Index | null} focus
 * @param {number} width room, px
 * @returns {Slots[]}
 */
export function gridWindow(shape, focus, width) {
  const boards = shape.length - 2;
  let limits = [8, width >= WIDE ? 12 : 6];
  if (product(shape) <= SHOWN) limits = [...Array(Math.max(boards, 0)).fill(16), 16, 15];
  else if (boards > 0) limits = [...Array(boards - 1).fill(1), 4, 4, 5];
  return shape.map((n, k) => slotsOf(n, limits[limits.length - shape.length + k], focus?.[k] ?? 0));
}

/**
 * @param {number} n
 * @param {number} limit
 * @param {number} focus
 * @returns {Slots}
 */
function slotsOf(n, limit, focus) {
  /**
   * @param {number} a
   * @param {number} b
   */
  const range = (a, b) => Array.from({ length: b - a }, (_, i) => a + i);
  if (n <= limit) return range(0, n);
  const tail = Math.floor(limit / 3);
  const ends = [...range(0, limit - tail), ...range(n - tail, n)];
  const shown = tail ? [...new Set([...ends, focus])].sort((a, b) => a - b) : [focus];
  const slots = shown.flatMap((i, k) => (i === (k ? shown[k - 1] : -1) + 1 ? [i] : [null, i]));
  return shown.at(-1) === n - 1 ? slots : [...slots, null];
}

/** @param {Slots} slots */
const drawnIn = (slots) => slots.filter((i) => i !== null);

/**
 * Every combination of one entry of each list.
 * @param {number[][]} lists
 */
const combinations = (lists) =>
  lists.reduce(
    (all, list) => all.flatMap((head) => list.map((i) => [...head, i])),
    /** @type {number[][]} */ ([[]]),
  );

/**
 * Places of boards, rows and columns, px.
 * @param {number[]} shape
 * @param {Index | null} focus
 * @param {number} width room
 * @returns {GridPlan}
 */
export function gridPlan(shape, focus, width) {
  const axes = gridWindow(shape, focus, width);
  const lead = axes.slice(0, -2);
  const flat = axes.length < 2;
  const rows = flat ? [0] : axes[axes.length - 2];
  const cols = axes.at(-1) ?? [0];
  const left = flat ? 0 : 24 + 8 * Math.max(...drawnIn(rows).map((i) => String(i).length));
  const top = axes.length ? 36 : 2;
  const head = lead.length ? 20 : 0;
  const all = combinations(lead.map(drawnIn));
  const titles = all.map((at) => boardTitle(lead, at));
  const titleWidth = lead.length ? left + 8 * Math.max(...titles.map((t) => t.length)) : 0;
  const lengths = lead.map((slots) => drawnIn(slots).length);
  const isStacked = width < WIDE && all.length <= STACKED;
  const room = width >= WIDE && !flat && !lead.length ? Math.floor(width * BESIDE) : width;
  const across = lead.length && !isStacked ? Number(lengths.at(-1)) : 1;
  /** @param {[width: number, height: number]} cell */
  const boardSize = (cell) => ({
    wide: Math.max(left + slotsWidth(cols, cell), titleWidth),
    tall: top + head + slotsHeight(rows, cell),
  });
  const cell =
    CELLS.find((one) => {
      const { wide, tall } = boardSize(one);
      const line = (wide + BOARD_GAP_W) * across - BOARD_GAP_W;
      const high = isStacked ? tall * all.length : tall;
      return line <= room && (high <= TALL || one[1] === CELL_H);
    }) ?? CELLS[CELLS.length - 1];
  const w = boardSize(cell).wide + BOARD_GAP_W;
  const tall = boardSize(cell).tall + BOARD_GAP_H;
  const most = Math.max(1, Math.floor((width + BOARD_GAP_W) / w));
  const { perLine, place } = boardLines(lengths, isStacked ? 1 : most);
  const boards = all.map((at, k) => {
    const [line, column] = place(k);
    return { at, title: titles[k], x: column * w + 1 + left, y: line * tall + 1 + head + top };
  });
  const lines = all.length ? place(all.length - 1)[0] + 1 : 0;
  const size = { width: perLine * w - 18, height: lines * tall - 6 };
  return { rows, cols, left, top, flat, boards, cell, ndim: shape.length, ...size };
}

/**
 * How many boards are in a line where `fit` would fit, and line and column of each: lines break
 * where an outer axis steps.
 * @param {number[]} lengths
 * @param {number} fit
 */
export function boardLines(lengths, fit) {
  let run = 1;
  let group = 1;
  for (const n of [...lengths].reverse()) {
    group = run * n;
    if (group > fit) break;
    run = group;
  }
  const perLine = run === group ? run : Math.floor(fit / run) * run;
  const lines = Math.ceil(group / perLine);
  /**
   * @param {number} k
   * @returns {[line: number, column: number]}
   */
  const place = (k) => [
    Math.floor(k / group) * lines + Math.floor((k % group) / perLine),
    (k % group) % perLine,
  ];
  return { perLine, place };
}

/**
 * @param {Slots} slots
 * @param {[width: number, height: number]} cell
 */
export const slotsWidth = (slots, [w]) =>
  slots.reduce((/** @type {number} */ px, i) => px + (i === null ? GRID_GAP_W : w), 0);

/**
 * @param {Slots} slots
 * @param {[width: number, height: number]} cell
 */
export const slotsHeight = (slots, [, h]) =>
  slots.reduce((/** @type {number} */ px, i) => px + (i === null ? GRID_GAP_H : h), 0);

/**
 * @param {Slots[]} lead
 * @param {Index} at
 */
function boardTitle(lead, at) {
  const isAfterGap = lead.some((slots, k) => at[k] && slots[slots.indexOf(at[k]) - 1] === null);
  return `${isAfterGap ? "⋯ " : ""}[${at.join()}, …]`;
}

/**
 * Every cell drawn, by index.
 * @param {GridPlan} plan
 */
export function gridPlaces(plan) {
  /** @type {Map<string, GridPlace>} */
  const places = new Map();
  for (const board of plan.boards) {
    let y = board.y;
    for (const i of plan.rows) {
      if (i !== null) placeRow(places, plan, board, i, y);
      y += i === null ? GRID_GAP_H : plan.cell[1];
    }
  }
  return places;
}

/**
 * @param {Map<string, GridPlace>} places
 * @param {GridPlan} plan
 * @param {Board} board
 * @param {number} i
 * @param {number} y
 */
function placeRow(places, plan, board, i, y) {
  let x = board.x;
  for (const j of plan.cols) {
    if (j !== null) {
      const index = [...board.at, ...[i, j].slice(2 - Math.min(plan.ndim, 2))];
      places.set(index.join(), { index, x, y });
    }
    x += j === null ? GRID_GAP_W : plan.cell[0];
  }
}

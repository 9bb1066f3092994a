// A table of cells with numbered rows and columns, as `traverse` and `windows` draw it. The mirror
// of drawing/cell_table.py.

import { s } from "./dom.js";
import { addBands, CELL_H, CELL_W, rectPath } from "./shapes.js";

/** @import { CellTable, Slots, TableCell } from "../types.js" */

const TABLE_HEAD = 20;
const TABLE_GAP_W = 28;
const TABLE_GAP_H = 22;

/**
 * @typedef {object} TableSpec what a table shows
 * @property {Slots} rows
 * @property {Slots} cols
 * @property {string[]} [labels] texts before the rows drawn; their numbers by default
 * @property {string} [title]
 * @property {number} [width] of a cell, px
 * @property {string} label for a screen reader
 */

/**
 * @typedef {object} Places places along an axis of a table, px
 * @property {Map<number, number>} at start of each slot drawn
 * @property {number[]} gaps starts of those left out
 * @property {number} end
 */

/**
 * Draw a table.
 * @param {TableSpec} spec
 * @returns {CellTable}
 */
export function drawCells({ rows, cols, labels, title, width = CELL_W, label }) {
  const shown = rows.filter((i) => i !== null);
  const names = labels ?? shown.map(String);
  const y = title ? 18 : 0;
  const left = 10 + Math.round(7.9 * Math.max(0, ...names.map((t) => t.length)));
  const xs = tablePlaces(cols, width, TABLE_GAP_W, left + 1);
  const ys = tablePlaces(rows, CELL_H, TABLE_GAP_H, y + TABLE_HEAD);
  const svg = s("svg", {
    width: Math.max(xs.end + 1, 10 + 7 * (title?.length ?? 0)),
    height: ys.end + 2,
    role: "img",
    "aria-label": label,
  });
  const marks = s("g");
  const ring = s("path", { class: "r" });
  const words = s("g");
  /** @type {Map<string, TableCell>} */
  const cells = new Map();
  svg.append(marks, s("path", { class: "e", d: tableEdges(xs, ys, width) }), ring, words);
  /**
   * @param {string} cls
   * @param {number} x
   * @param {number} at
   * @param {string | number} text
   */
  const write = (cls, x, at, text) =>
    words.append(s("g", { class: cls }, s("text", { x, y: at }, text)));
  if (title) write("z", 1, 13, title);
  shown.forEach((i, k) => {
    write("s x", left - 5, Number(ys.at.get(i)) + 21, names[k]);
  });
  for (const [j, x] of xs.at) write("s", x + width / 2, y + 14, j);
  for (const top of ys.gaps)
    for (const x of xs.at.values()) write("s", x + width / 2, top + 15, "⋮");
  for (const x of xs.gaps)
    for (const top of ys.at.values()) write("s", x + TABLE_GAP_W / 2, top + 20, "⋯");
  for (const [i, top] of ys.at)
    for (const [j, x] of xs.at) cells.set(`${i},${j}`, tableCell(words, i, j, x, top, width));
  return {
    ...{ svg, cells, ring, marks, width },
    fill: (hues) => fillCells(marks, cells, hues, width),
    at: (x, top) => hitCell(cells, x, top, width),
    around: (i, j, m, n) => ring.setAttribute("d", tableRing(cells, i, j, m, n, width)),
  };
}

/**
 * Fill cells below the edges; the others have no fill.
 * @param {SVGGElement} marks
 * @param {Map<string, TableCell>} cells
 * @param {(index: TableCell["index"]) => number | null} hues
 * @param {number} width
 */
function fillCells(marks, cells, hues, width) {
  /** @type {Record<string, string>} */
  const paths = {};
  for (const { index, x, y } of cells.values()) {
    const hue = hues(index);
    if (hue !== null) addBands(paths, [hue], x, y, width, CELL_H);
  }
  marks.replaceChildren(...Object.entries(paths).map(([cls, d]) => s("path", { class: cls, d })));
}

/**
 * The index of the cell at a place in px, or null.
 * @param {Map<string, TableCell>} cells
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function hitCell(cells, x, y, width) {
  for (const cell of cells.values()) {
    const isInside = x >= cell.x && x < cell.x + width && y >= cell.y && y < cell.y + CELL_H;
    if (isInside) return cell.index;
  }
  return null;
}

/**
 * @param {Slots} slots
 * @param {number} size px of a slot
 * @param {number} gap px of a slot left out
 * @param {number} start px
 * @returns {Places}
 */
function tablePlaces(slots, size, gap, start) {
  const at = new Map();
  const gaps = [];
  let end = start;
  for (const slot of slots) {
    if (slot === null) gaps.push(end);
    else at.set(slot, end);
    end += slot === null ? gap : size;
  }
  return { at, gaps, end };
}

/**
 * Runs of cells that touch: start in px, number.
 * @param {Map<number, number>} places
 * @param {number} size
 */
function tableRuns(places, size) {
  /** @type {[start: number, count: number][]} */
  const runs = [];
  for (const at of places.values()) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] * size === at) last[1] += 1;
    else runs.push([at, 1]);
  }
  return runs;
}

/**
 * @param {Places} xs
 * @param {Places} ys
 * @param {number} width
 */
function tableEdges(xs, ys, width) {
  let path = "";
  for (const [y, rows] of tableRuns(ys.at, CELL_H)) {
    for (const [x, cols] of tableRuns(xs.at, width)) {
      path += rectPath(x, y, cols * width, rows * CELL_H);
      for (let k = 1; k < cols; k++) path += `M${x + k * width} ${y}v${rows * CELL_H}`;
      for (let k = 1; k < rows; k++) path += `M${x} ${y + k * CELL_H}h${cols * width}`;
    }
  }
  return path;
}

/**
 * @param {SVGGElement} words
 * @param {number} i
 * @param {number} j
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @returns {TableCell}
 */
function tableCell(words, i, j, x, y, width) {
  const text = s("text", { x: x + width / 2, y: y + 21 });
  const group = s("g", { dataset: { index: `${i},${j}` } }, text);
  words.append(group);
  /** @type {TableCell} */
  const cell = {
    ...{ index: [i, j], x, y, text: "" },
    write: (value, cls = "") => {
      cell.text = value;
      if (text.textContent !== value) text.textContent = value;
      if ((group.getAttribute("class") ?? "") !== cls) group.setAttribute("class", cls);
    },
  };
  return cell;
}

/**
 * The ring around the cells drawn of m rows from i and n columns from j.
 * @param {Map<string, TableCell>} cells
 * @param {number} i
 * @param {number} j
 * @param {number} m
 * @param {number} n
 * @param {number} width
 */
function tableRing(cells, i, j, m, n, width) {
  const inside = [...cells.values()].filter(
    ({ index: [r, c] }) => r >= i && r < i + m && c >= j && c < j + n,
  );
  if (!inside.length) return "";
  const xs = inside.map((c) => c.x);
  const ys = inside.map((c) => c.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return rectPath(x + 1, y + 1, Math.max(...xs) - x + width - 2, Math.max(...ys) - y + CELL_H - 2);
}

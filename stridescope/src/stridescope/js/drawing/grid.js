// The grid of elements: axis 0 down, axis 1 right, further axes as boards side by side. The mirror
// of drawing/grid.py.

import { boxHues, rowHue } from "../model/reading_rows.js";
import { byteOf } from "../model/strides.js";
import { short } from "../model/value_text.js";
import {
  GRID_GAP_H,
  GRID_GAP_W,
  gridPlaces,
  gridPlan,
  slotsHeight,
  slotsWidth,
} from "./board_layout.js";
import { s } from "./dom.js";
import { addBands, CELL_LARGE, CELL_W, hatchPath, rectPath } from "./shapes.js";

/** @import { Attributes, Board, CountReads, Grid, GridBox, GridPlace } from "../types.js" */
/** @import { GridPlan, HuesAt, Index, Layout, ReadValue } from "../types.js" */

/** Characters that fit into a cell. */
const CELL_ROOM = 5;

/** @typedef {{h: string, q: string, ag: string}} GridPaths path data by class */

/**
 * @typedef {object} GridSpec what a cell is drawn of, and into
 * @property {Layout} layout
 * @property {ReadValue} valueAt
 * @property {CountReads} [times]
 * @property {HuesAt} [hueAt] by byte; by row if left out
 * @property {Set<number>} drawn bytes of the elements drawn so far
 * @property {GridPaths} paths
 * @property {Record<string, string>} hues fills by class
 * @property {SVGGElement} cells
 * @property {GridPlan} plan
 */

/**
 * Draw an array's elements.
 * @param {Layout} layout
 * @param {ReadValue} valueAt text of an element; "?" is hatched as outside
 * @param {Index | null} focus
 * @param {number} width room, px
 * @param {{name?: string, times?: CountReads, label?: string, hues?: HuesAt}} [options]
 * @returns {Grid}
 */
export function drawGrid(layout, valueAt, focus, width, options = {}) {
  const plan = gridPlan(layout.shape, focus, width);
  const svg = s("svg", {
    width: plan.width,
    height: plan.height,
    role: "img",
    "aria-label": options.label ?? `Elements of ${options.name ?? "a"}`,
  });
  /** @type {GridPaths} */
  const paths = { h: "", q: "", ag: "" };
  const fills = s("g");
  const heads = s("g");
  const cells = s("g");
  for (const board of plan.boards) boardFrame(plan, board, heads);
  /** @type {Map<string, GridBox>} */
  const boxes = new Map();
  /** @type {Record<string, string>} */
  const hues = {};
  const { times, hues: hueAt } = options;
  const spec = { layout, valueAt, times, hueAt, drawn: new Set(), paths, hues, cells, plan };
  for (const [key, place] of gridPlaces(plan)) boxes.set(key, drawBox(place, spec));
  for (const [cls, d] of Object.entries(hues)) fills.append(s("path", { class: cls, d }));
  const ring = s("path", { class: "r" });
  svg.append(fills, axisLines(plan));
  for (const [cls, d] of Object.entries(paths)) if (d) svg.append(s("path", { class: cls, d }));
  svg.append(ring, heads, cells);
  /** @type {GridBox[]} */
  const lit = [];
  /** @type {Grid} */
  const grid = {
    ...{ svg, boxes, ring, fills },
    at: (x, y) => hitBox(boxes, plan.cell, x, y),
    box: (index) => boxes.get(index.join()),
    show: (index, also) => showInGrid({ boxes, ring, heads, lit, plan }, index, also),
    rewrite: (read) => rewriteGrid(boxes, read),
  };
  grid.show(focus);
  return grid;
}

/**
 * Dots and numbers of one board.
 * @param {GridPlan} plan
 * @param {Board} board
 * @param {SVGGElement} heads
 */
function boardFrame(plan, board, heads) {
  const key = board.at.join();
  const [cellW, cellH] = plan.cell;
  /**
   * @param {string} cls
   * @param {number} x
   * @param {number} y
   * @param {string} text
   * @param {Attributes["dataset"]} [dataset]
   */
  const head = (cls, x, y, text, dataset) =>
    heads.append(s("g", { class: cls }, s("text", { x, y, dataset }, text)));
  if (key) head("z", board.x, board.y - plan.top - 6, board.title, { board: key });
  let x = board.x;
  for (const j of plan.cols) {
    if (j === null)
      for (const y of rowTops(plan, board))
        head("s", x + GRID_GAP_W / 2, y + baseline(plan) - 1, "⋯");
    else if (plan.ndim && String(j).length <= CELL_ROOM)
      head("s", x + cellW / 2, board.y - 5, String(j), { board: key, col: j });
    x += j === null ? GRID_GAP_W : cellW;
  }
  const last = plan.cols.at(-1) ?? 0;
  if (String(last).length > CELL_ROOM)
    head("s", x - cellW / 2, board.y - 5, "last", { board: key, col: last });
  let y = board.y;
  for (const i of plan.rows) {
    if (i === null) head("s", board.x + cellW / 2, y + 15, "⋮");
    else if (!plan.flat)
      head("s x", board.x - 6, y + baseline(plan), String(i), { board: key, row: i });
    y += i === null ? GRID_GAP_H : cellH;
  }
}

/**
 * Distance of the baseline of a text from the top of its cell, px.
 * @param {GridPlan} plan
 */
const baseline = ({ cell: [w, h] }) => Math.floor(h / 2) + 5 + Number(w === CELL_LARGE);

/**
 * Tops of the rows drawn, px.
 * @param {GridPlan} plan
 * @param {Board} board
 */
function rowTops(plan, board) {
  const tops = [];
  let y = board.y;
  for (const i of plan.rows) {
    if (i !== null) tops.push(y);
    y += i === null ? GRID_GAP_H : plan.cell[1];
  }
  return tops;
}

/**
 * One element: fill (pale if the same bytes were drawn before), value, hatch.
 * @param {GridPlace} place
 * @param {GridSpec} spec
 * @returns {GridBox}
 */
function drawBox({ index, x, y }, spec) {
  const { layout, valueAt, times, drawn, paths, hues, hueAt, cells, plan } = spec;
  const byte = byteOf(layout, index);
  const value = valueAt(byte);
  const [w, h] = plan.cell;
  const isOutside = value === "?";
  const size = w > CELL_W ? "v" : "";
  const role = isOutside ? "o" : w === CELL_LARGE ? "vl" : size;
  if (isOutside) {
    paths.h += hatchPath(x, y, w, h);
    paths.q += rectPath(x + 1, y + 1, w - 2, h - 2);
  } else {
    const isAgain = drawn.has(byte) && times !== undefined && times(byte) !== 1;
    const { itemsize } = layout;
    const own = hueAt ? boxHues(hueAt, byte, itemsize, itemsize, true) : [rowHue(layout, index)];
    addBands(hues, own, x + 1, y + 1, w - 2, h - 2, isAgain ? " p" : "");
    if (isAgain) paths.ag += rectPath(x + 3, y + 3, w - 6, h - 6);
    drawn.add(byte);
  }
  const text = s("text", { x: x + w / 2, y: y + baseline(plan) }, short(value, CELL_ROOM));
  const group = s("g", { class: role, dataset: { index: index.join(), byte, value } }, text);
  cells.append(group);
  return { index, x, y, byte, role, text, group };
}

/**
 * Axis lines in their styles, with a gap for their names.
 * @param {GridPlan} plan
 */
function axisLines(plan) {
  const { ndim } = plan;
  const g = s("g");
  /** @param {number} axis */
  const style = (axis) => `l${Math.min(axis, 3)}`;
  for (const board of ndim ? plan.boards : []) {
    const right = board.x + slotsWidth(plan.cols, plan.cell);
    const y = board.y - 28;
    const mid = Math.max((board.x + right) / 2, board.x + 22);
    g.append(
      s("path", { class: style(ndim - 1), d: linePath("H", board.x, y, mid, right) }),
      s("g", { class: "j" }, s("text", { x: mid, y: y + 4 }, `axis ${ndim - 1}`)),
    );
    if (plan.flat || plan.rows.length < 2) continue;
    const x = board.x - plan.left + 7;
    const tall = slotsHeight(plan.rows, plan.cell);
    const middle = board.y + tall / 2;
    const turn = { x: x + 4, y: middle, transform: `rotate(-90 ${x + 4} ${middle})` };
    g.append(
      s("path", { class: style(ndim - 2), d: linePath("V", x, board.y, middle, board.y + tall) }),
      s("g", { class: "j" }, s("text", turn, `axis ${ndim - 2}`)),
    );
  }
  return g;
}

/**
 * An axis line from both its ends up to the name in its middle, which needs 48 px.
 * @param {"H" | "V"} way
 * @param {number} x
 * @param {number} y
 * @param {number} mid
 * @param {number} stop
 */
function linePath(way, x, y, mid, stop) {
  const near = mid - 24 > (way === "H" ? x : y) ? `M${x} ${y}${way}${mid - 24}` : "";
  if (mid + 24 >= stop) return near;
  return `${near}M${way === "H" ? `${stop} ${y}` : `${x} ${stop}`}${way}${mid + 24}`;
}

/**
 * @param {Map<string, GridBox>} boxes
 * @param {[width: number, height: number]} cell
 * @param {number} x
 * @param {number} y
 */
function hitBox(boxes, [w, h], x, y) {
  for (const box of boxes.values()) {
    if (x >= box.x && x < box.x + w && y >= box.y && y < box.y + h) return box.index;
  }
  return null;
}

/**
 * Move the rings to an element and `also` others, and the bold numbers to the first; false if that
 * one is not drawn.
 * @param {{boxes: Map<string, GridBox>, ring: SVGPathElement, heads: SVGGElement, lit: GridBox[],
 *   plan: GridPlan}} grid `lit` holds the elements in focus
 * @param {Index | null} index
 * @param {Index[]} also
 */
function showInGrid({ boxes, ring, heads, lit, plan }, index, also = []) {
  const [w, h] = plan.cell;
  const focus = index && boxes.get(index.join());
  for (const box of lit) box.group.setAttribute("class", box.role);
  lit.length = 0;
  for (const box of [focus, ...also.map((i) => boxes.get(i.join()))]) if (box) lit.push(box);
  const rings = lit.map((b) => rectPath(b.x + 1, b.y + 1, w - 2, h - 2));
  ring.setAttribute("d", rings.join(""));
  for (const box of lit)
    if (box.role !== "o") box.group.setAttribute("class", `i y ${box.role}`.trim());
  const marked = focus ?? (lit[1] ? null : lit[0]);
  for (const text of heads.querySelectorAll("text")) {
    const { board, row, col } = text.dataset;
    if (board === undefined) continue;
    const isOn =
      marked &&
      board === marked.index.slice(0, -2).join() &&
      (row === undefined || Number(row) === marked.index.at(-2)) &&
      (col === undefined || Number(col) === marked.index.at(-1));
    const base = row !== undefined ? " x" : col !== undefined ? "" : " b";
    const idle = base === " b" ? "z" : `s${base}`;
    text.parentElement?.setAttribute("class", isOn ? `i${base}` : idle);
  }
  return Boolean(focus) || !index;
}

/**
 * Write the values again; returns the keys of cells whose text changed.
 * @param {Map<string, GridBox>} boxes
 * @param {ReadValue} read
 */
function rewriteGrid(boxes, read) {
  const changed = [];
  for (const [key, box] of boxes) {
    const value = read(box.byte);
    if (box.group.dataset.value === value) continue;
    box.group.dataset.value = value;
    box.text.textContent = short(value, CELL_ROOM);
    changed.push(key);
  }
  return changed;
}

// The grid of elements: axis 0 down, axis 1 right, further axes as boards side by side. The mirror of grid.py.

import { WIDE } from "../controls/frame.js";
import { byteOf, product } from "../model/strides.js";
import { short } from "../model/value_text.js";
import { s } from "./dom.js";

export const CELL_W = 44;
export const CELL_H = 32;
const GRID_GAP_W = 28;
const GRID_GAP_H = 22;
const CELL_ROOM = 5;
/** Most elements drawn; beyond, the first and last rows and columns. */
export const SHOWN = 200;

export const rectPath = (x, y, w, hgt) => `M${x} ${y}h${w}v${hgt}h${-w}z`;

/** Path data of 45° lines clipped to a rectangle, `step` px apart. */
export function hatchPath(x, y, w, hgt, step = 8) {
  let path = "";
  for (let k = step / 2; k < w + hgt; k += step) {
    const start = Math.max(0, k - hgt);
    const length = Math.min(k, w) - start;
    path += `M${x + start} ${y + k - start}l${length}-${length}`;
  }
  return path;
}

/** Which indices of each axis are drawn; null stands for those left out. */
export function gridWindow(shape, focus, width) {
  const boards = shape.length - 2;
  let limits = [8, width >= WIDE ? 12 : 6];
  if (product(shape) <= SHOWN) limits = [...Array(Math.max(boards, 0)).fill(16), 16, 15];
  else if (boards > 0) limits = [...Array(boards - 1).fill(1), 4, 4, 5];
  return shape.map((n, k) => slotsOf(n, limits[limits.length - shape.length + k], focus?.[k] ?? 0));
}

function slotsOf(n, limit, focus) {
  const range = (a, b) => Array.from({ length: b - a }, (_, i) => a + i);
  if (n <= limit) return range(0, n);
  const tail = Math.floor(limit / 3);
  const kept = tail
    ? [...new Set([...range(0, limit - tail), ...range(n - tail, n), focus])].sort((a, b) => a - b)
    : [focus];
  const slots = kept.flatMap((i, k) => (i === (k ? kept[k - 1] : -1) + 1 ? [i] : [null, i]));
  return kept.at(-1) === n - 1 ? slots : [...slots, null];
}

/** Every combination of one entry of each list. */
export const crossed = (lists) =>
  lists.reduce((all, list) => all.flatMap((head) => list.map((i) => [...head, i])), [[]]);

/**
 * Draw an array's elements.
 * @param {import("../model/strides.js").Layout} layout
 * @param {(byte: number, index: number[]) => string} valueAt text of an element; "?" is hatched as outside
 * @param {number[]|null} focus
 * @param {number} width room in px
 * @param {{name?: string, times?: (byte: number) => number|null, label?: string}} [opts]
 * @returns {{svg: SVGElement, boxes: Map<string, object>, at: (x: number, y: number) => number[]|null,
 *   show: (index: number[]|null, also?: number[][]) => boolean, rewrite: (valueAt: Function) => string[], box: (index: number[]) => object|undefined}}
 */
export function drawGrid(layout, valueAt, focus, width, opts = {}) {
  const plan = gridPlan(layout.shape, focus, width);
  const svg = s("svg", {
    width: plan.width,
    height: plan.height,
    role: "img",
    "aria-label": opts.label ?? `Elements of ${opts.name ?? "a"}`,
  });
  const boxes = gridBoxes(plan);
  const paths = { e: "", h: "", q: "", u: "" };
  const heads = s("g");
  const cells = s("g");
  plan.boards.forEach((board) => boardFrame(plan, board, paths, heads, layout.shape.length));
  for (const box of boxes.values()) cellOf(box, layout, valueAt, paths, cells, opts.times);
  const ring = s("path", { class: "r" });
  const path = (cls) => (paths[cls] ? s("path", { class: cls, d: paths[cls] }) : null);
  svg.append(
    ...[
      axisLines(plan, layout.shape.length),
      path("e"),
      path("h"),
      path("q"),
      path("u"),
      paths.u ? s("path", { class: "u2", d: paths.u }) : null,
      ring,
      heads,
      cells,
    ].filter(Boolean),
  );
  const grid = {
    svg,
    boxes,
    ring,
    heads,
    at: (x, y) => hitBox(boxes, x, y),
    box: (index) => boxes.get(index.join()),
  };
  grid.show = (index, also) => showInGrid(grid, index, also);
  grid.rewrite = (read) => rewriteGrid(boxes, layout, read);
  grid.show(focus);
  return grid;
}

/** Places of boards, rows and columns, px. */
function gridPlan(shape, focus, width) {
  const axes = gridWindow(shape, focus, width);
  const lead = axes.slice(0, -2);
  const flat = axes.length < 2;
  const rows = flat ? [0] : axes.at(-2);
  const cols = axes.length ? axes.at(-1) : [0];
  const left = flat
    ? 0
    : 24 + 8 * Math.max(...rows.filter((i) => i !== null).map((i) => String(i).length));
  const top = axes.length ? 36 : 2;
  const head = lead.length ? 20 : 0;
  const all = crossed(lead.map((slots) => slots.filter((k) => k !== null)));
  const titles = all.map((at) => boardTitle(lead, at));
  const w = Math.max(
    left + span(cols, CELL_W, GRID_GAP_W),
    lead.length ? left + 8 * Math.max(...titles.map((t) => t.length)) : 0,
  );
  const tall = top + head + span(rows, CELL_H, GRID_GAP_H);
  const fit =
    width < WIDE && all.length <= 4 ? 1 : Math.max(1, Math.floor((width + 20) / (w + 20)));
  const { perLine, place } = boardLines(
    lead.map((slots) => slots.filter((k) => k !== null).length),
    fit,
  );
  const boards = all.map((at, k) => {
    const [line, column] = place(k);
    return {
      at,
      title: titles[k],
      x: column * (w + 20) + 1 + left,
      y: line * (tall + 8) + 1 + head + top,
    };
  });
  const lines = all.length ? place(all.length - 1)[0] + 1 : 0;
  return {
    rows,
    cols,
    left,
    top,
    flat,
    boards,
    ndim: shape.length,
    width: perLine * (w + 20) - 18,
    height: lines * (tall + 8) - 6,
  };
}

/** How many boards stand in a line where `fit` would fit, and [line, column] of each: lines break where an outer axis steps. */
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
  return {
    perLine,
    place: (k) => [
      Math.floor(k / group) * lines + Math.floor((k % group) / perLine),
      (k % group) % perLine,
    ],
  };
}

const span = (slots, length, gap) => slots.reduce((px, i) => px + (i === null ? gap : length), 0);

function boardTitle(lead, at) {
  const dots = lead.some((slots, k) => at[k] && slots[slots.indexOf(at[k]) - 1] === null)
    ? "⋯ "
    : "";
  return `${dots}[${at.join()}, …]`;
}

/** Every cell drawn, by index. */
function gridBoxes(plan) {
  const boxes = new Map();
  for (const board of plan.boards) {
    let y = board.y;
    for (const i of plan.rows) {
      let x = board.x;
      for (const j of i === null ? [] : plan.cols) {
        const index = [...board.at, ...[i, j].slice(2 - Math.min(plan.ndim, 2))];
        if (j !== null) boxes.set(index.join(), { index, x, y });
        x += j === null ? GRID_GAP_W : CELL_W;
      }
      y += i === null ? GRID_GAP_H : CELL_H;
    }
  }
  return boxes;
}

/** Edges, dots and numbers of one board. */
function boardFrame(plan, board, paths, heads, ndim) {
  const head = (cls, x, y, text, dataset) =>
    heads.append(s("g", { class: cls }, s("text", { x, y, dataset }, text)));
  if (board.at.length)
    head("z", board.x, board.y - plan.top - 6, board.title, { board: board.at.join() });
  let x = board.x;
  let y = board.y;
  const bottom = y + span(plan.rows, CELL_H, GRID_GAP_H);
  const right = x + span(plan.cols, CELL_W, GRID_GAP_W);
  for (const j of plan.cols) {
    if (j === null)
      for (let k = 0, at = y; k < plan.rows.length; k++) {
        if (plan.rows[k] !== null) head("s", x + GRID_GAP_W / 2, at + 20, "⋯");
        at += plan.rows[k] === null ? GRID_GAP_H : CELL_H;
      }
    else if (ndim && String(j).length <= CELL_ROOM)
      head("s", x + CELL_W / 2, y - 5, String(j), { board: board.at.join(), col: j });
    x += j === null ? GRID_GAP_W : CELL_W;
  }
  if (String(plan.cols.at(-1)).length > CELL_ROOM)
    head("s x", right - 2, y - 5, String(plan.cols.at(-1)));
  for (const i of plan.rows) {
    if (i === null) head("s", board.x + CELL_W / 2, y + 15, "⋮");
    else if (!plan.flat)
      head("s x", board.x - 6, y + 21, String(i), { board: board.at.join(), row: i });
    y += i === null ? GRID_GAP_H : CELL_H;
  }
  paths.e += boardEdges(plan, board, right, bottom);
}

/** Cell edges: each run of columns crossed with each run of rows. */
function boardEdges(plan, board) {
  let path = "";
  for (const [top, rows] of runsOf(plan.rows, CELL_H, GRID_GAP_H)) {
    for (const [left, cols] of runsOf(plan.cols, CELL_W, GRID_GAP_W)) {
      const x = board.x + left;
      const y = board.y + top;
      const w = cols * CELL_W;
      const tall = rows * CELL_H;
      path += rectPath(x, y, w, tall);
      for (let k = 1; k < cols; k++) path += `M${x + k * CELL_W} ${y}v${tall}`;
      for (let k = 1; k < rows; k++) path += `M${x} ${y + k * CELL_H}h${w}`;
    }
  }
  return path;
}

function runsOf(slots, length, gap) {
  const runs = [];
  let at = 0;
  let start = 0;
  let count = 0;
  for (const slot of [...slots, null]) {
    if (slot === null && count) runs.push([start, count]);
    at += slot === null ? gap : length;
    if (slot === null) {
      start = at;
      count = 0;
    } else count += 1;
  }
  return runs;
}

/** One element: value, hatch, double bar. */
function cellOf(box, layout, valueAt, paths, cells, times) {
  const byte = byteOf(layout, box.index);
  const text = valueAt(byte, box.index);
  const outside = text === "?";
  if (outside) {
    paths.h += hatchPath(box.x, box.y, CELL_W, CELL_H);
    paths.q += rectPath(box.x + 1, box.y + 1, CELL_W - 2, CELL_H - 2);
  } else if (times && times(byte) !== 1) paths.u += `M${box.x + 5} ${box.y + 6}h${CELL_W - 10}`;
  Object.assign(box, { byte, role: outside ? "o" : "" });
  box.text = s("text", { x: box.x + CELL_W / 2, y: box.y + 21 }, short(text, CELL_ROOM));
  box.group = s(
    "g",
    { class: box.role, dataset: { index: box.index.join(), byte, value: text } },
    box.text,
  );
  cells.append(box.group);
}

/** Axis lines in their styles, with a gap for their names. */
function axisLines(plan, ndim) {
  const g = s("g");
  for (const board of ndim ? plan.boards : []) {
    const right = board.x + span(plan.cols, CELL_W, GRID_GAP_W);
    const y = board.y - 28;
    const mid = Math.max((board.x + right) / 2, board.x + 22);
    const style = (axis) => `l${Math.min(axis, 3)}`;
    g.append(s("path", { class: style(ndim - 1), d: apart("H", board.x, y, mid, right) }));
    g.append(s("g", { class: "j" }, s("text", { x: mid, y: y + 4 }, `axis ${ndim - 1}`)));
    if (plan.flat || plan.rows.length < 2) continue;
    const x = board.x - plan.left + 7;
    const tall = span(plan.rows, CELL_H, GRID_GAP_H);
    const middle = board.y + tall / 2;
    g.append(
      s("path", { class: style(ndim - 2), d: apart("V", x, board.y, middle, board.y + tall) }),
    );
    g.append(
      s(
        "g",
        { class: "j" },
        s(
          "text",
          { x: x + 4, y: middle, transform: `rotate(-90 ${x + 4} ${middle})` },
          `axis ${ndim - 2}`,
        ),
      ),
    );
  }
  return g;
}

/** An axis line from both its ends up to the name in its middle, which needs 48 px. */
function apart(way, x, y, mid, stop) {
  const near = mid - 24 > (way === "H" ? x : y) ? `M${x} ${y}${way}${mid - 24}` : "";
  if (mid + 24 >= stop) return near;
  return `${near}M${way === "H" ? `${stop} ${y}` : `${x} ${stop}`}${way}${mid + 24}`;
}

function hitBox(boxes, x, y) {
  for (const box of boxes.values()) {
    if (x >= box.x && x < box.x + CELL_W && y >= box.y && y < box.y + CELL_H) return box.index;
  }
  return null;
}

/** Move the rings to an element and `also` others, and the bold numbers to the first; false if that one is not drawn. */
function showInGrid(grid, index, also = []) {
  const boxOf = (i) => i && grid.boxes.get(i.join());
  const box = boxOf(index);
  for (const before of grid.lit ?? []) before.group.setAttribute("class", before.role);
  grid.lit = [box, ...also.map(boxOf)].filter(Boolean);
  grid.ring.setAttribute(
    "d",
    grid.lit.map((b) => rectPath(b.x + 1, b.y + 1, CELL_W - 2, CELL_H - 2)).join(""),
  );
  for (const lit of grid.lit) if (!lit.role) lit.group.setAttribute("class", "i");
  const board = index?.slice(0, -2).join() ?? "";
  for (const text of grid.heads.querySelectorAll("text[data-board]")) {
    const d = text.dataset;
    const here = box && d.board === board;
    const on =
      here &&
      (d.row === undefined || Number(d.row) === index.at(-2)) &&
      (d.col === undefined || Number(d.col) === index.at(-1));
    const base = d.row !== undefined ? " x" : d.col !== undefined ? "" : " b";
    text.parentNode.setAttribute("class", on ? `i${base}` : base === " b" ? "z" : `s${base}`);
  }
  return Boolean(box) || !index;
}

/** Write the values again; returns the keys of cells whose text changed. */
function rewriteGrid(boxes, layout, read) {
  const changed = [];
  for (const [key, box] of boxes) {
    const text = read(box.byte, box.index);
    if (box.group.dataset.value === text) continue;
    box.group.dataset.value = text;
    box.text.textContent = short(text, CELL_ROOM);
    changed.push(key);
  }
  return changed;
}

// A table of cells with numbered rows and columns, as traverse and windows draw it. The mirror of cells.py.

import { s } from "./dom.js";
import { CELL_H, CELL_W, rectPath } from "./grid.js";

const TABLE_HEAD = 20;
const TABLE_GAP_W = 28;
const TABLE_GAP_H = 22;

/**
 * Draw a table.
 * @param {{rows: (number|null)[], cols: (number|null)[], labels?: string[], title?: string, width?: number, label: string}} what null stands
 *   for rows and columns left out; `labels` stand before the rows drawn
 * @returns {{svg: SVGElement, cells: Map<string, object>, ring: SVGElement, at: (x: number, y: number) => number[]|null,
 *   around: (i: number, j: number, m: number, n: number) => void}}
 */
export function drawCells({ rows, cols, labels, title, width = CELL_W, label }) {
  const shown = rows.filter((i) => i !== null);
  const names = labels ?? shown.map(String);
  const y = title ? 18 : 0;
  const left = 10 + Math.round(7.3 * Math.max(0, ...names.map((t) => t.length)));
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
  const cells = new Map();
  svg.append(marks, s("path", { class: "e", d: tableEdges(xs, ys, width) }), ring, words);
  const write = (cls, x, at, text) =>
    words.append(s("g", { class: cls }, s("text", { x, y: at }, text)));
  if (title) write("z", 1, 13, title);
  shown.forEach((i, k) => write("s x", left - 5, ys.at.get(i) + 21, names[k]));
  for (const [j, x] of xs.at) write("s", x + width / 2, y + 14, j);
  for (const top of ys.gaps)
    for (const x of xs.at.values()) write("s", x + width / 2, top + 15, "⋮");
  for (const x of xs.gaps)
    for (const top of ys.at.values()) write("s", x + TABLE_GAP_W / 2, top + 20, "⋯");
  for (const [i, top] of ys.at)
    for (const [j, x] of xs.at) cells.set(`${i},${j}`, tableCell(words, i, j, x, top, width));
  const table = { svg, cells, ring, marks, width };
  table.at = (x, top) =>
    [...cells.values()].find((c) => x >= c.x && x < c.x + width && top >= c.y && top < c.y + CELL_H)
      ?.index ?? null;
  table.around = (i, j, m, n) => ring.setAttribute("d", tableRing(cells, i, j, m, n, width));
  return table;
}

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

/** Runs of cells that touch: [start in px, number]. */
function tableRuns(places, size) {
  const runs = [];
  for (const at of places.values()) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] * size === at) last[1] += 1;
    else runs.push([at, 1]);
  }
  return runs;
}

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

function tableCell(words, i, j, x, y, width) {
  const text = s("text", { x: x + width / 2, y: y + 21 });
  const group = s("g", { dataset: { index: `${i},${j}` } }, text);
  words.append(group);
  const write = (value, cls = "") => {
    if (text.textContent !== value) text.textContent = value;
    if ((group.getAttribute("class") ?? "") !== cls) group.setAttribute("class", cls);
  };
  return { index: [i, j], x, y, write };
}

/** The ring around the cells drawn of m rows from i and n columns from j. */
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

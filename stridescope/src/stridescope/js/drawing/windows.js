// The bytes under a window over an image, as short runs. The mirror of drawing/windows.py.

import { hueOf } from "../model/reading_rows.js";
import { imageLayout, laidOn, pixelAt } from "../model/sliding_windows.js";
import { briefNumber } from "../model/sum_of_products.js";
import { short, signed, tuple } from "../model/value_text.js";
import { s } from "./dom.js";
import { addBands, BOX_H, CELL_W, rectPath } from "./shapes.js";

/** @import { Numeric, ShownWindow } from "../types.js" */

/** Characters of a value in a cell. */
const VALUE_ROOM = 5;
const RUN_MARGIN = 64;
const RUN_PITCH = 62;
const RUN_APART = 10;

/**
 * A value as it is written in a cell; · where it was not sent.
 * @param {Numeric | null} value
 */
export const cellText = (value) => (value === null ? "·" : short(briefNumber(value), VALUE_ROOM));

/**
 * Each row of the window as a run of bytes, with its neighbors in memory.
 * @param {ShownWindow} shown
 * @param {number} width room, px
 */
export function drawRuns(shown, width) {
  const [{ size: m }, { size: n }] = shown.range;
  const { strides } = imageLayout(shown);
  const touching = strides[1] === shown.state.itemsize;
  const beside = touching && RUN_MARGIN + (n + 4) * CELL_W <= width ? 2 : 0;
  const step = CELL_W + (touching || n === 1 ? 0 : RUN_APART);
  const svg = s("svg", {
    width: RUN_MARGIN + (n + 2 * beside) * step + 12,
    height: RUN_PITCH * m - 5,
    role: "img",
    "aria-label": "Bytes that the window reads",
  });
  /** @type {Record<string, string>} */
  const fills = {};
  const paths = { e: "", l0: "", f: "" };
  for (let r = 0; r < m; r++) {
    paths.e += drawRun(svg, shown, r, beside, step, fills);
    if (!r) continue;
    const top = RUN_PITCH * r + 1;
    const x = RUN_MARGIN - 8;
    paths.l0 += `M${x} ${top - RUN_PITCH + 14}h-6v${RUN_PITCH - 2}h6`;
    paths.f += `M${x} ${top + 8}v8l6 -4z`;
    writeText(svg, "j x", x - 12, top - 10, signed(strides[0]));
  }
  svg.prepend(
    ...Object.entries({ ...fills, ...paths }).map(([cls, d]) => s("path", { class: cls, d })),
  );
  return svg;
}

/**
 * @param {SVGSVGElement} svg
 * @param {string} cls
 * @param {number} x
 * @param {number} y
 * @param {string} text
 */
const writeText = (svg, cls, x, y, text) =>
  svg.append(s("g", { class: cls }, s("text", { x, y }, text)));

/**
 * Write the values and addresses of one run; returns the edges as path data.
 * @param {SVGSVGElement} svg
 * @param {ShownWindow} shown
 * @param {number} r
 * @param {number} beside how many neighbors are shown on each side
 * @param {number} step px
 * @param {Record<string, string>} fills by class
 */
function drawRun(svg, shown, r, beside, step, fills) {
  const { corner, range, state, now } = shown;
  const { offset, strides } = imageLayout(shown);
  const n = range[1].size;
  const columns = state.whole[1] + 2 * now.pad;
  const top = RUN_PITCH * r + 1;
  let edges = "";
  const stop = Math.min(n + beside, columns - corner[1]);
  for (let c = Math.max(-beside, -corner[1]); c < stop; c++) {
    const x = RUN_MARGIN + (beside + c) * step;
    const inside = c >= 0 && c < n;
    const value = pixelAt(shown, corner[0] + r, corner[1] + c);
    const byte = offset + (corner[0] + r) * strides[0] + (corner[1] + c) * strides[1];
    writeText(svg, inside ? "i y" : "s", x + CELL_W / 2, top + 23, cellText(value));
    edges += `M${x} ${top + BOX_H}h${CELL_W}`;
    if (!inside) continue;
    edges += rectPath(x + 1, top, CELL_W - 2, BOX_H);
    addBands(fills, [hueOf(r, range[0].size)], x + 1, top, CELL_W - 2, BOX_H);
    if (c === 0 || String(byte).length <= VALUE_ROOM)
      writeText(svg, "a", x + 1, top + BOX_H + 15, String(byte));
  }
  return edges;
}

/**
 * Which runs of bytes the window reads, and what all windows are together.
 * @param {ShownWindow} shown
 */
export function runWords(shown) {
  const { corner, range, state, now } = shown;
  const [{ size: m, many: rows }, { size: n, many: cols }] = range;
  const { offset, strides } = imageLayout(shown);
  const starts = laidOn(shown).map(
    (_, r) => offset + (corner[0] + r) * strides[0] + corner[1] * strides[1],
  );
  const touching = strides[1] === state.itemsize || n === 1;
  const each = touching
    ? `${n * state.itemsize} bytes`
    : `${n} elements, ${strides[1]} bytes apart`;
  const whose = now.pad ? `np.pad(${state.name}, ${now.pad})` : state.name;
  const list = `${starts.slice(0, -1).join(", ")} and ${starts.at(-1)}`;
  const reads =
    m > 1
      ? `${m} runs of ${each} of ${whose}. They start at bytes ${list}, ` +
        `${Math.abs(strides[0])} bytes apart.`
      : `one run of ${each} of ${whose}, at byte ${starts[0]}.`;
  const all = [...strides.map((b) => b * now.step), ...strides];
  return [
    `The window, a view, reads ${reads}`,
    `All ${rows} × ${cols} windows are one view of shape ${tuple([rows, cols, m, n])}, ` +
      `strides ${tuple(all)}.`,
  ];
}

// The plot of cache lines over time: a full bar where a line is loaded, a dot where it was there.

import { LINE } from "../model/cache_lines.js";
import { grouped } from "../model/value_text.js";
import { s } from "./dom.js";
import { rectPath } from "./shapes.js";

/** @import { Visit } from "../types.js" */

/** Most lines that are drawn. */
const PLOT_LINES = 16;
const PLOT_PITCH = 14;
const ADDRESS_W = 7.9;

/**
 * Draw visits from left to right, a row for each line.
 * @param {Visit[]} visits
 * @param {number} width room, px
 * @returns {{svg: SVGSVGElement, cover: (upTo: number) => void}} `cover` hides the visits to come
 */
export function drawCachePlot(visits, width) {
  const room = width - 92;
  const part = plottedVisits(visits, Math.floor(room / 4));
  const lines = [...new Set(part.flatMap((visit) => visit.lines))].sort((a, b) => a - b);
  const step = Math.max(4, Math.min(14, Math.floor(room / Math.max(part.length, 1))));
  const longest = Math.max(...lines.map((line) => String(line * LINE).length));
  const left = 12 + Math.round(ADDRESS_W * longest);
  const end = left + step * part.length;
  const size = { width: Math.max(end + 50, 230), height: 44 + PLOT_PITCH * lines.length };
  const svg = s("svg", { ...size, role: "img", "aria-label": "Cache lines over time" });
  const tops = lines.map((_, k) => 20 + PLOT_PITCH * k);
  /**
   * @param {string} cls
   * @param {number} x
   * @param {number} y
   * @param {string} text
   */
  const write = (cls, x, y, text) => svg.append(s("g", { class: cls }, s("text", { x, y }, text)));
  write("z", 1, 12, "bytes from");
  write("z", left < 60 ? left + 76 : left, 12, "visit by visit →");
  const edges = tops.map((top) => `M${left} ${top + PLOT_PITCH}H${end}`).join("");
  svg.append(s("path", { class: "g", d: edges }));
  lines.forEach((line, k) => {
    write("a", 1, tops[k] + 12, String(line * LINE).replace("-", "−"));
    const loads = visits.filter(({ loaded }) => loaded.includes(line)).length;
    write("b", end + 6, tops[k] + 12, `×${loads}`);
  });
  const rows = new Map(lines.map((line, k) => [line, tops[k]]));
  const marks = part.map((visit, k) => visitMark(visit, rows, left + step * k, step));
  svg.append(...marks);
  const count = `${grouped(visits.length)} visits`;
  const first = `the first ${grouped(part.length)} of ${count}`;
  write("z", left, 38 + PLOT_PITCH * lines.length, part.length < visits.length ? first : count);
  let shown = marks.length;
  /** @param {number} upTo */
  const cover = (upTo) => {
    const stop = Math.min(marks.length, Math.max(shown, upTo));
    for (let k = Math.min(shown, upTo); k < stop; k++)
      marks[k].setAttribute("display", k < upTo ? "inline" : "none");
    shown = Math.min(marks.length, upTo);
  };
  return { svg, cover };
}

/**
 * The marks of a visit: one for each line it reads.
 * @param {Visit} visit
 * @param {Map<number, number>} rows top of each line, px
 * @param {number} x
 * @param {number} step px of a visit
 */
function visitMark({ lines, loaded }, rows, x, step) {
  const paths = lines.map((line) => {
    const top = Number(rows.get(line));
    return loaded.includes(line)
      ? s("path", { class: "m", d: rectPath(x, top + 2, step - 1, PLOT_PITCH - 3) })
      : s("path", { class: "d", d: rectPath(x + Math.floor(step / 2) - 1, top + 7, 2, 3) });
  });
  return s("g", {}, paths);
}

/**
 * The visits up to `most`, or until they have read more lines than are drawn.
 * @param {Visit[]} visits
 * @param {number} most
 */
function plottedVisits(visits, most) {
  const lines = new Set();
  for (let k = 0; k < Math.min(most, visits.length); k++) {
    for (const line of visits[k].lines) lines.add(line);
    if (lines.size > PLOT_LINES) return visits.slice(0, k);
  }
  return visits.slice(0, most);
}

// The strip of bytes: boxes, values, addresses, brackets, the offset and the focus. The mirror of strip.py and draw.py.

import { WIDE } from "../controls/frame.js";
import { extent } from "../model/strides.js";
import { MINUS, countWords, short } from "../model/value_text.js";
import { ARC_LEVEL, arcLevels, arcShapes } from "./arcs.js";
import { s } from "./dom.js";
import { hatchPath, rectPath } from "./grid.js";
import { boxStarts, byteWidth, bytesPerRow, stripPieces, stripRows } from "./strip_geometry.js";

/** Height of a box, px. */
export const BOX_H = 28;
const STRIP_FOOT = 30;
const STRIP_LANE = 32;
const STRIP_BARS = 14;
const STRIP_GAP = 24;
const STRIP_TIGHT = 60;

/**
 * @typedef {object} Bytes what a strip is of
 * @property {number} nbytes bytes of the owner
 * @property {number} unit bytes of a box
 * @property {number} [phase] where boxes start, modulo unit
 * @property {number} [low] first byte to draw; 0 or less
 * @property {number} [high] end of the bytes to draw; nbytes or more
 * @property {(byte: number) => number|null} [times] how many elements read the box at a byte; 1 by default
 * @property {number[]} [wanted] bytes that should be visible where rows are left out, most wanted first
 * @property {number|null} [offset] where ▼ stands
 * @property {number} [itemsize] bytes of the element in focus; unit by default
 * @property {number} [levels] levels of arcs to leave room for
 * @property {number} [below] height of what the caller draws under the boxes of a row, px; the owner's bracket and one lane by default
 * @property {string} [label]
 */

/**
 * Draw a strip.
 * @param {Bytes} bytes
 * @param {{name: string, layout: import("../model/strides.js").Layout, solid: boolean}[]} lanes brackets under the bytes
 * @param {import("./arcs.js").Arc[]} arcs
 * @param {number|null} focus first byte of the element in focus
 * @param {number} width room in px
 * @param {(byte: number) => string} valueAt text of the box at a byte; "?" outside
 * @returns {{svg: SVGElement, boxes: Map<number, object>, tops: Map<number, number>, u: number, perRow: number, rows: number[],
 *   at: (x: number, y: number) => number|null, show: (byte: number|null, arcs?: object[]) => boolean,
 *   rewrite: (valueAt: Function) => number[], pieces: (start: number, stop: number) => object[], x: (byte: number) => number}}
 */
export function drawStrip(bytes, lanes, arcs, focus, width, valueAt) {
  const strip = stripPlan(bytes, lanes, arcs, width, valueAt);
  const svg = (strip.svg = s("svg", {
    width: strip.width,
    height: strip.height,
    role: "img",
    "aria-label": bytes.label ?? "Bytes",
  }));
  const paths = { e: "", h: "", q: "", u: "", t: "", b: "", w: "", f: "" };
  const words = s("g");
  stripBoxes(strip, paths);
  stripFoot(strip, paths);
  stripLanes(strip, lanes, paths, words);
  stripOffset(strip, bytes.offset, paths);
  strip.ring = s("path", { class: "r" });
  strip.over = s("g");
  strip.values = s("g");
  stripValues(strip);
  stripAddresses(strip, words);
  const dash = `1 ${strip.u - 1}`;
  const drawn = Object.entries(paths)
    .filter(([, d]) => d)
    .map(([cls, d]) => s("path", { class: cls, d, "stroke-dasharray": cls === "t" && dash }));
  if (paths.u) drawn.push(s("path", { class: "u2", d: paths.u }));
  svg.append(...drawn, strip.ring, strip.over, strip.values, words);
  strip.show(focus, arcs);
  return strip;
}

/** What is drawn, and where a byte lies in it. */
function stripPlan(bytes, lanes, arcs, width, valueAt) {
  const { nbytes, unit, phase = 0, wanted = [] } = bytes;
  const low = Math.min(0, bytes.low ?? 0);
  const high = Math.max(nbytes, bytes.high ?? nbytes);
  const perRow = bytesPerRow(unit, width);
  const rows = stripRows({ low, high, perRow, nbytes }, wanted, width >= WIDE ? 6 : 9);
  const strip = { ...bytes, low, high, perRow, rows, valueAt, boxes: new Map() };
  for (const p of boxStarts(strip, phase))
    strip.boxes.set(p, { byte: p, times: bytes.times ? bytes.times(p) : 1, value: valueAt(p) });
  strip.u = byteWidth(strip, width);
  strip.x = (byte) => (byte - Math.floor(byte / perRow) * perRow) * strip.u;
  strip.pieces = (start, stop) => stripPieces(strip, start, stop);
  strip.lift = [...strip.boxes.values()].some((b) => b.times !== 1 && b.times !== 0)
    ? STRIP_BARS
    : 0;
  strip.room = Math.max(bytes.levels ?? 1, ...arcLevels(strip, arcs).map((level) => level + 1));
  strip.at = (x, y) => stripHit(strip, x, y);
  strip.show = (byte, steps = []) => showInStrip(strip, byte, steps);
  strip.rewrite = (read) => rewriteStrip(strip, read);
  return stackRows(strip);
}

/** Place the rows: tops of boxes, size of the drawing. */
function stackRows(strip) {
  const above = strip.lift + strip.room * ARC_LEVEL;
  const below = strip.below ?? STRIP_FOOT;
  let y = 0;
  strip.tops = new Map();
  strip.gaps = [];
  strip.rows.forEach((row, k) => {
    const left = k ? row - strip.rows[k - 1] - 1 : 0;
    if (left) {
      strip.gaps.push({ y: y + 17, text: `⋯ ${(left * strip.perRow).toLocaleString("en")} bytes` });
      y += STRIP_GAP;
    }
    strip.tops.set(row, y + above);
    y += above + BOX_H + below;
  });
  const ends = strip.rows.map((row) => Math.min(strip.high - row * strip.perRow, strip.perRow));
  strip.width = Math.max(4, ...ends) * strip.u + 1;
  strip.height = y + 3;
  return strip;
}

const boxSeen = (box) => box.times !== 0;
const boxHeld = (strip, box) => box.byte >= 0 && box.byte + strip.unit <= strip.nbytes;

/** Edges of boxes that are seen, hatch outside, bars where read more than once. */
function stripBoxes(strip, paths) {
  for (const box of strip.boxes.values()) {
    for (const piece of boxSeen(box) ? strip.pieces(box.byte, box.byte + strip.unit) : []) {
      const top = strip.tops.get(piece.row);
      const x = piece.x + 1;
      const w = piece.width - 2;
      if (boxHeld(strip, box)) paths.e += openBox(piece, top);
      else {
        paths.h += hatchPath(x, top + 1, w, BOX_H - 2);
        paths.q += rectPath(x, top + 1, w, BOX_H - 2);
      }
      if (box.times !== 1) paths.u += `M${x + 1} ${top - 4}h${w - 2}`;
    }
  }
}

/** A box, open at the side where it goes on in another row. */
function openBox(piece, top) {
  const x = piece.x + piece.first;
  const w = piece.width - piece.first - piece.last;
  if (piece.first && piece.last) return rectPath(x, top, w, BOX_H);
  const ends =
    (piece.first ? `M${x} ${top}v${BOX_H}` : "") + (piece.last ? `M${x + w} ${top}v${BOX_H}` : "");
  return `${ends}M${x} ${top}h${w}M${x} ${top + BOX_H}h${w}`;
}

/** The line under the owner's bytes with a tick at each byte, and the owner's bracket. */
function stripFoot(strip, paths) {
  for (const piece of strip.pieces(0, strip.nbytes)) {
    const foot = strip.tops.get(piece.row) + BOX_H;
    paths.e += `M${piece.x} ${foot}h${piece.width}`;
    if (strip.unit > 1) paths.t += `M${piece.x} ${foot - 2}h${piece.width}`;
  }
}

/** A bracket under one row, with a cap at each end that is really one. */
export function bracketPath(strip, piece, drop, cap) {
  const x = piece.x + 1;
  const y = strip.tops.get(piece.row) + drop;
  return (
    (piece.first ? `M${x} ${y + cap}v${-cap}` : `M${x} ${y}`) +
    `h${piece.width - 2}` +
    (piece.last ? `v${cap}` : "")
  );
}

/** The owner's bracket, and one for each lane with its name. */
function stripLanes(strip, lanes, paths, words) {
  if (strip.below === undefined && !lanes[0]?.solid) {
    for (const piece of strip.pieces(0, strip.nbytes))
      paths.b += bracketPath(strip, piece, BOX_H + 3, -3);
  }
  for (const lane of lanes) {
    const pieces = strip.pieces(...extent(lane.layout));
    const drop = BOX_H + 25;
    if (!pieces.length) continue;
    for (const piece of pieces)
      paths[lane.solid ? "b" : "w"] += bracketPath(strip, piece, drop, -5);
    const widest = pieces.reduce((best, piece) => (piece.width > best.width ? piece : best));
    const name = short(lane.name, Math.max(1, Math.floor(strip.width / 7.3) - 2));
    const x = Math.max(widest.x + Math.floor(widest.width / 2), 4 * name.length);
    words.append(
      s("g", { class: "w" }, s("text", { x, y: strip.tops.get(widest.row) + drop + 4 }, name)),
    );
  }
}

/** ▼ above the byte where the array starts. */
function stripOffset(strip, offset, paths) {
  const top = strip.tops.get(Math.floor((offset ?? NaN) / strip.perRow));
  if (top === undefined) return;
  const x = Math.max(strip.x(offset) + Math.floor(strip.u / 2), 5);
  paths.f += `M${x - 5} ${top - strip.lift - 8}h10l-5 7z`;
}

/** Values, and counts where a box is read more than once. */
function stripValues(strip) {
  for (const box of strip.boxes.values()) {
    const pieces = strip.pieces(box.byte, box.byte + strip.unit);
    const held = boxHeld(strip, box);
    if (!pieces.length || !(held || boxSeen(box))) continue;
    const widest = pieces.reduce((best, piece) => (piece.width > best.width ? piece : best));
    const x = widest.x + Math.floor(widest.width / 2);
    const top = strip.tops.get(widest.row);
    const tight = widest.width < STRIP_TIGHT;
    box.room = Math.max(1, Math.floor((widest.width - 3) / (tight ? 6.9 : 7.9)));
    box.role = [!held ? "o" : boxSeen(box) ? "" : "s", tight ? "n" : ""].join(" ").trim();
    box.text = s("text", { x, y: top + 19 }, short(held ? box.value : "?", box.room));
    box.group = s(
      "g",
      { class: box.role, dataset: { byte: box.byte, value: box.value } },
      box.text,
    );
    strip.values.append(box.group);
    if (boxSeen(box) && box.times !== 1)
      strip.values.append(
        s("g", { class: "d" }, s("text", { x, y: top - 8 }, `×${countWords(box.times)}`)),
      );
  }
}

/** The address of each box, or of every second, fourth … where room is short; and what is left out. */
function stripAddresses(strip, words) {
  const most = Math.max(...[...strip.boxes.keys()].map((p) => String(p).length), 1);
  let every = 1;
  while (every * strip.unit * strip.u < most * 7.3 + 5) every *= 2;
  const group = s("g", { class: "a" });
  for (const box of strip.boxes.values()) {
    const row = Math.floor(box.byte / strip.perRow);
    const place = box.byte - row * strip.perRow;
    if (!strip.tops.has(row) || !(boxSeen(box) || (box.byte >= 0 && box.byte < strip.nbytes)))
      continue;
    if (Math.floor(place / strip.unit) % every) continue;
    group.append(
      s(
        "text",
        { x: strip.x(box.byte) + 1, y: strip.tops.get(row) + BOX_H + 16 },
        String(box.byte).replace("-", MINUS),
      ),
    );
  }
  words.append(
    group,
    s(
      "g",
      { class: "z" },
      strip.gaps.map(({ y, text }) => s("text", { x: 1, y }, text)),
    ),
  );
}

/** The first byte of the box at a place in px, or null. */
function stripHit(strip, x, y) {
  for (const box of strip.boxes.values()) {
    for (const piece of strip.pieces(box.byte, box.byte + strip.unit)) {
      const top = strip.tops.get(piece.row);
      if (x >= piece.x && x < piece.x + piece.width && y >= top - 2 && y < top + BOX_H + STRIP_FOOT)
        return box.byte;
    }
  }
  return null;
}

/** Move the ring and the arcs to an element; false if none of it is drawn. */
function showInStrip(strip, byte, arcs) {
  const size = strip.itemsize ?? strip.unit;
  const pieces = byte === null ? [] : strip.pieces(byte, byte + size);
  strip.ring.setAttribute(
    "d",
    pieces
      .map((p) => rectPath(p.x + 2, strip.tops.get(p.row) + 1, p.width - 4, BOX_H - 2))
      .join(""),
  );
  for (const box of strip.lit ?? []) box.group.setAttribute("class", box.role);
  strip.lit =
    byte === null
      ? []
      : [...strip.boxes.values()].filter(
          (b) =>
            b.group &&
            b.byte < byte + size &&
            b.byte + strip.unit > byte &&
            !b.role.startsWith("o"),
        );
  for (const box of strip.lit)
    box.group.setAttribute("class", `i ${box.role.replace("s", "")}`.trim());
  const levels = arcLevels(strip, arcs);
  strip.over.replaceChildren(
    ...arcs.flatMap((arc, k) =>
      arcShapes(
        strip,
        strip.tops,
        arc,
        strip.lift + Math.min(levels[k], strip.room - 1) * ARC_LEVEL,
      ),
    ),
  );
  return pieces.length > 0 || byte === null;
}

/** Write the values again; returns the bytes of boxes whose text changed. */
function rewriteStrip(strip, read) {
  const changed = [];
  for (const box of strip.boxes.values()) {
    const text = read(box.byte);
    if (!box.group || box.value === text) continue;
    box.value = box.group.dataset.value = text;
    box.text.textContent = short(text, box.room);
    changed.push(box.byte);
  }
  return changed;
}

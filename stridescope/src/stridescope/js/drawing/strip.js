// The strip of bytes: boxes, values, addresses, brackets, the offset and the focus. The mirror of
// drawing/strip.py.

import { extent } from "../model/strides.js";
import { countWords, MINUS, short } from "../model/value_text.js";
import { arcLevels, arcShapes } from "./arcs.js";
import { s } from "./dom.js";
import { ARC_LEVEL, addBands, dotPath, hatchPath, rectPath } from "./shapes.js";
import {
  bracketPath,
  LANE_DROP,
  STRIP_FOOT,
  stripPlan,
  topOf,
  widestPiece,
} from "./strip_geometry.js";

/** @import { Arc, Lane, ReadValue, Strip, StripBox, StripPiece, StripPlan } from "../types.js" */
/** @import { StripSpec } from "../types.js" */

/** Widths of a box below which its value is set in smaller type, and from which in larger, px. */
const STRIP_TIGHT = 36;
const STRIP_LARGE = 56;
/** Width of a character by class of type, px. */
const STRIP_GLYPHS = { n: 7.1, "": 7.9, v: 9.1 };
/** Least width of a byte for a tick at each byte, px. */
const LEAST_TICK = 4;

/** @typedef {"eb" | "ei" | "h" | "q" | "u" | "t" | "b" | "w" | "f" | "bg"} StripClass */
/** @typedef {Record<StripClass, string>} StripPaths path data by class */

/**
 * Draw a strip.
 * @param {StripSpec} spec
 * @param {Lane[]} lanes brackets under the bytes
 * @param {Arc[]} arcs
 * @param {number | null} focus first byte of the element in focus
 * @param {number} width room, px
 * @param {ReadValue} valueAt text of the box at a byte
 * @returns {Strip}
 */
export function drawStrip(spec, lanes, arcs, focus, width, valueAt) {
  const plan = stripPlan(spec, arcs, width, valueAt);
  const size = { width: plan.width, height: plan.height };
  const svg = s("svg", { ...size, role: "img", "aria-label": spec.label ?? "Bytes" });
  /** @type {StripPaths} */
  const paths = { eb: "", ei: "", h: "", q: "", u: "", t: "", b: "", w: "", f: "", bg: "" };
  const words = s("g");
  const fills = s("g");
  drawFills(plan, fills);
  drawBoxes(plan, paths);
  drawFoot(plan, paths);
  drawLanes(plan, lanes, paths, words);
  paths.f = startDot(plan, spec.offset);
  const ring = s("path", { class: "r" });
  const way = s("g");
  const over = s("g");
  const values = s("g");
  drawValues(plan, values);
  drawAddresses(plan, words);
  svg.append(fills);
  for (const [cls, d] of Object.entries(paths)) {
    const dash = cls === "t" && `1 ${plan.w / plan.unit - 1}`;
    if (d) svg.append(s("path", { class: cls, d, "stroke-dasharray": dash }));
  }
  if (paths.u) svg.append(s("path", { class: "u2", d: paths.u }));
  svg.append(way, ring, over, values, words);
  /** @type {Strip} */
  const strip = {
    ...{ ...plan, svg, ring, way, over, fills, lit: [], itemsize: spec.itemsize ?? spec.unit },
    at: (x, y) => stripHit(plan, x, y),
    show: (byte, steps = []) => showInStrip(strip, byte, steps),
    rewrite: (read) => rewriteStrip(plan, read),
  };
  strip.show(focus, arcs);
  return strip;
}

/** @param {StripBox} box */
const isSeen = (box) => box.times !== 0;

/**
 * Whether the owner holds all bytes of a box.
 * @param {StripPlan} plan
 * @param {StripBox} box
 */
const isHeld = (plan, box) => box.byte >= 0 && box.byte + plan.unit <= plan.nbytes;

/**
 * The hues of a box; none if it is not read.
 * @param {StripPlan} plan
 * @param {StripBox} box
 */
const huesIn = ({ spec }, box) => (isSeen(box) ? (spec.hues?.(box.byte) ?? []) : []);

/**
 * Fill the boxes that are read in the hues of their rows, and the others with the page.
 * @param {StripPlan} plan
 * @param {SVGGElement} fills
 */
function drawFills(plan, fills) {
  /** @type {Record<string, string>} */
  const paths = {};
  const { unit } = plan;
  for (const box of plan.boxes.values()) {
    if (!isHeld(plan, box)) continue;
    for (const { x, width, row } of plan.pieces(box.byte, box.byte + unit))
      addBands(paths, huesIn(plan, box), x + 1, topOf(plan, row), width - 2, plan.boxHeight);
  }
  for (const [cls, d] of Object.entries(paths)) fills.append(s("path", { class: cls, d }));
}

/**
 * Edges of boxes (a white one has a line), hatch outside, bars where read more than once.
 * @param {StripPlan} plan
 * @param {StripPaths} paths
 */
function drawBoxes(plan, paths) {
  for (const box of plan.boxes.values()) {
    const held = isHeld(plan, box);
    if (!held && !isSeen(box)) continue;
    for (const piece of plan.pieces(box.byte, box.byte + plan.unit)) {
      const top = topOf(plan, piece.row);
      const x = piece.x + 1;
      const w = piece.width - 2;
      const tall = plan.boxHeight;
      if (held) {
        if (isSeen(box)) paths.eb += openBox(piece, top, tall);
        if (!huesIn(plan, box).length) paths.ei += openBox(piece, top, tall);
      } else {
        paths.h += hatchPath(x, top + 1, w, tall - 2);
        paths.q += rectPath(x, top + 1, w, tall - 2);
      }
      if (held && isSeen(box) && box.times !== 1) paths.u += `M${x + 1} ${top - 4}h${w - 2}`;
    }
  }
}

/**
 * A box, open at the side where it goes on in another row.
 * @param {StripPiece} piece
 * @param {number} top
 * @param {number} tall px
 */
function openBox({ x: left, width, first, last }, top, tall) {
  const x = left + Number(first);
  const w = width - Number(first) - Number(last);
  if (first && last) return rectPath(x, top, w, tall);
  const start = first ? `M${x} ${top}v${tall}` : "";
  const end = last ? `M${x + w} ${top}v${tall}` : "";
  return `${start}${end}M${x} ${top}h${w}M${x} ${top + tall}h${w}`;
}

/**
 * A tick at each of the owner's bytes.
 * @param {StripPlan} plan
 * @param {StripPaths} paths
 */
function drawFoot(plan, paths) {
  if (plan.unit === 1 || plan.w < LEAST_TICK * plan.unit) return;
  for (const piece of plan.pieces(0, plan.nbytes)) {
    const foot = topOf(plan, piece.row) + plan.boxHeight;
    paths.t += `M${piece.x} ${foot - 2}h${piece.width}`;
  }
}

/**
 * A bar below the addresses for each lane, with its name at the left end.
 * @param {StripPlan} plan
 * @param {Lane[]} lanes
 * @param {StripPaths} paths
 * @param {SVGGElement} words
 */
function drawLanes(plan, lanes, paths, words) {
  const drop = plan.boxHeight + LANE_DROP;
  const end = plan.nbytes;
  for (const lane of lanes) {
    const [low, high] = extent(lane.layout);
    for (const span of [plan.pieces(low, Math.min(high, 0)), plan.pieces(Math.max(low, end), high)])
      for (const piece of span) paths.q += bracketPath(plan, piece, drop, 0);
    const pieces = plan.pieces(Math.max(low, 0), Math.min(high, end));
    const widest = widestPiece(pieces);
    if (!widest) continue;
    for (const piece of pieces) paths[lane.solid ? "b" : "w"] += bracketPath(plan, piece, drop, 0);
    const most = Math.max(1, Math.floor(plan.width / 7.9) - 2);
    const { label = lane.name } = lane;
    const name = label.length <= most ? label : short(lane.name, most);
    const half = Math.floor(3.95 * name.length);
    const x = Math.max(Math.min(widest.x + 1 + half, plan.width - half), half);
    const y = topOf(plan, widest.row) + drop;
    paths.bg += rectPath(x - half - 2, y - 9, 2 * half + 8, 18);
    words.append(s("g", { class: "w" }, s("text", { x, y: y + 4 }, name)));
  }
}

/**
 * The owner's bracket, right under its bytes.
 * @param {StripPlan} plan
 */
export function ownerBracket(plan) {
  const pieces = plan.pieces(0, plan.nbytes);
  return pieces.map((piece) => bracketPath(plan, piece, plan.boxHeight + 3, -3)).join("");
}

/**
 * A dot above the byte where the array, or the way to an element, starts.
 * @param {StripPlan} plan
 * @param {number | null} [byte]
 */
function startDot(plan, byte) {
  const top = plan.tops.get(plan.row(byte ?? Number.NaN));
  return top === undefined ? "" : dotPath(plan.middle(Number(byte)), top - 4);
}

/**
 * Values, and counts where a box is read more than once.
 * @param {StripPlan} plan
 * @param {SVGGElement} values
 */
function drawValues(plan, values) {
  for (const box of plan.boxes.values()) {
    const widest = widestPiece(plan.pieces(box.byte, box.byte + plan.unit));
    const held = isHeld(plan, box);
    if (!widest || !(held || isSeen(box))) continue;
    const x = widest.x + Math.floor(widest.width / 2);
    const top = topOf(plan, widest.row);
    const size = widest.width < STRIP_TIGHT ? "n" : widest.width >= STRIP_LARGE ? "v" : "";
    box.room = Math.max(1, Math.floor((widest.width - 3) / STRIP_GLYPHS[size]));
    box.role = [held ? (isSeen(box) ? "" : "s") : "o", size].join(" ").trim();
    box.text = s("text", { x, y: top + 23 }, short(held ? box.value : "?", box.room));
    if (plan.isHexed && held) values.append(hexDigits(plan, box.byte, top));
    const dataset = { byte: box.byte, value: box.value };
    box.group = s("g", { class: box.role, dataset }, box.text);
    values.append(box.group);
    if (!held || !isSeen(box) || box.times === 1) continue;
    const count = s("text", { x, y: top - 8 }, `×${countWords(box.times)}`);
    values.append(s("g", { class: "d" }, count));
  }
}

/**
 * The bytes of a box in hexadecimal, under its value.
 * @param {StripPlan} plan
 * @param {number} byte
 * @param {number} top
 */
function hexDigits(plan, byte, top) {
  const { unit, w, spec } = plan;
  const texts = Array.from({ length: unit }, (_, k) => {
    const x = plan.x(byte) + Math.floor((w * (2 * k + 1)) / (2 * unit));
    return s("text", { x, y: top + 46 }, spec.hexAt?.(byte + k));
  });
  return s("g", { class: "hx" }, texts);
}

/**
 * The address of each box, or of every second, fourth … where room is short; and what is left out.
 * @param {StripPlan} plan
 * @param {SVGGElement} words
 */
function drawAddresses(plan, words) {
  const longest = Math.max(...[...plan.boxes.keys()].map((p) => String(p).length), 1);
  let every = 1;
  while (every * plan.w < longest * 7.9 + 5) every *= 2;
  const group = s("g", { class: "a" });
  for (const box of plan.boxes.values()) {
    const row = plan.row(box.byte);
    const place = box.byte - plan.origin - row * plan.perRow;
    const isInside = box.byte >= 0 && box.byte < plan.nbytes;
    if (!plan.tops.has(row) || !(isSeen(box) || isInside)) continue;
    if (Math.floor(place / plan.unit) % every) continue;
    const at = { x: plan.x(box.byte) + 1, y: topOf(plan, row) + plan.boxHeight + 16 };
    group.append(s("text", at, String(box.byte).replace("-", MINUS)));
  }
  const gaps = plan.gaps.map(({ y, text }) => s("text", { x: 1, y }, text));
  words.append(group, s("g", { class: "z" }, gaps));
}

/**
 * The first byte of the box at a place in px, or null.
 * @param {StripPlan} plan
 * @param {number} x
 * @param {number} y
 */
function stripHit(plan, x, y) {
  for (const box of plan.boxes.values()) {
    for (const piece of plan.pieces(box.byte, box.byte + plan.unit)) {
      const top = topOf(plan, piece.row);
      const isInside = x >= piece.x && x < piece.x + piece.width;
      if (isInside && y >= top - 2 && y < top + plan.boxHeight + STRIP_FOOT) return box.byte;
    }
  }
  return null;
}

/**
 * Move the ring and the arcs to an element; false if none of it is drawn.
 * @param {Strip} strip
 * @param {number | null} byte
 * @param {Arc[]} arcs
 */
function showInStrip(strip, byte, arcs) {
  const end = (byte ?? 0) + strip.itemsize;
  const pieces = byte === null ? [] : strip.pieces(byte, end);
  const rings = pieces.map((p) =>
    rectPath(p.x + 2, topOf(strip, p.row) + 1, p.width - 4, strip.boxHeight - 2),
  );
  strip.ring.setAttribute("d", rings.join(""));
  for (const box of strip.lit) box.group?.setAttribute("class", box.role);
  strip.lit =
    byte === null
      ? []
      : [...strip.boxes.values()].filter(
          (b) => b.byte < end && b.byte + strip.unit > byte && !b.role.startsWith("o"),
        );
  for (const { group, role } of strip.lit)
    group?.setAttribute("class", `i y ${role.replace("s", "")}`.trim());
  const levels = arcLevels(strip, arcs);
  const shapes = arcs.flatMap((arc, k) => {
    const level = Math.min(levels[k], strip.levels - 1);
    return arcShapes(strip, strip.tops, arc, strip.lift + level * ARC_LEVEL);
  });
  if (arcs.length) shapes.push(s("path", { class: "f", d: startDot(strip, arcs[0].start) }));
  strip.over.replaceChildren(...shapes);
  return pieces.length > 0 || byte === null;
}

/**
 * Write the values again; returns the bytes of boxes whose text changed.
 * @param {StripPlan} plan
 * @param {ReadValue} read
 */
function rewriteStrip(plan, read) {
  const changed = [];
  for (const box of plan.boxes.values()) {
    const value = read(box.byte);
    if (!box.group || !box.text || box.value === value) continue;
    box.value = value;
    box.group.dataset.value = value;
    box.text.textContent = short(value, box.room);
    changed.push(box.byte);
  }
  return changed;
}

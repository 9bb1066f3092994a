// Dials of an integer: the ring of all its values, or the values around the current one.

import { endsOf, integerOf, minusSign, wrappedInteger } from "../model/bit_pattern.js";
import { HUES } from "../model/reading_rows.js";
import { pointIn, s } from "./dom.js";

/** @import { Pattern } from "../types.js" */

/**
 * A dial that is drawn.
 * @typedef {object} Dial
 * @property {SVGSVGElement} svg
 * @property {(one: Pattern) => void} show
 */

const RING_SIZE = 352;
const RING_RADIUS = 132;
/** Values shown on each side of the current one. */
const ODOMETER_NEAR = 3;
const ODOMETER_PITCH = 32;

/**
 * A point on the ring, px: pattern 0 at the top, then clockwise.
 * @param {number} k
 * @param {number} count
 * @param {number} radius
 */
function ringPoint(k, count, radius) {
  const angle = (2 * Math.PI * k) / count;
  const middle = RING_SIZE / 2;
  return [
    Math.round(middle + radius * Math.sin(angle)),
    Math.round(middle - radius * Math.cos(angle)),
  ];
}

/** @param {string} name */
const spinButton = (name) => ({ tabindex: 0, role: "spinbutton", "aria-label": name });

/**
 * Every value as a tick, the seam where the ends meet, a hand; a touch takes the nearest value.
 * @param {Pattern} one
 * @param {(pattern: bigint) => void} take
 * @returns {Dial}
 */
export function ringOf(one, take) {
  const [low, high] = endsOf(one.dtype).map(Number);
  const count = high - low + 1;
  const svg = s("svg", {
    width: RING_SIZE,
    height: RING_SIZE,
    viewBox: `0 0 ${RING_SIZE} ${RING_SIZE}`,
    ...spinButton(`Ring of ${count} values`),
    "aria-valuemin": low,
    "aria-valuemax": high,
    onPointerdown: touch,
    onPointermove: (event) => event.buttons && touch(event),
  });
  /**
   * @param {number} k
   * @param {number} from radius, px
   * @param {number} to radius, px
   */
  const line = (k, from, to) =>
    `M${ringPoint(k, count, from).join(" ")}L${ringPoint(k, count, to).join(" ")}`;
  const value = s("text", { x: RING_SIZE / 2, y: RING_SIZE / 2 + 5 });
  const hand = s("path", { class: "r" });
  const dot = s("path", { class: "r" });
  svg.append(...ringScale(low, high, line, value), hand, dot);
  /** @param {PointerEvent} event */
  function touch(event) {
    const scale = RING_SIZE / svg.getBoundingClientRect().width;
    const [x, y] = pointIn(event, svg).map((at) => at * scale - RING_SIZE / 2);
    const turn = Math.round((Math.atan2(x, -y) / (2 * Math.PI)) * count);
    if (Math.hypot(x, y) > 30) take(BigInt((turn + count) % count));
  }
  /** @param {Pattern} current */
  function show(current) {
    const k = Number(current.pattern);
    const [x, y] = ringPoint(k, count, RING_RADIUS - 3);
    hand.setAttribute("d", line(k, 40, RING_RADIUS - 20));
    dot.setAttribute("d", `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`);
    value.textContent = minusSign(integerOf(current));
    svg.setAttribute("aria-valuenow", String(integerOf(current)));
  }
  return { svg, show };
}

/**
 * Ticks, seam and numbers of the ring.
 * @param {number} low
 * @param {number} high
 * @param {(k: number, from: number, to: number) => string} line
 * @param {SVGTextElement} value
 */
function ringScale(low, high, line, value) {
  const count = high - low + 1;
  const r = RING_RADIUS;
  const ticks = Array.from({ length: count }, (_, k) => line(k, r, r - (k % 16 ? 7 : 14)));
  /**
   * @param {number} k
   * @param {number} n
   * @param {number} side px to the right
   */
  const label = (k, n, side = 0) => {
    const [x, y] = ringPoint(k, count, r + 20);
    return s("text", { x: x + side, y: y + 5 }, minusSign(n));
  };
  const eighths = Array.from({ length: 8 }, (_, j) => (j * count) / 8).filter(
    (k) => (k - high - 1 + count) % count > 1,
  );
  const seam = high + 0.5;
  const [inner, outer] = [r - 17, r + 2];
  const bands = Array.from({ length: HUES }, (_, j) => {
    const ends = [j, j + 1].map((part) => seam + (part * count) / HUES);
    const [from, to] = ends.map((k) => ringPoint(k, count, outer).join(" "));
    const [back, end] = [...ends].reverse().map((k) => ringPoint(k, count, inner).join(" "));
    const d = `M${from}A${outer} ${outer} 0 0 1 ${to}L${back}A${inner} ${inner} 0 0 0 ${end}z`;
    return s("path", { class: `c${j}`, d });
  });
  const right = low < 0 ? 24 : -24;
  const numbers = eighths.map((k) => label(k, k > high ? k - count : k));
  return [
    ...bands,
    s("path", { class: "e", d: ticks.join("") }),
    s("path", { class: "q", d: line(seam, r + 4, r + 28) }),
    s("g", { class: "s" }, numbers),
    s("g", { class: "i" }, label(seam, high, right), label(seam, low, -right), value),
  ];
}

/**
 * The values around the current one as a column; a touch on a row goes there.
 * @param {(n: bigint) => void} step
 * @returns {Dial}
 */
export function odometerOf(step) {
  const svg = s("svg", {
    width: 240,
    height: (2 * ODOMETER_NEAR + 1) * ODOMETER_PITCH + 20,
    ...spinButton("Odometer"),
    onClick: (event) => {
      const row = Math.floor((pointIn(event, svg)[1] - 10) / ODOMETER_PITCH);
      step(BigInt(row - ODOMETER_NEAR));
    },
  });
  const rows = Array.from({ length: 2 * ODOMETER_NEAR + 1 }, (_, k) => k);
  /** @param {number} k */
  const top = (k) => 10 + k * ODOMETER_PITCH;
  /** @param {Pattern} current */
  function show(current) {
    const { dtype } = current;
    const [low] = endsOf(dtype);
    const values = rows.map((k) =>
      integerOf(wrappedInteger(dtype, integerOf(current) + BigInt(k - ODOMETER_NEAR))),
    );
    const edges = rows.map((k) => `M20 ${top(k)}h200v32h-200z`).join("");
    const seams = rows.filter((k) => values[k] === low);
    const texts = rows.map((k) => s("text", { x: 120, y: top(k) + 21 }, minusSign(values[k])));
    svg.replaceChildren(
      s("path", { class: "e", d: edges }),
      s("path", { class: "r", d: `M21 ${top(ODOMETER_NEAR) + 1}h198v30h-198z` }),
      ...seams.map((k) => s("path", { class: "q", d: `M4 ${top(k)}h232` })),
      ...texts.map((text, k) => s("g", { class: k === ODOMETER_NEAR ? "i" : "" }, text)),
    );
    svg.setAttribute("aria-valuenow", String(integerOf(current)));
    svg.setAttribute("aria-valuetext", String(integerOf(current)));
  }
  return { svg, show };
}

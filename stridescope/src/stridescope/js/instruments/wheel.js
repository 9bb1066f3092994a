// `wheel` live: step an integer past its end; the ring or the odometer, the bits and NumPy's answer
// follow.

import { bitBoxes, firstNumber, flipBit, openNumber, showFacts } from "../controls/bit_boxes.js";
import { button } from "../controls/buttons.js";
import { odometerOf, ringOf } from "../drawing/dials.js";
import { h } from "../drawing/dom.js";
import {
  bitCount,
  endsOf,
  integerOf,
  minusSign,
  numberFacts,
  stepLines,
  wrappedInteger,
} from "../model/bit_pattern.js";

/** @import { NumberState, Pattern, View } from "../types.js" */

/** Most bits of which all values are on a ring. */
const RING_BITS = 8;

/**
 * Steps of a key on the dial.
 * @type {Record<string, bigint>}
 */
const DIAL_KEYS = {
  ArrowUp: 1n,
  ArrowRight: 1n,
  ArrowDown: -1n,
  ArrowLeft: -1n,
  PageUp: 16n,
  PageDown: -16n,
};

/**
 * Mount the instrument.
 * @param {View} view
 * @param {NumberState} state
 */
export function mountWheel(view, state) {
  let current = firstNumber(state);
  const { dtype } = state;
  /** @param {bigint} n */
  const goTo = (n) => show(wrappedInteger(dtype, n));
  /** @param {bigint} n */
  const step = (n) => show(wrappedInteger(dtype, integerOf(current) + n), true);
  const words = h("p", {});
  const facts = h("dl", { class: "ss-facts" });
  const lines = h("dl", { class: "ss-facts ss-wheel-steps" });
  const fields = bitBoxes(current, (at) => show(flipBit(current, at)));
  const dial =
    bitCount(dtype) <= RING_BITS
      ? ringOf(current, (pattern) => show({ dtype, pattern }, true))
      : odometerOf(step);
  const [low, high] = endsOf(dtype);
  const ends = { Home: () => goTo(low), End: () => goTo(high) };
  dial.svg.addEventListener("keydown", (event) => turnDial(event, step, ends));
  const row = h(
    "div",
    { class: "ss-row ss-wheel-row" },
    dial.svg,
    h("div", {}, fields.root, facts),
  );
  view.picture.append(words, row, lines);
  view.controls.append(
    button("− 1", () => step(-1n)),
    button("+ 1", () => step(1n)),
    button(`to ${minusSign(high)}`, () => goTo(high)),
    button(`to ${minusSign(low)}`, () => goTo(low)),
  );
  /**
   * @param {Pattern} one
   * @param {boolean} [isTurned] whether the dial was turned to it, not set
   */
  function show(one, isTurned = false) {
    const before = current;
    current = one;
    dial.show(one);
    fields.show(one);
    showFacts(facts, numberFacts(one));
    words.textContent = wheelWords(one);
    lines.replaceChildren(...stepLines(one).map(stepItem));
    view.root.dataset.value = String(integerOf(one));
    view.say(`${dtype}: ${minusSign(integerOf(one))}.${isTurned ? seamWords(before, one) : ""}`);
  }
  openNumber("wheel", view, state, () => current, show);
}

/** @param {{name: string, line: string, outcome: string}} step */
const stepItem = ({ name, line, outcome }) =>
  h(
    "div",
    {},
    h("dt", {}, name),
    h("dd", {}, h("code", {}, line), h("br", {}), "→ ", h("code", {}, outcome)),
  );

/** @param {Pattern} one */
function wheelWords(one) {
  const [low, high] = endsOf(one.dtype);
  const count = (high - low + 1n).toLocaleString("en");
  const value = integerOf(one);
  const after = integerOf(wrappedInteger(one.dtype, value + 1n));
  return (
    `${one.dtype}: ${count} values from ${minusSign(low)} to ${minusSign(high)}, ` +
    `at ${minusSign(value)}. One step up: ${minusSign(after)}.`
  );
}

/**
 * What happened if the seam is on the shorter way between two values.
 * @param {Pattern} before
 * @param {Pattern} one
 */
function seamWords(before, one) {
  const [low, high] = endsOf(one.dtype);
  const way = integerOf(one) - integerOf(before);
  const isPast = (way < 0n ? -way : way) * 2n > high - low;
  return isPast ? " Past the seam: an array wraps around silently." : "";
}

/**
 * Keys on the dial: arrows step by one, PageUp and PageDown by 16, Home and End go to the ends.
 * @param {KeyboardEvent} event
 * @param {(n: bigint) => void} step
 * @param {Record<string, () => void>} ends
 */
function turnDial(event, step, ends) {
  const n = DIAL_KEYS[event.key];
  const isEnd = Object.hasOwn(ends, event.key);
  if ((n === undefined && !isEnd) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (isEnd) ends[event.key]();
  else step(n);
}

// `bits` live: every bit can be flipped; value, fields and neighbors follow.

import { bitBoxes, firstNumber, flipBit, openNumber, showFacts } from "../controls/bit_boxes.js";
import { button, forgetRefusals } from "../controls/buttons.js";
import { h } from "../drawing/dom.js";
import {
  bitCount,
  endsOf,
  fieldsOf,
  integerOf,
  isFloatName,
  nearestFloat,
  nextFloat,
  numberFacts,
  numberText,
  numberWords,
  wrappedInteger,
} from "../model/bit_pattern.js";

/** @import { NumberState, Pattern, View } from "../types.js" */

/**
 * Numbers as they are typed in Python.
 * @type {Record<string, number>}
 */
const NAMED_FLOATS = { inf: Infinity, infinity: Infinity, nan: NaN };

/**
 * Mount the instrument.
 * @param {View} view
 * @param {NumberState} state
 */
export function mountBits(view, state) {
  let current = firstNumber(state);
  const { dtype } = state;
  const words = h("p", { class: "ss-sum" });
  const facts = h("dl", { class: "ss-facts" });
  const fields = bitBoxes(current, (at) => show(flipBit(current, at)));
  const read = () => current;
  view.picture.append(words, fields.root, facts);
  view.controls.append(...specialButtons(dtype, read, show), typedNumber(dtype, show));
  /** @param {Pattern} one */
  function show(one) {
    current = one;
    forgetRefusals(view.root);
    fields.show(one);
    words.replaceChildren(h("b", {}, numberWords(one)));
    showFacts(facts, numberFacts(one));
    view.root.dataset.pattern = String(one.pattern);
    const bits = fieldsOf(one).map(([, text]) => text);
    view.say(`${dtype}(${numberText(one)}) is ${bits.join(" ")}.`);
  }
  openNumber("bits", view, state, read, show);
}

/**
 * Buttons for telling values, and for the neighbors.
 * @param {string} dtype
 * @param {() => Pattern} read
 * @param {(one: Pattern) => void} show
 */
function specialButtons(dtype, read, show) {
  const isFloat = isFloatName(dtype);
  /** @param {number} step */
  const neighbor = (step) =>
    isFloat ? nextFloat(read(), step) : wrappedInteger(dtype, integerOf(read()) + BigInt(step));
  const special = isFloat ? specialFloats(dtype) : specialIntegers(dtype);
  return [
    button("previous", () => show(neighbor(-1))),
    button("next", () => show(neighbor(1))),
    ...special.map(([name, one]) => button(name, () => show(one))),
  ];
}

/**
 * @param {string} dtype
 * @returns {[name: string, one: Pattern][]}
 */
function specialIntegers(dtype) {
  const [low, high] = endsOf(dtype);
  return [
    ["0", wrappedInteger(dtype, 0n)],
    ["min", wrappedInteger(dtype, low)],
    ["max", wrappedInteger(dtype, high)],
  ];
}

/**
 * @param {string} dtype
 * @returns {[name: string, one: Pattern][]}
 */
function specialFloats(dtype) {
  const n = BigInt(bitCount(dtype));
  const inf = nearestFloat(dtype, Infinity);
  const at = (/** @type {bigint} */ pattern) => ({ dtype, pattern });
  return [
    ["0", at(0n)],
    ["−0", at(1n << (n - 1n))],
    ["0.1", nearestFloat(dtype, 0.1)],
    ["1", nearestFloat(dtype, 1)],
    ["smallest", at(1n)],
    ["largest", at(inf.pattern - 1n)],
    ["inf", inf],
    ["nan", nearestFloat(dtype, NaN)],
  ];
}

/**
 * A field that takes a number as Python writes it, and says why not.
 * @param {string} dtype
 * @param {(one: Pattern) => void} show
 */
function typedNumber(dtype, show) {
  const problem = h("small", { class: "ss-refused", role: "status" });
  const input = h("input", {
    type: "text",
    size: 12,
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `A number of ${dtype}`,
    onChange: () => {
      const number = readNumber(dtype, input.value.trim().replaceAll("−", "-"));
      if (typeof number !== "string") show(number);
      problem.textContent = typeof number === "string" ? number : "";
    },
  });
  return h("label", { class: "ss-field-type" }, h("small", {}, "type a number"), input, problem);
}

/**
 * The number of a text, or a sentence why there is none.
 * @param {string} dtype
 * @param {string} text
 * @returns {Pattern | string}
 */
function readNumber(dtype, text) {
  const problem = `“${text.slice(0, 20)}” is not a number that ${dtype} can hold.`;
  if (isFloatName(dtype)) {
    const [, sign, name] = /^([+-]?)(\w+)$/.exec(text.toLowerCase()) ?? [];
    if (name !== undefined && Object.hasOwn(NAMED_FLOATS, name))
      return nearestFloat(dtype, sign === "-" ? -NAMED_FLOATS[name] : NAMED_FLOATS[name]);
    const isNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
    return isNumber ? nearestFloat(dtype, Number(text)) : problem;
  }
  if (/^[+-]?\d{31,}$/.test(text)) return "That number is too large here.";
  if (!/^[+-]?\d+$/.test(text)) return problem;
  const [low, high] = endsOf(dtype);
  const n = BigInt(text.replace("+", ""));
  if (n >= low && n <= high) return wrappedInteger(dtype, n);
  return `OverflowError: Python integer ${n} out of bounds for ${dtype}`;
}

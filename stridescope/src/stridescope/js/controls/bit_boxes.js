// The bits of one number, and what is known of it: what `bits` and `wheel` share.

import { h } from "../drawing/dom.js";
import { bitCount, bitText, fieldsOf } from "../model/bit_pattern.js";
import { linkKey, readLink, writeLink } from "./link.js";

/** @import { Fact, NumberState, Pattern, View } from "../types.js" */

/** A text longer than this scrolls. */
const LONG_FACT = 160;

/**
 * Start at the number of a link, else at the given one, and say what can be copied.
 * @param {"bits" | "wheel"} kind
 * @param {View} view
 * @param {NumberState} state
 * @param {() => Pattern} read the number that is shown
 * @param {(one: Pattern) => void} show
 */
export function openNumber(kind, view, state, read, show) {
  const key = linkKey(state);
  view.actions({
    numpy: () => patternCode(read()),
    link: () => writeLink(kind, key, String(read().pattern)),
    reset: () => show(firstNumber(state)),
  });
  show(parsePattern(state.dtype, readLink(kind, key)) ?? firstNumber(state));
}

/**
 * The number that Python sent.
 * @param {NumberState} state
 * @returns {Pattern}
 */
export const firstNumber = ({ dtype, pattern }) => ({ dtype, pattern: BigInt(pattern) });

/**
 * A pattern from decimal digits; null if they are none or too many.
 * @param {string} dtype
 * @param {string | null} text
 * @returns {Pattern | null}
 */
function parsePattern(dtype, text) {
  if (text === null || !/^\d{1,20}$/.test(text)) return null;
  const pattern = BigInt(text);
  return pattern >> BigInt(bitCount(dtype)) ? null : { dtype, pattern };
}

/**
 * The line that makes the number from its bits.
 * @param {Pattern} one
 */
const patternCode = ({ dtype, pattern }) =>
  `np.array(${pattern}, 'uint${bitCount(dtype)}').view('${dtype}')[()]`;

/**
 * The number with one bit flipBit.
 * @param {Pattern} one
 * @param {number} at number of the bit, 0 the lowest
 */
export const flipBit = (one, at) => ({ ...one, pattern: one.pattern ^ (1n << BigInt(at)) });

/**
 * Write names and texts into a list; a long text scrolls in its own box.
 * @param {HTMLElement} list
 * @param {Fact[]} facts
 */
export function showFacts(list, facts) {
  const items = facts.map(([word, text]) =>
    h(
      "div",
      {},
      h("dt", {}, word),
      h("dd", {}, text.length > LONG_FACT ? longFact(word, text) : text),
    ),
  );
  list.replaceChildren(...items);
}

/**
 * @param {string} word
 * @param {string} text
 */
function longFact(word, text) {
  const name = { role: "group", "aria-label": `${word}, scrolls` };
  return h("div", { class: "ss-facts-long", tabindex: 0, ...name }, text);
}

/**
 * Bits as buttons by field: one tab stop, arrows move, Enter flips.
 * @param {Pattern} one
 * @param {(at: number) => void} flip with the number of the bit, 0 the lowest
 * @returns {{root: HTMLElement, show: (one: Pattern) => void}}
 */
export function bitBoxes(one, flip) {
  const width = bitCount(one.dtype);
  const boxes = Array.from({ length: width }, (_, k) => {
    const at = width - 1 - k;
    const onClick = () => {
      focusBit(at);
      flip(at);
    };
    const onKeydown = (/** @type {KeyboardEvent} */ event) => moveFocus(event, at);
    return h("button", { type: "button", tabindex: k ? -1 : 0, onClick, onKeydown });
  });
  /** @param {number} at */
  function focusBit(at) {
    boxes.forEach((box, k) => {
      box.tabIndex = k === width - 1 - at ? 0 : -1;
    });
    boxes[width - 1 - at].focus();
  }
  /**
   * @param {KeyboardEvent} event
   * @param {number} at
   */
  function moveFocus(event, at) {
    /** @type {Record<string, number>} */
    const targets = { ArrowLeft: at + 1, ArrowRight: at - 1, Home: width - 1, End: 0 };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (target >= 0 && target < width) focusBit(target);
  }
  /** @param {Pattern} number */
  const show = (number) =>
    [...bitText(number)].forEach((bit, k) => {
      if (boxes[k].textContent === bit) return;
      boxes[k].textContent = bit;
      boxes[k].setAttribute("aria-label", `bit ${width - 1 - k}: ${bit}`);
      boxes[k].setAttribute("aria-pressed", String(bit === "1"));
    });
  let next = 0;
  const fields = fieldsOf(one).map(([name, bits]) => {
    const row = h("span", {}, boxes.slice(next, next + bits.length));
    next += bits.length;
    return h(
      "span",
      { class: "ss-field", role: "group", "aria-label": name },
      h("small", {}, name),
      row,
    );
  });
  show(one);
  return { root: h("div", { class: "ss-fields" }, fields), show };
}

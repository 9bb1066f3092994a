// A number that can be typed, stepped and dragged.

import { h } from "../drawing/dom.js";
import { short } from "../model/value_text.js";
import { button, forgetRefusals } from "./buttons.js";

/** @import { Stepper } from "../types.js" */

/** Dragging this far sideways is one step, px. */
const DRAG_STEP = 14;

/**
 * Steps of a key.
 * @type {Record<string, number>}
 */
const STEP_KEYS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/** Numbers from here on have separators. */
const SEPARATED = 10_000;

/** Most characters of a number in a narrow field, and from how many on they are smaller. */
const NARROW_ROOM = 4;

/** Most characters of a typed text that are repeated. */
const TYPED_ROOM = 24;

/**
 * Read an integer as people type one; true minus signs, a leading plus, and separators between
 * digits count.
 * @param {string} text
 */
function parseInteger(text) {
  const plainText = text
    .trim()
    .replace(/\u2212/g, "-")
    .replace(/(?<=\d)[_,](?=\d)/g, "");
  if (!/^[+-]?\d+$/.test(plainText)) return null;
  return Number(plainText) || 0;
}

/**
 * A number with − and + (44 px). It can be dragged by its digits, stepped with ↑ ↓ (Alt: by one),
 * PageUp and PageDown (ten steps), and typed. Letters are refused with a sentence; `onChange` may
 * refuse a number by returning a sentence: the old number stays.
 * @param {string} label what the number is, for a screen reader
 * @param {number} value
 * @param {number} step
 * @param {(value: number) => string | void} onChange
 * @param {boolean} [isNarrow] whether the field keeps its width: a long number is in full only
 *   while it is edited
 * @returns {Stepper}
 */
export function stepper(label, value, step, onChange, isNarrow = false) {
  let current = value;
  const words = h("small", { class: "ss-refused", role: "status" });
  const input = stepperInput(label, readTyped, stepByKey);
  const show = () => showNumber(input, current, isNarrow && !input.matches(":focus"));
  whileEdited(input, show);
  const less = nudge("\u2212", `${label}, ${step} less`, () => attempt(current - step));
  const more = nudge("+", `${label}, ${step} more`, () => attempt(current + step));
  const kept = () => `${minusText(current)} is kept.`;

  /** @param {string} text */
  function refuse(text) {
    words.textContent = text;
    input.toggleAttribute("aria-invalid", false);
    if (text) input.setAttribute("aria-invalid", "true");
    show();
  }
  /** @param {number} next */
  function attempt(next) {
    if (!Number.isSafeInteger(next)) return refuse(`That number is too large here. ${kept()}`);
    const problem = next === current ? "" : onChange(next);
    if (problem) return refuse(problem);
    current = next;
    forgetRefusals(root);
    return refuse("");
  }
  function readTyped() {
    const next = parseInteger(input.value);
    if (next !== null) return attempt(next);
    const typed = short(input.value.trim(), TYPED_ROOM);
    return refuse(`\u201c${typed}\u201d is not a whole number. ${kept()}`);
  }
  /** @param {KeyboardEvent} event */
  function stepByKey(event) {
    if (event.key === "Enter") readTyped();
    if (event.key === "Escape") refuse("");
    const steps = STEP_KEYS[event.key];
    if (!steps) return;
    event.preventDefault();
    attempt((parseInteger(input.value) ?? current) + steps * (event.altKey ? 1 : step));
    input.select();
  }
  const drag = (/** @type {number} */ n, /** @type {number} */ start) => attempt(start + n * step);
  stepByDragging(input, drag, () => current);
  const field = h("span", { class: "ss-nudge" }, less, input, more);
  const root = h("span", { class: "ss-step", role: "group", "aria-label": label }, field, words);
  show();
  return Object.assign(root, {
    set: (/** @type {number} */ next) => {
      current = next;
      refuse("");
    },
    focusInput: () => input.focus(),
    nameInput: (/** @type {string} */ name) => input.setAttribute("aria-label", name),
  });
}

/**
 * @param {string} label
 * @param {() => void} onChange
 * @param {(event: KeyboardEvent) => void} onKeydown
 */
function stepperInput(label, onChange, onKeydown) {
  const input = h("input", {
    type: "text",
    role: "spinbutton",
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    onChange,
    onKeydown,
  });
  return input;
}

/**
 * A number as in the text around it, with a comma between thousands of large ones.
 * @param {number} value
 */
function minusText(value) {
  const isLarge = Math.abs(value) >= SEPARATED;
  const digits = isLarge ? String(value).replace(/\B(?=(\d{3})+$)/g, ",") : String(value);
  return digits.replace("-", "\u2212");
}

/**
 * A button beside the number; the keyboard has its arrow keys.
 * @param {string} sign
 * @param {string} label
 * @param {() => void} onClick
 */
function nudge(sign, label, onClick) {
  const one = button(sign, onClick);
  one.setAttribute("aria-label", label);
  one.tabIndex = -1;
  return one;
}

/**
 * Show a number anew when its field is entered, which selects it, and left.
 * @param {HTMLInputElement} input
 * @param {() => void} show
 */
function whileEdited(input, show) {
  input.addEventListener("focus", () => {
    show();
    input.select();
  });
  input.addEventListener("blur", show);
}

/**
 * A number in few characters: `1e11`, `≈1e4`.
 * @param {number} value
 */
function fewDigits(value) {
  const text = value.toExponential(1);
  const digits = Number(text) === value ? text.replace(".0", "") : `≈${value.toExponential(0)}`;
  return digits.replace("e+", "e").replace("-", "\u2212");
}

/**
 * @param {HTMLInputElement} input
 * @param {number} value
 * @param {boolean} isShort
 */
function showNumber(input, value, isShort) {
  const text = minusText(value);
  input.value = isShort && text.length > NARROW_ROOM ? fewDigits(value) : text;
  input.setAttribute("aria-valuenow", String(value));
  input.style.width = `${Math.max(2, input.value.length) + 1}ch`;
}

/**
 * Turn dragging over digits into steps.
 * @param {HTMLInputElement} input
 * @param {(steps: number, start: number) => void} move
 * @param {() => number} read
 */
function stepByDragging(input, move, read) {
  /** @type {number | null} */
  let from = null;
  let start = 0;
  let last = 0;
  input.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    start = read();
    last = 0;
  });
  input.addEventListener("pointermove", (event) => {
    if (from === null || !event.buttons) return;
    const steps = Math.trunc((event.clientX - from) / DRAG_STEP);
    if (steps === last) return;
    if (!input.hasPointerCapture(event.pointerId)) input.setPointerCapture(event.pointerId);
    last = steps;
    move(steps, start);
    event.preventDefault();
  });
  // Selected digits would be dragged away as text.
  input.addEventListener("dragstart", (event) => event.preventDefault());
  const release = () => {
    from = null;
  };
  input.addEventListener("pointerup", release);
  input.addEventListener("pointercancel", release);
}

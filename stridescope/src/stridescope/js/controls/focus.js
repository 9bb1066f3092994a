// One focus for linked pictures: hover shows, a click or Enter pins, a second click or Esc frees,
// arrows move along axes, b goes to the next picture.

import { pointIn } from "../drawing/dom.js";

/** @import { Focus, Hit, Index } from "../types.js" */

/**
 * @typedef {object} FocusOptions
 * @property {() => number[]} shape
 * @property {(index: Index) => void} show
 * @property {(text: string) => void} say
 * @property {(index: Index) => string} words
 * @property {Index | null} start
 * @property {(on: boolean, key?: string) => void} [onPin]
 */

/** @typedef {{name: string, svg: SVGSVGElement}} FocusPicture */

/**
 * What the keys do.
 * @typedef {object} FocusMoves
 * @property {(axis: number, step: number) => void} along
 * @property {(step: number) => void} choose
 * @property {() => void} cross
 * @property {(on: boolean, key?: string) => void} pin
 * @property {(i: number) => void} toEnd move to an index along the last axis
 */

/**
 * @typedef {object} FocusState
 * @property {FocusOptions} options
 * @property {Focus} focus
 * @property {FocusPicture[]} pictures
 * @property {number | null} axis that the up and down arrows were set to
 */

/**
 * @param {FocusOptions} options
 * @returns {Focus}
 */
export function createFocus(options) {
  /** @type {Focus} */
  const focus = {
    index: options.start,
    pinned: false,
    move: (index, pinned = focus.pinned) => moveFocus(state, index, pinned),
    attach: (name, svg, hit, label) => attachPicture(state, { name, svg }, hit, label),
    keep: (redraw) => keepFocus(state, redraw),
  };
  /** @type {FocusState} */
  const state = { options, focus, pictures: [], axis: null };
  return focus;
}

/**
 * @param {FocusState} state
 * @param {Index} index
 * @param {boolean} pinned
 */
function moveFocus({ focus, options }, index, pinned) {
  focus.pinned = pinned;
  if (focus.index && index.join() === focus.index.join()) return;
  focus.index = index;
  options.show(index);
  options.say(options.words(index));
}

/**
 * @param {FocusState} state
 * @param {boolean} on
 * @param {string} [key]
 */
function pinFocus({ focus, options, pictures }, on, key) {
  const { say, words, onPin } = options;
  focus.pinned = on;
  for (const { svg } of pictures) svg.dataset.pinned = String(on);
  if (focus.index) say(`${on ? "Pinned" : "Free"}: ${words(focus.index)}`);
  onPin?.(on, key);
}

/**
 * @param {FocusState} state
 * @param {Index} from
 * @param {string} name of the picture
 * @returns {FocusMoves}
 */
function focusMoves(state, from, name) {
  const { focus, options, pictures } = state;
  const { shape, say, words } = options;
  return {
    pin: (on, key) => pinFocus(state, on, key),
    along: (axis, step) => {
      const next = [...from];
      next[axis] += step;
      if (next[axis] >= 0 && next[axis] < shape()[axis]) focus.move(next);
      else say(`Axis ${axis} ends here: ${words(from)}`);
    },
    choose: (step) => {
      const ndim = shape().length;
      if (ndim < 3) return;
      state.axis = ((state.axis ?? ndim - 2) + step + ndim - 1) % (ndim - 1);
      say(`Up and down arrows move along axis ${state.axis}.`);
    },
    cross: () => {
      const k = pictures.findIndex((picture) => picture.name === name);
      pictures[(k + 1) % pictures.length]?.svg.focus();
    },
    toEnd: (i) => focus.move([...from.slice(0, -1), i]),
  };
}

/**
 * @param {FocusState} state
 * @param {KeyboardEvent} event
 * @param {string} name of the picture
 */
function moveFocusByKey(state, event, name) {
  const { focus, options, axis } = state;
  if (event.ctrlKey || event.metaKey || event.altKey || !focus.index) return;
  const shape = options.shape();
  const moves = focusMoves(state, focus.index, name);
  const act = focusKey(event.key, shape, axis ?? shape.length - 2, moves);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

/**
 * Make a picture a tab stop.
 * @param {FocusState} state
 * @param {FocusPicture} picture
 * @param {Hit} hit
 * @param {string} label
 */
function attachPicture(state, { name, svg }, hit, label) {
  const { focus, options } = state;
  const before = state.pictures.find((picture) => picture.name === name);
  const isHeld = before && before.svg === document.activeElement;
  state.pictures = [...state.pictures.filter((picture) => picture !== before), { name, svg }];
  state.pictures.sort((a, b) => (a.name < b.name ? -1 : 1));
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("data-pinned", String(focus.pinned));
  svg.addEventListener("keydown", (event) => moveFocusByKey(state, event, name));
  svg.addEventListener("focus", () => focus.index && options.say(options.words(focus.index)));
  svg.addEventListener("pointermove", (event) => {
    const index = focus.pinned ? null : hit(...pointIn(event, svg));
    if (index) focus.move(index);
  });
  svg.addEventListener("click", (event) => {
    const index = hit(...pointIn(event, svg));
    if (!index) return;
    const isHere = svg.dataset.pinned === "true" && focus.index?.join() === index.join();
    if (isHere) return pinFocus(state, false);
    focus.index = null;
    focus.move(index, true);
    pinFocus(state, true);
  });
  if (isHeld) queueMicrotask(() => svg.focus({ preventScroll: true }));
}

/**
 * Redraw pictures; the one that had the keyboard's focus has it again.
 * @param {FocusState} state
 * @param {() => void} redraw
 */
function keepFocus(state, redraw) {
  const held = state.pictures.find(({ svg }) => svg === document.activeElement);
  redraw();
  if (!held) return;
  const again = state.pictures.find(({ name }) => name === held.name);
  again?.svg.focus({ preventScroll: true });
}

/**
 * What a key does, as a function; null if nothing.
 * @param {string} key
 * @param {number[]} shape
 * @param {number} other the axis of the up and down arrows
 * @param {FocusMoves} moves
 */
function focusKey(key, shape, other, { along, choose, cross, pin, toEnd }) {
  const last = shape.length - 1;
  /** @type {Record<string, () => void>} */
  const table = {
    "[": () => choose(-1),
    "]": () => choose(1),
    b: cross,
    Enter: () => pin(true, "Enter"),
    " ": () => pin(true),
    Escape: () => pin(false),
  };
  /** @type {Record<string, () => void>} */
  const sideways = {
    ArrowLeft: () => along(last, -1),
    ArrowRight: () => along(last, 1),
    Home: () => toEnd(0),
    End: () => toEnd(shape[last] - 1),
  };
  /** @type {Record<string, () => void>} */
  const upDown = { ArrowUp: () => along(other, -1), ArrowDown: () => along(other, 1) };
  return table[key] ?? (shape.length && sideways[key]) ?? (last > 0 && upDown[key]) ?? null;
}

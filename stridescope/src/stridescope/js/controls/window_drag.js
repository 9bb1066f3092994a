// Arrows, drag and touch move a window over an image.

import { pointIn } from "../drawing/dom.js";
import { clipToRange, forBoth } from "../model/sliding_windows.js";

/** @import { CellTable, Pair, ShownWindow, View, WindowSetting } from "../types.js" */

/**
 * @typedef {object} Movable
 * @property {View} view
 * @property {(what: Partial<WindowSetting>) => string} change go to another setting; why not, or ""
 */

/**
 * Where an arrow key leads.
 * @type {Record<string, Pair<number>>}
 */
const WINDOW_KEYS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * Arrows, drag and touch move the window.
 * @param {ShownWindow & Movable} me
 * @param {CellTable} image
 */
export function moveByHand(me, { svg, ring, at }) {
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");
  ring.setAttribute("class", "r ss-grab");
  svg.addEventListener("keydown", (event) => moveByKey(me, event));
  /** @type {number[] | null} where in the window it is held */
  let grip = null;
  svg.addEventListener("pointerdown", (event) => {
    const cell = at(...pointIn(event, svg));
    if (!cell) return;
    const { corner, range } = me;
    const isInside = cell.every((p, k) => p >= corner[k] && p < corner[k] + range[k].size);
    grip = isInside
      ? cell.map((p, k) => p - corner[k])
      : range.map(({ size }) => Math.floor(size / 2));
    if (!isInside) moveWindow(me, cell, grip);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!grip || !event.buttons) return;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    const cell = at(...pointIn(event, svg));
    if (cell) moveWindow(me, cell, grip);
  });
  const release = () => {
    grip = null;
  };
  svg.addEventListener("pointerup", release);
  svg.addEventListener("pointercancel", release);
}

/**
 * @param {ShownWindow & Movable} me
 * @param {KeyboardEvent} event
 */
function moveByKey(me, event) {
  const move = WINDOW_KEYS[event.key];
  if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const problem = me.change({ at: forBoth((k) => me.now.at[k] + move[k]) });
  if (problem) me.view.say(problem);
}

/**
 * Move the window so that the place where it is held is at a cell.
 * @param {ShownWindow & Movable} me
 * @param {number[]} cell
 * @param {number[]} grip
 */
function moveWindow(me, cell, grip) {
  const { range, now } = me;
  const at = forBoth((k) => clipToRange(Math.round((cell[k] - grip[k]) / now.step), range[k]));
  if (at.join() !== now.at.join()) me.change({ at });
}

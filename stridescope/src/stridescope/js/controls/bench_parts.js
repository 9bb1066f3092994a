// The parts of the workbench: its picture, what NumPy says of it, and where its controls go.

import { h } from "../drawing/dom.js";
import { WIDE } from "../drawing/shapes.js";

/** @import { View } from "../types.js" */

/** @typedef {ReturnType<typeof benchParts>} BenchParts */

/**
 * Make the parts in the frame of an instrument.
 * @param {View} view
 */
export function benchParts(view) {
  const parts = {
    place: h("div", { class: "ss-workbench-place" }),
    target: h("div", { class: "ss-workbench-target" }),
    // What NumPy says is said aloud as well: it is in no second place.
    state: h("div", { class: "ss-workbench-state", role: "status" }),
    line: h("code", {}),
    counts: h("p", {}),
    verdict: h("p", {}),
    dock: h("div", { class: "ss-workbench-dock" }),
    side: h("div", { class: "ss-workbench-side" }),
    steps: h("div", { class: "ss-workbench-steps" }),
    presets: h("div"),
    buttons: h("div", { class: "ss-ctl" }),
    game: h("div", { class: "ss-workbench-golf" }),
  };
  parts.state.append(h("p", {}, parts.line), parts.verdict, parts.counts);
  parts.dock.append(parts.buttons);
  view.picture.append(parts.game, parts.place, parts.state);
  view.controls.append(parts.dock);
  return parts;
}

/**
 * Buttons of one sort, below its name.
 * @param {string} name
 * @param {(HTMLElement | null)[]} buttons
 */
export function buttonGroup(name, buttons) {
  const shown = buttons.filter((one) => one !== null);
  if (!shown.length) return "";
  const attributes = { class: "ss-workbench-group", role: "group", "aria-label": name };
  return h("div", attributes, h("small", { "aria-hidden": "true" }, name), h("div", {}, shown));
}

/**
 * Put the numbers and the presets beside the grid where there is room, and into the dock below the
 * picture on a phone.
 * @param {View} view
 * @param {BenchParts} parts
 */
export function placeControls(view, parts) {
  const { place, side, dock, steps, presets, buttons } = parts;
  if (view.width() < WIDE) {
    side.remove();
    buttons.prepend(presets);
    dock.append(steps);
  } else {
    side.replaceChildren(steps, presets);
    place.firstElementChild?.after(side);
  }
}

/**
 * The controls of one number, or of one for each axis, behind a word and its unit.
 * @param {string} word
 * @param {string} unit
 * @param {Node[]} controls
 */
export const stepRow = (word, unit, controls) =>
  h(
    "div",
    { class: "ss-workbench-row" },
    h("span", {}, word, h("small", {}, unit)),
    h("div", {}, controls),
  );

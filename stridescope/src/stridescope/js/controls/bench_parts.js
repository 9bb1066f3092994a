// The parts of the workbench: its picture, what NumPy says of it, and where its controls go.

import { h, s } from "../drawing/dom.js";
import { WIDE } from "../drawing/shapes.js";

/** @import { View } from "../types.js" */

/** @typedef {ReturnType<typeof benchParts>} BenchParts */

/** What a preset does, drawn in 16 px. @type {Record<string, string>} */
const SIGNS = {
  Transpose: "M2 2h5v5h-5zM9 9h5v5h-5zM10 4.5h3v2M6 11.5h-3v-2",
  Reverse: "M14 8H3M7 3.5L2.5 8L7 12.5",
  Diagonal: "M2 2h4v4h-4zM6 6h4v4h-4zM10 10h4v4h-4z",
  Windows: "M1.5 3h8v6h-8zM6.5 7h8v6h-8z",
  Broadcast: "M2 2h12v3h-12zM2 8.5h12M2 11.5h12M2 14.5h12",
};

/**
 * Make the parts in the frame of an instrument.
 * @param {View} view
 */
export function benchParts(view) {
  const parts = {
    place: h("div", { class: "ss-wb-place" }),
    target: h("div", { class: "ss-wb-target" }),
    // What NumPy says is said aloud as well: it is in no second place.
    state: h("div", { class: "ss-wb-state", role: "status" }),
    line: h("code", {}),
    counts: h("p", {}),
    verdict: h("p", { class: "ss-verdict" }),
    dock: h("div", { class: "ss-wb-dock" }),
    side: h("div", { class: "ss-wb-side" }),
    steps: h("div", { class: "ss-wb-steps" }),
    presets: h("div", { class: "ss-wb-presets", role: "group", "aria-label": "Presets" }),
    buttons: h("div", { class: "ss-ctl" }),
    game: h("div", { class: "ss-wb-golf" }),
    tasks: h("div", { class: "ss-wb-task" }),
    invite: h("div", { class: "ss-wb-invite" }),
  };
  parts.state.append(parts.verdict, h("p", {}, parts.line), parts.counts);
  view.picture.append(parts.game, parts.tasks, parts.place, parts.buttons, parts.state);
  view.controls.append(parts.dock, parts.invite);
  watchReach(view.root, parts.place);
  return parts;
}

/**
 * Mark an instrument whose picture has come into the upper half of the window: only then do its
 * controls stay at the foot of the screen.
 * @param {HTMLElement} root
 * @param {HTMLElement} place
 */
function watchReach(root, place) {
  const watch = new IntersectionObserver(
    ([{ isIntersecting, boundingClientRect }]) => {
      root.classList.toggle("ss-reached", isIntersecting || boundingClientRect.top < 0);
    },
    { rootMargin: "0px 0px -45% 0px" },
  );
  watch.observe(place);
}

/**
 * Put a small picture of what it does before the name of a preset.
 * @param {HTMLElement} button
 * @param {string} name
 */
export function withSign(button, name) {
  const path = s("path", { d: SIGNS[name] });
  button.prepend(s("svg", { class: "ss-sign", viewBox: "0 0 16 16", "aria-hidden": "true" }, path));
  return button;
}

/**
 * Put the numbers beside the grid and the presets below it where there is room, and both into the
 * dock below the picture on a phone.
 * @param {View} view
 * @param {BenchParts} parts
 */
export function placeControls(view, parts) {
  const { place, side, dock, steps, presets } = parts;
  if (view.width() < WIDE) {
    side.remove();
    dock.append(presets, steps);
  } else {
    side.replaceChildren(steps);
    place.firstElementChild?.after(side, presets);
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
    { class: "ss-wb-row", dataset: { set: word } },
    h("span", {}, word, h("small", {}, unit)),
    h("div", {}, controls),
  );

// Motion between two states: what moves has moved after 400 ms, and not at all where the reader
// wants no motion.

import { readingPath } from "./reading_path.js";

/** @import { Grid, Layout, Strip } from "../types.js" */

const TURN_MS = 400;

/** Whether the reader wants no motion. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Let an element arrive from another place.
 * @param {Element} el
 * @param {number} dx px
 * @param {number} dy px
 */
function slideFrom(el, dx, dy) {
  if (!dx && !dy) return;
  const frames = [{ transform: `translate(${dx}px, ${dy}px)` }, { transform: "none" }];
  el.animate(frames, { duration: TURN_MS, easing: "ease-in-out" });
}

/**
 * Let each element that both grids show go from its old place to its new one; the others fade in.
 * @param {Grid} before
 * @param {Grid} after
 */
export function moveElements(before, after) {
  if (isStill()) return;
  const places = new Map([...before.boxes.values()].map((box) => [box.byte, box]));
  for (const { byte, x, y, group, text } of after.boxes.values()) {
    const old = places.get(byte);
    if (old) slideFrom(group, old.x - x, old.y - y);
    else text.classList.add("ss-new");
  }
  after.fills.classList.add("ss-new");
}

/**
 * Draw the order of reading above a strip; `isNew` lets it be drawn before the reader's eyes.
 * @param {Strip} strip
 * @param {Layout} layout
 * @param {boolean} isNew
 */
export function showPath(strip, layout, isNew) {
  strip.way.replaceChildren(...readingPath(strip, layout));
  strip.way.classList.toggle("ss-draw", isNew);
  if (isNew) strip.fills.classList.add("ss-new");
}

// A question answered by touching a picture: a byte of a strip, or an element of a grid.

import { arcsTo } from "../drawing/arcs.js";
import { readingLanes, readingSpec } from "../drawing/array_strip.js";
import { h, scrolled } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { elementAt } from "../model/byte_lookup.js";
import { placeWords, valueWords } from "../model/element_words.js";
import { isAligned } from "../model/strides.js";
import { createFocus } from "./focus.js";

/** @import { Hit, Index, ReadValue, Reply, TouchState, Try, View } from "../types.js" */

/** @typedef {TouchState["place"]} Place an index, or the first byte of a box */

/**
 * A picture whose cursor is an index: of an element, or of a box of a strip.
 * @typedef {object} TouchPicture
 * @property {SVGSVGElement} svg
 * @property {number[]} shape
 * @property {Hit} at
 * @property {(index: Index) => void} show
 * @property {(index: Index) => string} words
 * @property {(index: Index) => Place} place
 */

/**
 * A place as it is kept and shown: "byte 40", "[1, 2]".
 * @param {Place} place
 */
const placeText = (place) => (Array.isArray(place) ? `[${place.join(", ")}]` : `byte ${place}`);

/**
 * The place that a kept answer names, or null.
 * @param {TouchState} touch
 * @param {string} text
 */
function readPlace(touch, text) {
  const numbers = (text.match(/-?\d+/g) ?? []).map(Number);
  if (touch.of === "byte") return numbers.length === 1 ? numbers[0] : null;
  return numbers.length === touch.layout.shape.length ? numbers : null;
}

/**
 * @param {TouchState} touch
 * @returns {ReadValue}
 */
const textsOf = (touch) => (byte) => touch.texts[byte] ?? "?";

/**
 * Draw the grid: a place is an index.
 * @param {TouchState} touch
 * @param {number} width room, px
 * @param {Index | null} place
 * @returns {TouchPicture}
 */
function touchGrid(touch, width, place) {
  const { layout, name } = touch;
  const read = textsOf(touch);
  const grid = drawGrid(layout, read, place, width, { name });
  return {
    svg: grid.svg,
    shape: layout.shape,
    at: grid.at,
    show: grid.show,
    words: (index) => `${placeWords(index)}: ${valueWords(read(grid.box(index)?.byte ?? NaN))}`,
    place: (index) => index,
  };
}

/**
 * Draw the strip: the cursor counts boxes, a place is the first byte of one.
 * @param {TouchState} touch
 * @param {number} width room, px
 * @param {number | null} place
 * @param {boolean} isAnswer whether steps lead to the place
 * @returns {TouchPicture}
 */
function touchStrip(touch, width, place, isAnswer) {
  const { layout } = touch;
  const read = textsOf(touch);
  const unit = isAligned(layout) ? layout.itemsize : 1;
  const index = isAnswer && place !== null ? elementAt(layout, place) : null;
  const arcs = index ? arcsTo(layout, index) : [];
  const longest = Math.max(...Object.values(touch.texts).map(({ length }) => length));
  const spec = {
    ...readingSpec(touch, { unit, levels: 1 }, null),
    pathRoom: 0,
    offset: null,
    longest,
  };
  const strip = drawStrip(spec, readingLanes(touch), arcs, place, width, read);
  const boxes = [...strip.boxes.keys()];
  return {
    svg: strip.svg,
    shape: [boxes.length],
    at: (x, y) => {
      const byte = strip.at(x, y);
      return byte === null ? null : [boxes.indexOf(byte)];
    },
    show: ([k]) => strip.show(boxes[k]),
    words: ([k]) => `byte ${boxes[k]}: ${valueWords(read(boxes[k]))}`,
    place: ([k]) => boxes[k],
  };
}

/**
 * @param {TouchState} touch
 * @param {number} width room, px
 * @param {Place | null} place
 */
function drawTouch(touch, width, place = null, isAnswer = false) {
  if (Array.isArray(place) || touch.of === "element")
    return touchGrid(touch, width, Array.isArray(place) ? place : null);
  return touchStrip(touch, width, place, isAnswer);
}

/**
 * The picture of a question, to be touched.
 * @param {TouchState} touch
 * @param {View} view
 * @param {(text: string) => void} say
 * @param {() => void} onEnter called when a place was chosen by the keyboard
 * @returns {{root: Element, ask: () => void, place: string | null}} `place` is what was chosen
 */
export function touchTarget(touch, view, say, onEnter) {
  const root = h("div", { class: "ss-strip" });
  const wanted = touch.of === "byte" ? "a byte" : "an element";
  let picture = drawTouch(touch, view.width());
  const focus = createFocus({
    shape: () => picture.shape,
    start: picture.shape.map(() => 0),
    say,
    words: (index) => picture.words(index),
    show: (index) => picture.show(index),
    onPin: (on, key) => {
      target.place = on && focus.index ? placeText(picture.place(focus.index)) : null;
      say(on ? `Your answer: ${target.place}. How sure are you?` : `Touch ${wanted}.`);
      if (key === "Enter") onEnter();
    },
  });
  /** @type {ReturnType<typeof touchTarget>} */
  const target = {
    root,
    place: null,
    ask: () => {
      picture.svg.focus();
      say(`Touch ${wanted}, or choose it with the arrow keys and Enter.`);
    },
  };
  const showFocus = () => {
    if (focus.index) picture.show(focus.index);
  };
  const place = () => {
    root.replaceChildren(scrolled(picture.svg, view.width()));
    const words = `Touch ${wanted} of ${touch.name}. Arrow keys move, Enter chooses.`;
    focus.attach("touch", picture.svg, picture.at, words);
    picture.svg.classList.add("ss-touch");
    picture.svg.addEventListener("focus", showFocus);
    if (target.place !== null) showFocus();
  };
  const redraw = () => {
    if (!root.isConnected) return;
    picture = drawTouch(touch, view.width());
    place();
  };
  place();
  view.onResize(() => focus.keep(redraw));
  say(`Touch ${wanted}, then say how sure you are.`);
  return target;
}

/**
 * After the answer: the reader's picture above NumPy's; one picture where they agree or where the
 * reader asked to be shown.
 * @param {TouchState} touch
 * @param {View} view
 * @param {Try | Reply} reply
 */
export function comparedPictures(touch, view, reply) {
  const mine = reply.said === null ? null : readPlace(touch, reply.said);
  /**
   * @param {string} title
   * @param {Place} place
   * @param {boolean} isAnswer
   */
  const figure = (title, place, isAnswer) => {
    const { svg } = drawTouch(touch, view.width(), place, isAnswer);
    const attributes = { class: "ss-predict-whose" };
    const head = h("p", attributes, h("b", {}, title), `: ${placeText(place)}`);
    return h("div", { class: "ss-strip" }, head, scrolled(svg, view.width()));
  };
  const sure = reply.sure ? "sure" : "think so";
  if (reply.right) return [figure(`✓ You (${sure}) and NumPy`, touch.place, true)];
  const yours = mine === null ? [] : [figure(`You (${sure})`, mine, false)];
  return [...yours, figure("✓ NumPy", touch.place, true)];
}

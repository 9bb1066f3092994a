// A question answered by touching a picture: a byte of a strip, or an element of a grid.

import { arcsTo } from "../drawing/arcs.js";
import { h } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { isAligned } from "../model/strides.js";
import { createFocus, placeWords } from "./focus.js";
import { elementAt, pairBytes, pairLanes, scrolled, valueWords } from "./linked_pictures.js";

/**
 * @typedef {object} Touched
 * @property {"byte"|"element"} of what is touched
 * @property {string} name @property {object} layout @property {number} nbytes @property {boolean} owns
 * @property {number|number[]} place where NumPy would touch
 * @property {Record<string, string>} texts values by byte
 */

/** A place as it is kept and shown: "byte 40", "[1, 2]". */
const placeSaid = (place) => (Array.isArray(place) ? `[${place.join(", ")}]` : `byte ${place}`);

/** The place that a kept answer names, or null. */
function placeRead(touch, said) {
  const numbers = (said.match(/-?\d+/g) ?? []).map(Number);
  if (touch.of === "byte") return numbers.length === 1 ? numbers[0] : null;
  return numbers.length === touch.layout.shape.length ? numbers : null;
}

/** Draw the grid: a place is an index. */
function touchGrid({ layout, name, texts }, width, place) {
  const grid = drawGrid(layout, (byte) => texts[byte] ?? "?", place, width, { name });
  const words = (index) =>
    `${placeWords(index)}: ${valueWords(texts[grid.box(index)?.byte] ?? "?")}`;
  return {
    svg: grid.svg,
    shape: layout.shape,
    at: grid.at,
    show: grid.show,
    words,
    place: (index) => index,
  };
}

/** Draw the strip: the cursor counts boxes, a place is the first byte of one. */
function touchStrip(touch, width, place, isAnswer) {
  const { layout, texts } = touch;
  const unit = isAligned(layout) ? layout.itemsize : 1;
  const index = isAnswer && place !== null ? elementAt(layout, place) : null;
  const bytes = pairBytes({ ...touch, unit, levels: 1 }, null);
  const arcs = index ? arcsTo(layout, index) : [];
  const strip = drawStrip(
    bytes,
    pairLanes(touch),
    arcs,
    place,
    width,
    (byte) => texts[byte] ?? "?",
  );
  const boxes = [...strip.boxes.keys()];
  const at = (x, y) => {
    const byte = strip.at(x, y);
    return byte === null ? null : [boxes.indexOf(byte)];
  };
  const words = ([k]) => `byte ${boxes[k]}: ${valueWords(texts[boxes[k]] ?? "?")}`;
  return {
    svg: strip.svg,
    shape: [boxes.length],
    at,
    show: ([k]) => strip.show(boxes[k]),
    words,
    place: ([k]) => boxes[k],
  };
}

const touchDrawn = (touch, width, place = null, isAnswer = false) =>
  touch.of === "byte" ? touchStrip(touch, width, place, isAnswer) : touchGrid(touch, width, place);

/**
 * The picture of a question, to be touched.
 * @param {Touched} touch @param {object} view the frame
 * @param {(text: string) => void} say @param {() => void} onEnter called when a place was chosen by the keyboard
 * @returns {{root: Element, ask: () => void, place: string|null}} `place` is what was chosen
 */
export function touchedPicture(touch, view, say, onEnter) {
  const root = h("div", { class: "ss-strip" });
  const wanted = touch.of === "byte" ? "a byte" : "an element";
  const ask = () => {
    picture.svg.focus();
    say(`Touch ${wanted}, or choose it with the arrow keys and Enter.`);
  };
  const touched = { root, ask, place: null };
  let picture = touchDrawn(touch, view.width());
  const chosen = (on, by) => {
    touched.place = on ? placeSaid(picture.place(focus.index)) : null;
    say(on ? `Your answer: ${touched.place}. How sure are you?` : `Touch ${wanted}.`);
    if (by === "Enter") onEnter();
  };
  const focus = createFocus({
    shape: () => picture.shape,
    start: picture.shape.map(() => 0),
    say,
    words: (index) => picture.words(index),
    show: (index) => picture.show(index),
    onPin: chosen,
  });
  const put = () => {
    root.replaceChildren(scrolled(picture.svg, view.width()));
    focus.attach(
      "touch",
      picture.svg,
      picture.at,
      `Touch ${wanted} of ${touch.name}. Arrow keys move, Enter chooses.`,
    );
    picture.svg.classList.add("ss-touch");
    picture.svg.addEventListener("focus", () => picture.show(focus.index));
    if (touched.place !== null) picture.show(focus.index);
  };
  put();
  view.onResize(() =>
    focus.keep(() => {
      if (root.isConnected) {
        picture = touchDrawn(touch, view.width());
        put();
      }
    }),
  );
  say(`Touch ${wanted}, then say how sure you are.`);
  return touched;
}

/** After the answer: the reader's picture above NumPy's; one picture where they agree or nothing was said. */
export function comparedPictures(touch, view, reply) {
  const mine = reply.said === null ? null : placeRead(touch, reply.said);
  const figure = (title, place, isAnswer) => {
    const { svg } = touchDrawn(touch, view.width(), place, isAnswer);
    return h(
      "div",
      { class: "ss-strip" },
      h("p", { class: "ss-predict-whose" }, h("b", {}, title), `: ${placeSaid(place)}`),
      scrolled(svg, view.width()),
    );
  };
  const sure = reply.sure ? "sure" : "think so";
  if (reply.right) return [figure(`✓ You (${sure}) and NumPy`, touch.place, true)];
  const yours = mine === null ? [] : [figure(`You (${sure})`, mine, false)];
  return [...yours, figure("✓ NumPy", touch.place, true)];
}

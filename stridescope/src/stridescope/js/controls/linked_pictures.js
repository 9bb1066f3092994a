// One array or reading, live: grid, formula and strip with one focus. `layout` and `workbench` are
// made of it.

import { arcLevels, arcsTo } from "../drawing/arcs.js";
import { readingLanes, readingSpec } from "../drawing/array_strip.js";
import { h, keepInSight, scrolled, scrolledBefore } from "../drawing/dom.js";
import { formulaOf } from "../drawing/formula.js";
import { drawGrid } from "../drawing/grid.js";
import { moveElements, showPath } from "../drawing/motion.js";
import { hasPath, readingPath } from "../drawing/reading_path.js";
import { drawStrip } from "../drawing/strip.js";
import { stripPlan } from "../drawing/strip_geometry.js";
import { elementAt, tellingIndex, timesRead } from "../model/byte_lookup.js";
import { elementWords } from "../model/element_words.js";
import { boxUnit, byteOf, unravel } from "../model/strides.js";
import { hexReader, sentValues } from "../model/value_text.js";
import { createFocus } from "./focus.js";

/** @import { Dtype, Focus, Grid, HuesAt, Index, Layout, LinkedPictures } from "../types.js" */
/** @import { ReadValue, SentBytes, Strip, View } from "../types.js" */

/** Most elements for which all arcs are laid out in advance. */
const ARCS_PLANNED = 60;
const MOST_LEVELS = 4;

/**
 * What a reading is of.
 * @typedef {object} ReadingParts
 * @property {Layout} layout
 * @property {Dtype} dtype
 * @property {string} name
 * @property {string} [bar] what the bar below the bytes says; the name by default
 * @property {boolean} [owns]
 * @property {boolean} arcs whether the steps to the focus are drawn above the strip, not the path
 * @property {boolean} [hex] whether each byte is written in hexadecimal
 * @property {Index | null} focus
 * @property {Element} [beside] what is right of the grid
 * @property {number} [room] most px that the grid may fill
 * @property {HuesAt} [hues] by byte; by row of the reading if left out
 */

/** @typedef {ReadingParts & SentBytes} Reading */

/**
 * What is drawn of a reading.
 * @typedef {object} Drawn
 * @property {View} view
 * @property {Reading} reading
 * @property {ReadValue} valueAt
 * @property {ReadValue} hexAt
 * @property {Focus} focus
 * @property {HTMLElement} formula
 * @property {HTMLElement} top
 * @property {HTMLElement} bottom
 * @property {number} unit bytes of a box
 * @property {number} levels of arcs
 * @property {Grid | null} grid
 * @property {Strip | null} strip
 */

/**
 * Draw a reading into `place` and keep it.
 * @param {View} view
 * @param {HTMLElement} place
 * @param {Reading} reading
 * @param {Uint8Array} data
 * @returns {LinkedPictures}
 */
export function linkedPictures(view, place, reading, data) {
  /** @type {Drawn} */
  const drawn = {
    view,
    reading: { ...reading },
    valueAt: sentValues(reading, data),
    hexAt: hexReader(data, reading),
    focus: createFocus({
      shape: () => drawn.reading.layout.shape,
      start: reading.focus ?? tellingIndex(reading.layout),
      say: view.say,
      show: (index) => showIndex(drawn, index),
      words: (index) => elementWords({ ...drawn.reading, valueAt: drawn.valueAt }, index),
    }),
    formula: h("p", { class: "ss-sum" }),
    top: h("div", { class: "ss-row" }),
    bottom: h("div", { class: "ss-strip" }),
    unit: 1,
    levels: 1,
    grid: null,
    strip: null,
  };
  place.append(drawn.top, drawn.bottom);
  /** @type {LinkedPictures["draw"]} */
  const draw = (layout = drawn.reading.layout, change = "resize") =>
    drawn.focus.keep(() => drawReading(drawn, layout, change));
  draw();
  return {
    ...{ focus: drawn.focus, hexAt: drawn.hexAt, draw },
    layout: () => drawn.reading.layout,
    hex: (isOn) => {
      drawn.reading.hex = isOn;
      draw();
    },
    visit: (step) => visitStep(drawn, step),
  };
}

/**
 * Where the focus is in another layout: an operation keeps the element, an edited number the index.
 * @param {Drawn} drawn
 * @param {Layout} layout
 * @param {"resize" | "edit" | "operation"} change
 */
function focusIn({ reading, focus }, layout, change) {
  const { index } = focus;
  if (index && change === "operation") {
    const same = elementAt(layout, byteOf(reading.layout, index));
    if (same && byteOf(layout, same) === byteOf(reading.layout, index)) return same;
  }
  const isInside =
    index?.length === layout.shape.length && index.every((i, k) => i < layout.shape[k]);
  return isInside ? index : tellingIndex(layout);
}

/**
 * Draw everything again for a layout; the focus stays where it can.
 * @param {Drawn} drawn
 * @param {Layout} layout
 * @param {"resize" | "edit" | "operation"} change
 */
function drawReading(drawn, layout, change) {
  const { view, reading, focus, valueAt } = drawn;
  focus.index = focusIn(drawn, layout, change);
  reading.layout = layout;
  const { index } = focus;
  const width = view.width();
  const before = drawn.grid;
  const times = (/** @type {number} */ byte) => timesRead(layout, byte);
  const room = Math.min(width, reading.room ?? width);
  const { name, hues } = reading;
  drawn.grid = index && drawGrid(layout, valueAt, index, room, { name, times, hues });
  drawn.unit = boxUnit(layout);
  drawn.levels = reading.arcs && drawn.grid ? levelsFor(drawn, drawn.grid, width) : 1;
  if (drawn.grid) {
    drawn.top.replaceChildren(scrolled(drawn.grid.svg, room), reading.beside ?? "", drawn.formula);
    if (before && change !== "resize") moveElements(before, drawn.grid);
    const words = `Elements of ${reading.name}. Arrow keys move, b goes to the bytes.`;
    focus.attach("grid", drawn.grid.svg, drawn.grid.at, words);
  } else {
    const empty = `No elements: axis ${layout.shape.indexOf(0)} has length 0.`;
    drawn.top.replaceChildren(h("p", {}, empty));
  }
  drawStripOf(drawn, index, change !== "resize");
  if (index) showParts(drawn, index);
}

/**
 * Draw the strip, so that the bytes of an index are on it.
 * @param {Drawn} drawn
 * @param {Index | null} index
 * @param {boolean} isNew whether the order of reading is new
 */
function drawStripOf(drawn, index, isNew = false) {
  const { view, reading, unit, hexAt } = drawn;
  const width = view.width();
  const read = unit === reading.layout.itemsize ? drawn.valueAt : hexAt;
  const isWalked = !reading.arcs && hasPath(reading.layout);
  const spec = readingSpec(reading, drawn, index, reading.hex ? hexAt : null);
  if (isWalked || reading.arcs) spec.offset = null;
  const strip = drawStrip(spec, readingLanes(reading), [], null, width, read);
  const sideways = scrolledBefore(drawn.bottom);
  drawn.strip = strip;
  drawn.bottom.replaceChildren(scrolled(strip.svg, width, sideways));
  if (isWalked) showPath(strip, reading.layout, isNew);
  if (!index) return;
  const words = `Bytes of ${reading.name}. Arrow keys move, b goes to the elements.`;
  drawn.focus.attach("strip", strip.svg, (x, y) => hitElement(drawn, x, y), words);
}

/**
 * Show an index; what does not hold it is drawn again.
 * @param {Drawn} drawn
 * @param {Index} index
 */
function showIndex(drawn, index) {
  const { inGrid, inStrip } = showParts(drawn, index);
  const { focus, reading } = drawn;
  if (!inGrid) focus.keep(() => drawReading(drawn, reading.layout, "resize"));
  else if (!inStrip) {
    focus.keep(() => drawStripOf(drawn, index));
    showParts(drawn, index);
  }
}

/**
 * Levels that the arcs to any element drawn need, so that the picture keeps its height; for many
 * elements those of the last.
 * @param {Drawn} drawn
 * @param {Grid} grid
 * @param {number} width
 */
function levelsFor({ reading, unit, valueAt }, grid, width) {
  const { layout } = reading;
  const spec = readingSpec(reading, { unit, levels: 1 }, null);
  const plan = stripPlan({ ...spec, times: () => 1 }, [], width, valueAt);
  const boxes = [...grid.boxes.values()];
  const planned = boxes.length > ARCS_PLANNED ? boxes.slice(-1) : boxes;
  const places = { ...plan, rows: { includes: () => true } };
  const levels = planned.flatMap(({ index }) => arcLevels(places, arcsTo(layout, index)));
  return Math.min(MOST_LEVELS, 1 + Math.max(0, ...levels));
}

/**
 * The index whose element lies at a place of the strip.
 * @param {Drawn} drawn
 * @param {number} x
 * @param {number} y
 */
function hitElement({ strip, reading }, x, y) {
  const byte = strip?.at(x, y) ?? null;
  return byte === null ? null : elementAt(reading.layout, byte);
}

/**
 * Show an index in what is drawn; says where it is not on the picture.
 * @param {Drawn} drawn
 * @param {Index} index
 */
function showParts({ grid, strip, reading, formula, valueAt, view }, index) {
  const { layout, arcs } = reading;
  const byte = byteOf(layout, index);
  formula.replaceChildren(...formulaOf(layout, index, valueAt(byte)));
  const inGrid = grid?.show(index);
  if (arcs) strip?.way.replaceChildren();
  const inStrip = strip?.show(byte, arcs ? arcsTo(layout, index) : []);
  if (strip) keepInSight(strip.svg, view.width(), strip.middle(byte), strip.w);
  return { inGrid, inStrip };
}

/**
 * Show the reading up to a visit: the path over the bytes, the ring around its element, and
 * its formula; the focus stays at the element.
 * @param {Drawn} drawn
 * @param {number} step from 0
 */
function visitStep({ focus, formula, grid, strip, reading, valueAt, view }, step) {
  const { layout } = reading;
  const index = unravel(step, layout.shape);
  const byte = byteOf(layout, index);
  focus.index = index;
  formula.replaceChildren(...formulaOf(layout, index, valueAt(byte)));
  grid?.show(index);
  if (!strip) return;
  strip.show(byte, []);
  strip.way.classList.remove("ss-draw");
  strip.way.replaceChildren(...readingPath(strip, layout, step + 1));
  keepInSight(strip.svg, view.width(), strip.middle(byte), strip.w);
}

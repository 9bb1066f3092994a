// One array or reading, live: grid, formula and strip with one focus. `layout` and `workbench` are
// made of it.

import { arcLevels, arcsTo } from "../drawing/arcs.js";
import { readingLanes, readingSpec } from "../drawing/array_strip.js";
import { h, scrolled } from "../drawing/dom.js";
import { formulaOf } from "../drawing/formula.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { bytesPerRow } from "../drawing/strip_geometry.js";
import { elementAt, tellingIndex, timesRead } from "../model/byte_lookup.js";
import { elementWords } from "../model/element_words.js";
import { boxUnit, byteOf, modulo } from "../model/strides.js";
import { hexReader, sentValues } from "../model/value_text.js";
import { createFocus } from "./focus.js";

/** @import { Dtype, Focus, Grid, Index, Layout, LinkedPictures } from "../types.js" */
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
 * @property {string} [label] of the bracket; the name by default
 * @property {boolean} [owns]
 * @property {boolean} arcs whether steps are drawn above the strip
 * @property {Index | null} focus
 * @property {Element} [beside] what is right of the grid
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
  const draw = (layout = drawn.reading.layout) =>
    drawn.focus.keep(() => drawReading(drawn, layout));
  draw();
  return { focus: drawn.focus, hexAt: drawn.hexAt, draw };
}

/**
 * Draw everything again for a layout; the focus stays where it can.
 * @param {Drawn} drawn
 * @param {Layout} layout
 */
function drawReading(drawn, layout) {
  const { view, reading, focus, valueAt } = drawn;
  reading.layout = layout;
  const isInside =
    focus.index?.length === layout.shape.length && focus.index.every((i, k) => i < layout.shape[k]);
  if (!isInside) focus.index = tellingIndex(layout);
  const { index } = focus;
  const width = view.width();
  const before = drawn.grid;
  const times = (/** @type {number} */ byte) => timesRead(layout, byte);
  drawn.grid = index && drawGrid(layout, valueAt, index, width, { name: reading.name, times });
  drawn.unit = boxUnit(layout);
  drawn.levels = reading.arcs && drawn.grid ? levelsFor(layout, drawn.grid, drawn.unit, width) : 1;
  if (drawn.grid) {
    drawn.top.replaceChildren(scrolled(drawn.grid.svg, width), reading.beside ?? "", drawn.formula);
    if (before) markNew(before, drawn.grid);
    const words = `Elements of ${reading.name}. Arrow keys move, b goes to the bytes.`;
    focus.attach("grid", drawn.grid.svg, drawn.grid.at, words);
  } else {
    const empty = `No elements: axis ${layout.shape.indexOf(0)} has length 0.`;
    drawn.top.replaceChildren(h("p", {}, empty));
  }
  drawStripOf(drawn, index);
  if (index) showParts(drawn, index);
}

/**
 * Draw the strip, so that the bytes of an index are on it.
 * @param {Drawn} drawn
 * @param {Index | null} index
 */
function drawStripOf(drawn, index) {
  const { view, reading, unit } = drawn;
  const width = view.width();
  const read = unit === reading.layout.itemsize ? drawn.valueAt : drawn.hexAt;
  const spec = readingSpec(reading, drawn, index);
  const strip = drawStrip(spec, readingLanes(reading), [], null, width, read);
  drawn.strip = strip;
  drawn.bottom.replaceChildren(scrolled(strip.svg, width));
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
  if (!inGrid) focus.keep(() => drawReading(drawn, reading.layout));
  else if (!inStrip) {
    focus.keep(() => drawStripOf(drawn, index));
    showParts(drawn, index);
  }
}

/**
 * Levels that the arcs to any element drawn need, so that the picture keeps its height; for many
 * elements those of the last.
 * @param {Layout} layout
 * @param {Grid} grid
 * @param {number} unit
 * @param {number} width
 */
function levelsFor(layout, grid, unit, width) {
  const perRow = bytesPerRow(unit, width);
  const u = Math.floor(width / perRow);
  const x = (/** @type {number} */ byte) => modulo(byte, perRow) * u;
  const places = { perRow, u, x, rows: { includes: () => true } };
  const boxes = [...grid.boxes.values()];
  const planned = boxes.length > ARCS_PLANNED ? boxes.slice(-1) : boxes;
  const levels = planned.flatMap(({ index }) => arcLevels(places, arcsTo(layout, index)));
  return Math.min(MOST_LEVELS, 1 + Math.max(0, ...levels));
}

/**
 * Let the values that changed fade in.
 * @param {Grid} before
 * @param {Grid} after
 */
function markNew(before, after) {
  for (const [key, { group, text }] of after.boxes) {
    const value = before.boxes.get(key)?.group.dataset.value;
    if (value !== group.dataset.value) text.classList.add("ss-new");
  }
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
function showParts({ grid, strip, reading, formula, valueAt }, index) {
  const { layout, arcs } = reading;
  const byte = byteOf(layout, index);
  formula.replaceChildren(...formulaOf(layout, index, valueAt(byte)));
  const inGrid = grid?.show(index);
  return { inGrid, inStrip: strip?.show(byte, arcs ? arcsTo(layout, index) : []) };
}

// `relate` live: which arrays share which bytes of which owner. Edit a value: the arrays that share
// it change, the others do not.

import {
  changedWords,
  editElement,
  openGroups,
  restoreBytes,
  sheetLines,
} from "../controls/array_sheet.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { clear, h, pointIn, scrolled } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { drawLane, LANE_H } from "../drawing/visit_lanes.js";
import { elementAt, elementsIn, readsBox, timesRead } from "../model/byte_lookup.js";
import { indexText } from "../model/numpy_code.js";
import { byteOf, extent, sizeOf } from "../model/strides.js";
import { canDecode } from "../model/value_text.js";

/** @import { Index, RelateState, SheetArray, SheetGroup, Stepper, View } from "../types.js" */

/**
 * @typedef {object} Sheet
 * @property {View} view
 * @property {HTMLElement} place
 * @property {HTMLElement} line
 * @property {Stepper} step
 * @property {number[][]} edits each as number of the array, value, and index
 * @property {SheetArray[]} arrays
 * @property {SheetGroup[]} groups
 * @property {{array: SheetArray, index: Index} | null} selected
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {RelateState} state
 * @param {Uint8Array} data
 */
export function mountRelate(view, state, data) {
  const key = linkKey(state);
  const step = stepper("new value", 0, 1, (n) => editSelected(sheet, n));
  const parts = { place: h("div"), line: h("code", {}), step };
  /** @type {Sheet} */
  const sheet = { view, ...parts, edits: [], arrays: [], groups: [], selected: null };
  openGroups(sheet, state.groups, data, {
    select: (array, index) => selectElement(sheet, array, index),
    enter: ({ dtype }) => {
      if (canDecode(dtype)) step.focusInput();
    },
  });
  view.controls.append(h("span", {}, "Poke: ", sheet.line), sheet.step);
  view.picture.append(sheet.place, h("p", {}, state.said.join(" ")));
  drawSheet(sheet);
  const first = sheet.arrays.find(({ focus }) => focus.index);
  view.controls.hidden = !first;
  if (first?.focus.index) selectElement(sheet, first, first.focus.index);
  replayEdits(sheet, readLink("relate", key));
  view.onResize(() => {
    drawSheet(sheet);
    selectAgain(sheet);
  });
  view.actions({
    numpy: () => sheetLines(sheet),
    link: () => writeLink("relate", key, packNumbers(sheet.edits)),
    reset: () => {
      sheet.edits = [];
      restoreBytes(sheet);
      rewriteSheet(sheet);
      view.say("Reset.");
    },
  });
}

/**
 * Draw every owner: title, a grid for each array, the strip with a lane for each array.
 * @param {Sheet} sheet
 */
function drawSheet(sheet) {
  clear(sheet.place);
  for (const group of sheet.groups) {
    const grids = group.arrays.map((array) => drawArray(sheet, array));
    const head = h("p", { class: "ss-head" }, group.state.title);
    sheet.place.append(head, h("div", { class: "ss-row" }, grids));
    if (group.state.nbytes || group.arrays.some(({ layout }) => sizeOf(layout)))
      sheet.place.append(drawGroup(sheet, group));
  }
}

/**
 * @param {Sheet} sheet
 * @param {SheetArray} array
 */
function drawArray(sheet, array) {
  const width = sheet.view.width();
  const { layout, name, focus } = array;
  if (!focus.index) return h("div", {}, h("p", { class: "ss-read" }, `${name}: no elements`));
  const times = (/** @type {number} */ byte) => timesRead(layout, byte);
  const grid = drawGrid(layout, array.valueAt, focus.index, width, { name, times });
  const enter = canDecode(array.dtype) ? ", Enter goes to its value, which you can change" : "";
  focus.attach("grid", grid.svg, grid.at, `Elements of ${name}. Arrow keys move${enter}.`);
  grid.show(null);
  array.grid = grid;
  const head = h("p", { class: "ss-read" }, h("b", {}, name));
  return h("div", {}, head, scrolled(grid.svg, width));
}

/**
 * @param {Sheet} sheet
 * @param {SheetGroup} group
 */
function drawGroup(sheet, group) {
  const { unit, phase, nbytes, title } = group.state;
  const layouts = group.arrays.map(({ layout }) => layout).filter(sizeOf);
  const ends = layouts.map(extent);
  const spec = {
    nbytes,
    unit,
    phase,
    low: Math.min(0, ...ends.map(([low]) => low)),
    high: Math.max(nbytes, ...ends.map(([, high]) => high)),
    levels: 0,
    times: (/** @type {number} */ p) => Number(layouts.some((lay) => readsBox(lay, p, unit))),
    wanted: layouts.map((lay) => lay.offset),
    below: 30 + LANE_H * group.arrays.length,
    label: title,
  };
  const strip = drawStrip(spec, [], [], null, sheet.view.width(), group.read);
  group.arrays.forEach(({ name, label, layout, solid }, k) => {
    drawLane(strip, { name, label, layout, solid }, k);
  });
  strip.svg.addEventListener("click", (event) => {
    const byte = strip.at(...pointIn(event, strip.svg));
    if (byte !== null) touchByte(group, byte);
  });
  group.strip = strip;
  return scrolled(strip.svg, sheet.view.width());
}

/**
 * Choose the element of the first array that reads a byte.
 * @param {SheetGroup} group
 * @param {number} byte
 */
function touchByte(group, byte) {
  for (const { layout, focus } of group.arrays) {
    const index = elementAt(layout, byte);
    if (index) return focus.move(index, true);
  }
}

/**
 * Ring an element, its bytes, and every element of the other arrays that reads one of them.
 * @param {Sheet} sheet
 * @param {SheetArray} array
 * @param {Index} index
 */
function selectElement(sheet, array, index) {
  sheet.selected = { array, index };
  const byte = byteOf(array.layout, index);
  const end = byte + array.layout.itemsize;
  for (const other of sheet.arrays) {
    const shared = other.group === array.group ? elementsIn(other.layout, byte, end) : [];
    const isShown = other.grid?.show(other === array ? index : null, shared) ?? true;
    if (!isShown) return redrawFor(sheet, array, index);
  }
  for (const { strip } of sheet.groups) {
    if (!strip) continue;
    strip.itemsize = array.layout.itemsize;
    strip.show(strip === array.group.strip ? byte : null);
  }
  sheet.view.controls.hidden = !canDecode(array.dtype);
  sheet.line.textContent = `${array.name}${indexText(index)} =`;
  sheet.step.nameInput(`new value of ${array.name}[${index.join(", ")}]`);
  const text = array.valueAt(byte);
  const value = Number(text === "True" ? 1 : text);
  sheet.step.set(Number.isSafeInteger(value) ? value : 0);
}

/**
 * Select what was selected, in new pictures.
 * @param {Sheet} sheet
 */
function selectAgain(sheet) {
  if (sheet.selected) selectElement(sheet, sheet.selected.array, sheet.selected.index);
}

/**
 * Draw an array again whose chosen element is not on its picture.
 * @param {Sheet} sheet
 * @param {SheetArray} array
 * @param {Index} index
 */
function redrawFor(sheet, array, index) {
  array.focus.index = index;
  array.focus.keep(() => drawSheet(sheet));
  if (array.grid?.box(index)) selectElement(sheet, array, index);
}

/**
 * Write a number into the chosen element; returns NumPy's error if it would refuse.
 * @param {Sheet} sheet
 * @param {number} n
 */
function editSelected(sheet, n) {
  if (!sheet.selected) return "";
  const { array, index } = sheet.selected;
  const problem = editElement(array, index, n);
  if (problem) return problem;
  sheet.edits.push([sheet.arrays.indexOf(array), n, ...index]);
  const changed = changedWords(sheet, rewriteSheet(sheet), array);
  sheet.view.say(`${array.name}[${index.join(", ")}] = ${n}. ${changed}`);
  return "";
}

/**
 * Write all values again; returns the keys of the changed elements of each array.
 * @param {Sheet} sheet
 */
function rewriteSheet(sheet) {
  for (const { strip, read } of sheet.groups)
    for (const byte of strip?.rewrite(read) ?? []) fadeIn(strip?.boxes.get(byte)?.text);
  return sheet.arrays.map(({ grid, valueAt }) => {
    const keys = grid?.rewrite(valueAt) ?? [];
    for (const key of keys) fadeIn(grid?.boxes.get(key)?.text);
    return keys;
  });
}

/** @param {SVGTextElement | null} [text] */
function fadeIn(text) {
  text?.classList.remove("ss-new");
  text?.getBoundingClientRect();
  text?.classList.add("ss-new");
}

/**
 * Make the edits of a link again; none if any of them is broken.
 * @param {Sheet} sheet
 * @param {string | null} text
 */
function replayEdits(sheet, text) {
  const edits = text ? unpackNumbers(text, text.split(";").length) : null;
  if (!edits) return;
  const isRight = edits.every(([k, n, ...index]) => {
    const array = sheet.arrays[k];
    const isInside =
      array?.layout.shape.length === index.length &&
      index.every((i, axis) => i >= 0 && i < array.layout.shape[axis]);
    return isInside && Number.isSafeInteger(n) && !editElement(array, index, n);
  });
  if (isRight) sheet.edits = edits;
  else restoreBytes(sheet);
  rewriteSheet(sheet);
  selectAgain(sheet);
}

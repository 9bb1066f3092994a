// `relate` live: which arrays share which bytes of which owner. Edit a value: in the picture, the
// arrays that share it change, the others do not.

import {
  changedWords,
  editElement,
  openGroups,
  restoreBytes,
  sheetLines,
} from "../controls/array_sheet.js";
import { button } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { clear, h, keepInSight, pointIn, prose, scrolled, scrolledByKeys } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { WIDE } from "../drawing/shapes.js";
import { drawStrip } from "../drawing/strip.js";
import { drawLane, laneRoom } from "../drawing/visit_lanes.js";
import { elementAt, elementsIn, readsBox, timesRead } from "../model/byte_lookup.js";
import { indexText } from "../model/numpy_code.js";
import { boxHues } from "../model/reading_rows.js";
import { byteOf, extent, sizeOf } from "../model/strides.js";
import { canDecode, hexReader } from "../model/value_text.js";
import { visitNumerals } from "../model/visit_order.js";

/** @import { Dtype, Index, RelateState, SheetArray, SheetGroup } from "../types.js" */
/** @import { Stepper, View } from "../types.js" */

/**
 * @typedef {object} Sheet
 * @property {View} view
 * @property {HTMLElement} place
 * @property {HTMLElement} line
 * @property {Stepper} step
 * @property {boolean} hex whether each byte is written in hexadecimal
 * @property {number[][]} edits each as number of the array, value, and index
 * @property {SheetArray[]} arrays
 * @property {SheetGroup[]} groups
 * @property {number} half width of an owner, px; less than WIDE if owners are side by side
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
  const place = h("div", { class: state.half ? "ss-owners" : false });
  const parts = { place, line: h("code", {}), step };
  const hex = state.bytes === "hex";
  /** @type {Sheet} */
  const sheet = {
    ...{ view, ...parts, hex, edits: [], arrays: [], groups: [] },
    ...{ half: state.half ?? WIDE, selected: null },
  };
  openGroups(sheet, state.groups, data, {
    select: (array, index) => selectElement(sheet, array, index),
    enter: ({ dtype }) => {
      if (canDecode(dtype)) step.focusInput();
    },
  });
  const label = h("span", {}, "Change a value: ", sheet.line);
  view.controls.append(h("div", { class: "ss-ctl" }, label, sheet.step));
  const bytes = hexButton(sheet, state);
  if (bytes) view.controls.append(bytes);
  view.picture.append(sheet.place, h("p", {}, prose(state.said.join(" "))));
  drawSheet(sheet);
  const first = sheet.arrays.find(({ focus }) => focus.index);
  step.parentElement?.toggleAttribute("hidden", !first);
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
 * A button that writes out the bytes; null where that would show nothing new.
 * @param {Sheet} sheet
 * @param {RelateState} state
 */
function hexButton(sheet, { groups }) {
  const isUseful = groups.some(({ unit, sent }) => unit > 1 && unit <= 16 && sent);
  if (!isUseful) return null;
  const toggle = button("Bytes in hex", () => {
    sheet.hex = !sheet.hex;
    toggle.setAttribute("aria-pressed", String(sheet.hex));
    drawSheet(sheet);
    selectAgain(sheet);
  });
  toggle.setAttribute("aria-pressed", String(sheet.hex));
  return toggle;
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
    const row = h("div", { class: "ss-row" }, grids);
    const own = h("div", {}, head, row);
    if (group.state.nbytes || group.arrays.some(({ layout }) => sizeOf(layout)))
      own.append(drawGroup(sheet, group));
    sheet.place.append(own);
  }
}

/**
 * The width of an owner, px.
 * @param {Sheet} sheet
 */
const ownerRoom = ({ view, half }) => Math.min(half, view.width());

/**
 * @param {Sheet} sheet
 * @param {SheetArray} array
 */
function drawArray(sheet, array) {
  const room = sheet.view.width();
  const width = Math.min(room, array.tables?.[room < WIDE ? 1 : 0] ?? room);
  const { layout, name, focus, group } = array;
  if (!focus.index) return h("div", {}, h("p", { class: "ss-read" }, `${name}: no elements`));
  const times = (/** @type {number} */ byte) => timesRead(layout, byte);
  const options = { name, times, hues: group.hues };
  const grid = drawGrid(layout, array.valueAt, focus.index, width, options);
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
  const { hues } = group;
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
    hues: (/** @type {number} */ p) => boxHues(hues, p, unit, unit, true),
    below: laneRoom(group.arrays.map(({ layout }) => layout)),
    hexAt: sheet.hex ? hexReader(group.bytes, group.state) : null,
    label: title,
  };
  const strip = drawStrip(spec, [], [], null, ownerRoom(sheet), group.read);
  group.arrays.forEach((array, k) => {
    const { name, label, layout, solid } = array;
    const texts = laneValues(array);
    const { itemsize } = layout;
    const own = (/** @type {number} */ p) => boxHues(hues, p, itemsize, itemsize, true);
    const words = drawLane(strip, { name, label, layout, solid, texts, hues: own }, k);
    array.lane = texts ? words : null;
  });
  strip.svg.addEventListener("click", (event) => {
    const byte = strip.at(...pointIn(event, strip.svg));
    if (byte !== null) touchByte(group, byte);
  });
  group.strip = strip;
  return scrolledByKeys(strip.svg, ownerRoom(sheet));
}

/**
 * What an array reads, by byte, if that is not what the boxes show.
 * @param {SheetArray} array
 */
function laneValues({ dtype, layout, group, valueAt }) {
  if (!canDecode(dtype) || isDtype(dtype, group.state.dtype)) return undefined;
  return new Map([...visitNumerals(layout).keys()].map((byte) => [byte, valueAt(byte)]));
}

/**
 * @param {Dtype} a
 * @param {Dtype} b
 */
const isDtype = (a, b) =>
  a.kind === b.kind && a.itemsize === b.itemsize && (a.little === b.little || a.itemsize === 1);

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
    if (strip === array.group.strip)
      keepInSight(strip.svg, ownerRoom(sheet), strip.middle(byte), strip.w);
  }
  sheet.step.parentElement?.toggleAttribute("hidden", !canDecode(array.dtype));
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
  sheet.view.say(`In this picture, ${array.name}[${index.join(", ")}] = ${n}. ${changed}`);
  return "";
}

/**
 * Write all values again; returns the keys of the changed elements of each array.
 * @param {Sheet} sheet
 */
function rewriteSheet(sheet) {
  for (const { strip, read } of sheet.groups)
    for (const byte of strip?.rewrite(read) ?? []) fadeIn(strip?.boxes.get(byte)?.text);
  return sheet.arrays.map(({ grid, lane, valueAt }) => {
    for (const text of lane?.querySelectorAll("text") ?? [])
      text.textContent = valueAt(Number(text.dataset.byte));
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

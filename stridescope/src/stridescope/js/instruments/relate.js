// `relate` live: which arrays share which bytes of which owner. Edit a value: the arrays that share it
// change, the others do not.

import { createFocus } from "../controls/focus.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { clear, h, pointIn, scrolled } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { drawLane, LANE_H } from "../drawing/visit_lanes.js";
import { elementAt, indicesAt, tellingIndex, timesRead } from "../model/byte_lookup.js";
import { elementWords } from "../model/element_words.js";
import { bytearrayCode, indexText, ndarrayLine } from "../model/numpy_code.js";
import { byteOf, extent, sizeOf } from "../model/strides.js";
import { canDecode, hexReader, sentValues } from "../model/value_text.js";
import { writeValue } from "../model/write_value.js";

/** @import { Focus, Grid, Index, Layout, ReadValue, RelatedArray } from "../types.js" */
/** @import { RelatedGroup, RelateState, Stepper, Strip, View } from "../types.js" */

/** Most elements of an array that are ringed for a byte. */
const MOST_RINGED = 50;

/**
 * What an array is drawn with.
 * @typedef {object} ArrayParts
 * @property {SheetGroup} group
 * @property {ReadValue} valueAt
 * @property {Focus} focus
 * @property {Grid | null} grid
 */

/** @typedef {RelatedArray & ArrayParts} SheetArray */

/**
 * The arrays of an owner, and its bytes.
 * @typedef {object} SheetGroup
 * @property {RelatedGroup} state
 * @property {string} name
 * @property {Uint8Array} bytes
 * @property {Uint8Array} fresh the bytes before any edit
 * @property {SheetArray[]} arrays
 * @property {ReadValue} read the text of a box
 * @property {Strip | null} strip
 */

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
  openGroups(sheet, state.groups, data);
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
 * Take the groups from the state; each has its own part of the data.
 * @param {Sheet} sheet
 * @param {RelatedGroup[]} groups
 * @param {Uint8Array} data
 */
function openGroups(sheet, groups, data) {
  let start = 0;
  groups.forEach((state, k) => {
    const fresh = data.slice(start, start + state.sent);
    start += state.sent;
    const bytes = fresh.slice();
    const read = boxReader(state, bytes);
    /** @type {SheetGroup} */
    const group = { state, name: `b${k + 1}`, bytes, fresh, arrays: [], read, strip: null };
    for (const array of state.arrays) group.arrays.push(openArray(sheet, group, array));
    sheet.groups.push(group);
    sheet.arrays.push(...group.arrays);
  });
}

/**
 * @param {RelatedGroup} state
 * @param {Uint8Array} bytes
 * @returns {ReadValue}
 */
function boxReader(state, bytes) {
  const { unit, nbytes, dtype } = state;
  const read = unit === dtype.itemsize ? sentValues(state, bytes) : hexReader(bytes, state);
  return (p) => (p < 0 || p + unit > nbytes ? "?" : read(p));
}

/**
 * @param {Sheet} sheet
 * @param {SheetGroup} group
 * @param {RelatedArray} state
 * @returns {SheetArray}
 */
function openArray(sheet, group, state) {
  const { nbytes, runs } = group.state;
  const focus = createFocus({
    shape: () => state.layout.shape,
    start: tellingIndex(state.layout),
    say: sheet.view.say,
    words: (index) => `${state.name}, ${elementWords(array, index)}`,
    show: (index) => selectElement(sheet, array, index),
    onPin: (on, key) => {
      for (const other of sheet.arrays) other.focus.pinned = on;
      if (key !== "Enter" || !on || !focus.index) return;
      selectElement(sheet, array, focus.index);
      if (canDecode(array.dtype)) sheet.step.focusInput();
    },
  });
  const valueAt = sentValues({ ...state, nbytes, runs }, group.bytes);
  /** @type {SheetArray} */
  const array = { ...state, group, valueAt, focus, grid: null };
  return array;
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
 * Whether any element has a byte in the box at a byte.
 * @param {Layout} lay
 * @param {number} byte
 * @param {number} unit
 */
function readsBox(lay, byte, unit) {
  for (let start = byte - lay.itemsize + 1; start < byte + unit; start++)
    if (timesRead(lay, start) !== 0) return true;
  return false;
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
 * Indices whose element holds a byte of [from, to).
 * @param {Layout} lay
 * @param {number} from
 * @param {number} to
 */
function elementsIn(lay, from, to) {
  const indices = [];
  for (let byte = from - lay.itemsize + 1; byte < to; byte++)
    indices.push(...indicesAt(lay, byte, MOST_RINGED));
  return indices;
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
  const changed = changedWords(sheet, rewriteSheet(sheet));
  sheet.view.say(`${array.name}[${index.join(", ")}] = ${n}. ${changed}`);
  return "";
}

/**
 * @param {SheetArray} array
 * @param {Index} index
 * @param {number} n
 */
const editElement = (array, index, n) =>
  writeValue(array, array.group.bytes, array.group.state.runs, byteOf(array.layout, index), n);

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
 * Which other arrays changed and which did not, in words.
 * @param {Sheet} sheet
 * @param {string[][]} changed keys of the changed elements of each array
 */
function changedWords(sheet, changed) {
  const others = sheet.arrays
    .map(({ name }, k) => ({ name, keys: changed[k] }))
    .filter((_, k) => sheet.arrays[k] !== sheet.selected?.array);
  const moved = others
    .filter(({ keys }) => keys.length)
    .map(({ name, keys }) =>
      keys.length === 1
        ? `${name}[${keys[0].replaceAll(",", ", ")}]`
        : `${keys.length} elements of ${name}`,
    );
  const same = others.filter(({ keys }) => !keys.length).map(({ name }) => name);
  /**
   * @param {string[]} names
   * @param {string} verb
   */
  const list = (names, verb) => (names.length ? `${names.join(", ")} ${verb}.` : "");
  return [list(moved, "changed, too"), list(same, "did not change")].filter(Boolean).join(" ");
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

/**
 * Take back all edits.
 * @param {Sheet} sheet
 */
function restoreBytes(sheet) {
  for (const { bytes, fresh } of sheet.groups) bytes.set(fresh);
}

/**
 * The lines of NumPy that make these arrays, and the edits.
 * @param {Sheet} sheet
 */
function sheetLines(sheet) {
  const lines = ["import numpy as np"];
  for (const { name, state, fresh, arrays } of sheet.groups) {
    const code = bytearrayCode(state.nbytes, hexReader(fresh, state));
    const unknown = `# ${name}: the ${state.nbytes} bytes of the owner`;
    lines.push(code ? `${name} = ${code}` : unknown);
    for (const { name: array, layout, code: dtype } of arrays)
      lines.push(`${array} = ${ndarrayLine(layout, dtype, name)}`);
  }
  for (const [k, n, ...index] of sheet.edits)
    lines.push(`${sheet.arrays[k].name}${indexText(index)} = ${n}`);
  return lines.join("\n");
}

// Arrays over several owners: their bytes, the edits of the reader, and the code that makes them.

import { arrayLines, ownerCode, relatedCode } from "../model/array_code.js";
import { tellingIndex } from "../model/byte_lookup.js";
import { elementWords } from "../model/element_words.js";
import { bytearrayCode, indexText, ndarrayLine } from "../model/numpy_code.js";
import { byteHues } from "../model/reading_rows.js";
import { byteOf, isC } from "../model/strides.js";
import { hexReader, sentValues } from "../model/value_text.js";
import { writeValue } from "../model/write_value.js";
import { createFocus } from "./focus.js";

/** @import { Index, ReadValue, RelatedArray, RelatedGroup, SheetArray } from "../types.js" */
/** @import { SheetGroup, View } from "../types.js" */

/**
 * @typedef {object} ArraySheet
 * @property {View} view
 * @property {number[][]} edits each as number of the array, value, and index
 * @property {SheetArray[]} arrays
 * @property {SheetGroup[]} groups
 */

/**
 * What happens to an element.
 * @typedef {object} ElementActions
 * @property {(array: SheetArray, index: Index) => void} select
 * @property {(array: SheetArray) => void} enter
 */

/**
 * Take the groups from the state; each has its own part of the data.
 * @param {ArraySheet} sheet
 * @param {RelatedGroup[]} groups
 * @param {Uint8Array} data
 * @param {ElementActions} actions
 */
export function openGroups(sheet, groups, data, actions) {
  let start = 0;
  groups.forEach((state, k) => {
    const fresh = data.slice(start, start + state.sent);
    start += state.sent;
    const bytes = fresh.slice();
    const read = boxReader(state, bytes);
    /** @type {SheetGroup} */
    const group = {
      ...{ state, name: `b${k + 1}`, bytes, fresh, arrays: [], read, strip: null },
      hues: byteHues(state.base ?? state.layout, state.nbytes),
    };
    for (const array of state.arrays) group.arrays.push(openArray(sheet, group, array, actions));
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
 * @param {ArraySheet} sheet
 * @param {SheetGroup} group
 * @param {RelatedArray} state
 * @param {ElementActions} actions
 * @returns {SheetArray}
 */
function openArray(sheet, group, state, { select, enter }) {
  const { nbytes, runs } = group.state;
  const focus = createFocus({
    shape: () => state.layout.shape,
    start: tellingIndex(state.layout),
    say: sheet.view.say,
    words: (index) => `${state.name}, ${elementWords(array, index)}`,
    show: (index) => select(array, index),
    onPin: (on, key) => {
      for (const other of sheet.arrays) {
        other.focus.pinned = on;
        if (other !== array && other.grid) other.grid.svg.dataset.pinned = "false";
      }
      if (key !== "Enter" || !on || !focus.index) return;
      select(array, focus.index);
      enter(array);
    },
  });
  const valueAt = sentValues({ ...state, nbytes, runs }, group.bytes);
  /** @type {SheetArray} */
  const array = { ...state, group, valueAt, focus, grid: null };
  return array;
}

/**
 * Write a number into an element; returns NumPy's error if it would refuse, else "".
 * @param {SheetArray} array
 * @param {Index} index
 * @param {number} n
 */
export const editElement = (array, index, n) =>
  writeValue(array, array.group.bytes, array.group.state.runs, byteOf(array.layout, index), n);

/**
 * Which other arrays changed and which did not, in words.
 * @param {ArraySheet} sheet
 * @param {string[][]} changed keys of the changed elements of each array
 * @param {SheetArray} edited
 */
export function changedWords(sheet, changed, edited) {
  const others = sheet.arrays
    .map(({ name }, k) => ({ name, keys: changed[k] }))
    .filter((_, k) => sheet.arrays[k] !== edited);
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
 * Take back all edits.
 * @param {ArraySheet} sheet
 */
export function restoreBytes(sheet) {
  for (const { bytes, fresh } of sheet.groups) bytes.set(fresh);
}

/**
 * The lines of NumPy that make these arrays, and the edits.
 * @param {ArraySheet} sheet
 */
export function sheetLines(sheet) {
  const lines = sheet.groups.flatMap(groupLines);
  for (const [k, n, ...index] of sheet.edits)
    lines.push(`${sheet.arrays[k].name}${indexText(index)} = ${n}`);
  return lines.join("\n");
}

/**
 * The arrays of an owner: the first in the shortest way, the others as parts of it or of its bytes.
 * @param {SheetGroup} group
 */
function groupLines({ name, state, fresh, arrays }) {
  const { nbytes, runs } = state;
  const hexAt = hexReader(fresh, state);
  const owner = arrays.find(({ solid }) => solid);
  if (owner) {
    const valueAt = sentValues({ ...owner, nbytes, runs }, fresh);
    const first = arrayLines({ ...owner, nbytes }, valueAt, hexAt);
    if (!first.includes("\n")) {
      const others = arrays.filter((array) => array !== owner);
      return [first, ...others.map((array) => partLine(array, owner))];
    }
  }
  const code = ownerCode({ ...state, code: dtypeCode(state, arrays) }, boxReader(state, fresh));
  const bytes = code ?? bytearrayCode(nbytes, hexAt);
  const buffer = bytes ? `${name} = ${bytes}` : `# ${name}: the ${nbytes} bytes of the owner`;
  return [
    buffer,
    ...arrays.map(
      ({ name: array, layout, code: type }) => `${array} = ${ndarrayLine(layout, type, name)}`,
    ),
  ];
}

/**
 * The dtype of the boxes as Python code; "" where no array has it.
 * @param {RelatedGroup} state
 * @param {SheetArray[]} arrays
 */
const dtypeCode = ({ dtype }, arrays) =>
  arrays.find((array) => array.dtype.name === dtype.name)?.code ?? "";

/**
 * @param {SheetArray} array
 * @param {SheetArray} owner
 */
function partLine({ name, layout, code }, owner) {
  const whole = code === owner.code ? relatedCode(layout, owner) : null;
  // NumPy takes only an array in C order as a buffer.
  const buffer = isC(owner.layout) ? owner.name : `${owner.name}.T`;
  return `${name} = ${whole ?? ndarrayLine(layout, code, buffer)}`;
}

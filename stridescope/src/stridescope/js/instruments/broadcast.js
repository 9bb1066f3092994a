// `broadcast` live: the lengths are editable; each axis matches, stretches or clashes.

import { button } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { drawAligned } from "../drawing/aligned_table.js";
import { readStrip, stripOf } from "../drawing/array_strip.js";
import { clear, h, scrollBox } from "../drawing/dom.js";
import { commonOf } from "../model/broadcasting.js";
import { timesRead } from "../model/byte_lookup.js";
import { broadcastTo, cStrides, product, sizeOf } from "../model/strides.js";
import { countWords, tuple } from "../model/value_text.js";

/** @import { ArrayState, BroadcastState, OperandState, ReadBox, View } from "../types.js" */

const OPERAND_AXES = 6;
/** Most elements of an operand without values that are drawn. */
const OPERAND_SHOWN = 24;
const OPERAND_ITEMSIZE = 8;
const MOST_NBYTES = 2 ** 40;

/**
 * Where an arrow key leads in the table.
 * @type {Record<string, [rows: number, axes: number]>}
 */
const CELL_MOVES = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** @type {Record<string, number>} */
const LENGTH_KEYS = { "+": 1, "=": 1, "-": -1 };

/** @typedef {ArrayState & {valueAt: ReadBox}} Operand */

/**
 * @typedef {object} Broadcast
 * @property {View} view
 * @property {BroadcastState} state
 * @property {Uint8Array[]} data the bytes of each operand
 * @property {Operand[]} operands
 * @property {[operand: number, axis: number]} selected
 * @property {HTMLTableElement} table
 * @property {HTMLElement} strips
 * @property {HTMLElement} edit
 * @property {HTMLButtonElement} more
 * @property {HTMLButtonElement} fewer
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {BroadcastState} state
 * @param {Uint8Array} data
 */
export function mountBroadcast(view, state, data) {
  const key = linkKey(state);
  /** @type {Broadcast} */
  const me = {
    view,
    state,
    data: operandBytes(state.operands, data),
    operands: [],
    selected: [0, 0],
    table: h("table", { class: "ss-aligned" }),
    strips: h("div", {}),
    edit: h("div", { class: "ss-ctl" }),
    more: button("Add an axis", () => changeShape(me, (shape) => [1, ...shape])),
    fewer: button("Drop the first axis", () => changeShape(me, (shape) => shape.slice(1))),
  };
  view.picture.append(scrollBox(me.table), me.strips);
  view.controls.append(me.edit, me.more, me.fewer);
  /** @param {number[][]} shapes */
  const start = (shapes = state.operands.map(({ layout }) => layout.shape)) => {
    me.operands = shapes.map((shape, k) => operandOf(me, k, shape));
    selectLength(me, 0, null);
  };
  view.actions({
    numpy: () => {
      const shapes = shapesOf(me).map((shape) => tuple(shape));
      return `np.broadcast_shapes(${shapes.join(", ")})`;
    },
    link: () => writeLink("broadcast", key, packNumbers(shapesOf(me))),
    reset: () => start(),
  });
  view.onResize(() => updateBroadcast(me));
  const linked = unpackNumbers(readLink("broadcast", key), state.operands.length);
  start(linked?.every(isShape) ? linked : undefined);
}

/** @param {number[]} shape */
const isShape = (shape) => shape.length <= OPERAND_AXES && shape.every((n) => n >= 0);

/** @param {Broadcast} me */
const shapesOf = (me) => me.operands.map(({ layout }) => layout.shape);

/**
 * The bytes of each operand: one after the other in `data`.
 * @param {OperandState[]} operands
 * @param {Uint8Array} data
 */
function operandBytes(operands, data) {
  let from = 0;
  return operands.map(({ bytes }) => {
    from += bytes;
    return data.subarray(from - bytes, from);
  });
}

/**
 * An operand with a shape: the array itself while it has its own, else a packed one without values.
 * @param {Broadcast} me
 * @param {number} k
 * @param {number[]} shape
 * @returns {Operand}
 */
function operandOf(me, k, shape) {
  const array = me.state.operands[k];
  if (shape.join() === array.layout.shape.join())
    return { ...array, valueAt: readStrip(array, me.data[k]) };
  const itemsize = array.layout.itemsize || OPERAND_ITEMSIZE;
  const strides = cStrides(shape, itemsize);
  const layout = { offset: 0, shape: [...shape], strides, itemsize };
  const bare = { name: array.name, nbytes: product(shape) * itemsize, owns: true, layout };
  return { ...bare, valueAt: readStrip(bare) };
}

/**
 * Select a cell by operand and axis of the table; null: the last axis of the operand.
 * @param {Broadcast} me
 * @param {number} row
 * @param {number | null} axis
 */
function selectLength(me, row, axis) {
  const last = ndimOf(me) - 1;
  me.selected = [row, Math.min(Math.max(axis ?? last, lengthsBefore(me, row)), last)];
  showLengthEditor(me);
  updateBroadcast(me);
}

/**
 * The stepper of the cell that is selected.
 * @param {Broadcast} me
 */
function showLengthEditor(me) {
  const [row, axis] = me.selected;
  const { name, layout } = me.operands[row];
  const { shape } = layout;
  const own = axis - lengthsBefore(me, row);
  me.more.textContent = `Add an axis to ${name}`;
  me.fewer.textContent = `Drop the first axis of ${name}`;
  // A disabled button would lose the keyboard's focus.
  me.more.setAttribute("aria-disabled", String(shape.length >= OPERAND_AXES));
  me.fewer.setAttribute("aria-disabled", String(shape.length === 0));
  clear(me.edit);
  if (own < 0 || !shape.length) return;
  const edit = stepper(`${name}, length of axis ${axis}`, shape[own], 1, (n) => setLength(me, n));
  me.edit.append(h("small", {}, `${name}, axis ${axis}`), edit);
}

/** @param {Broadcast} me */
const ndimOf = (me) => Math.max(0, ...shapesOf(me).map((shape) => shape.length));

/**
 * How many axes of the table an operand does not have.
 * @param {Broadcast} me
 * @param {number} row
 */
const lengthsBefore = (me, row) => ndimOf(me) - me.operands[row].layout.shape.length;

/**
 * Change the length of the cell selected; a sentence if that is not possible.
 * @param {Broadcast} me
 * @param {number} n
 */
function setLength(me, n) {
  const [row, axis] = me.selected;
  if (n < 0) return "Lengths start at 0.";
  const shape = [...me.operands[row].layout.shape];
  shape[axis - lengthsBefore(me, row)] = n;
  if (product(shape) * OPERAND_ITEMSIZE > MOST_NBYTES)
    return "More than 2^40 bytes: that is too large here.";
  me.operands[row] = operandOf(me, row, shape);
  updateBroadcast(me);
  return "";
}

/**
 * @param {Broadcast} me
 * @param {(shape: number[]) => number[]} change
 */
function changeShape(me, change) {
  const [row] = me.selected;
  const { name, layout } = me.operands[row];
  const before = layout.shape;
  const shape = change(before);
  if (shape.length > OPERAND_AXES)
    return me.view.say(`${name} has ${OPERAND_AXES} axes, the most that fit here.`);
  if (shape.length === before.length) return me.view.say(`${name} has no axis to drop.`);
  me.operands[row] = operandOf(me, row, shape);
  selectLength(me, row, 0);
}

/**
 * Draw table, verdict and strips.
 * @param {Broadcast} me
 */
function updateBroadcast(me) {
  const { shape, refused } = commonOf(shapesOf(me));
  const names = me.operands.map(({ name, layout }) => `${name} ${tuple(layout.shape)}`);
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  const words = shape ? `${list} broadcast to ${tuple(shape)}.` : `${list} clash.`;
  drawAligned({
    ...{ table: me.table, operands: me.operands, selected: me.selected, fits: Boolean(shape) },
    select: (row, axis) => selectLength(me, row, axis),
    key: (event, row, axis) => keyInCell(me, event, row, axis),
  });
  me.view.root.dataset.verdict = shape ? "fits" : "clash";
  me.view.say(refused ? `${words} ${refused}` : words);
  const strips = shape ? me.operands.flatMap((operand) => operandStrip(me, operand, shape)) : [];
  me.strips.replaceChildren(...strips);
}

/**
 * Keys in the table.
 * @param {Broadcast} me
 * @param {KeyboardEvent} event
 * @param {number} row
 * @param {number} axis
 */
function keyInCell(me, event, row, axis) {
  const move = CELL_MOVES[event.key];
  const more = LENGTH_KEYS[event.key];
  if ((!move && !more) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  me.selected = [row, axis];
  if (move) {
    const next = Math.min(Math.max(row + move[0], 0), me.operands.length - 1);
    if (me.operands[next].layout.shape.length) selectLength(me, next, axis + move[1]);
    return;
  }
  const n = me.operands[row].layout.shape[axis - lengthsBefore(me, row)] + more;
  if (!setLength(me, n)) showLengthEditor(me);
}

/**
 * One operand's bytes as the result reads them.
 * @param {Broadcast} me
 * @param {Operand} operand
 * @param {number[]} shape of the result
 */
function operandStrip(me, operand, shape) {
  const { name, dtype, nbytes, valueAt } = operand;
  const layout = broadcastTo(operand.layout, shape);
  const title = `${name} read as ${tuple(shape)}: strides ${tuple(layout.strides)}`;
  const head = h("p", { class: "ss-head" }, title);
  const count = sizeOf(operand.layout);
  if (!sizeOf(layout) || !nbytes) return [head, h("p", {}, "No elements.")];
  if (dtype || count <= OPERAND_SHOWN) {
    const owner = { ...operand, owns: false };
    return [head, stripOf(owner, layout, name, me.view.width(), valueAt)];
  }
  const times = countWords(timesRead(layout, layout.offset));
  const words = `Each of its ${count.toLocaleString("en")} elements is read ${times} times.`;
  return [head, h("p", {}, words)];
}

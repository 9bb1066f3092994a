// `broadcast` live: the lengths are editable; each axis matches, stretches or clashes.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { readStrip, stripOf } from "../drawing/array_strip.js";
import { button, clear, h, stepper } from "../drawing/dom.js";
import { alignedLengths, axisFate, commonOf, wantedLengths } from "../model/broadcasting.js";
import { timesRead } from "../model/byte_lookup.js";
import { broadcastTo, cStrides, product, sizeOf } from "../model/strides.js";
import { countWords, signed, tuple } from "../model/value_text.js";

const OPERAND_AXES = 6;
const OPERAND_SHOWN = 24;
const OPERAND_ITEM = 8;

/** Mount the instrument. @param {any} view the frame @param {any} state @param {Uint8Array} data */
export function mountBroadcast(view, state, data) {
  const key = linkKey(state);
  const me = { view, state, operands: [], at: [0, 0] };
  me.data = windowsOf(state.operands, data);
  me.table = h("table", { class: "ss-aligned" });
  me.strips = h("div", {});
  view.picture.append(h("div", { class: "ss-scroll" }, me.table), me.strips);
  me.edit = h("div", { class: "ss-ctl" });
  me.more = button("Add an axis", () => changeOperand(me, (shape) => [1, ...shape]));
  me.fewer = button("Drop the first axis", () => changeOperand(me, (shape) => shape.slice(1)));
  view.controls.append(me.edit, me.more, me.fewer);
  const shapes = () => me.operands.map((op) => op.layout.shape);
  const start = (given) => {
    me.operands = state.operands.map((op, k) => operandOf(me, k, given?.[k] ?? op.layout.shape));
    selectLength(me, 0, null);
  };
  view.actions({
    numpy: () =>
      `np.broadcast_shapes(${shapes()
        .map((sh) => tuple(sh))
        .join(", ")})`,
    link: () => writeLink("broadcast", key, packNumbers(shapes())),
    reset: () => start(),
  });
  view.onResize(() => updateBroadcast(me));
  const linked = unpackNumbers(readLink("broadcast", key), state.operands.length);
  start(
    linked?.every((sh) => sh.length <= OPERAND_AXES && sh.every((n) => n >= 0))
      ? linked
      : undefined,
  );
}

/** The bytes of each operand: one after the other in `data`. */
function windowsOf(operands, data) {
  let from = 0;
  return operands.map((op) => {
    from += op.bytes;
    return data.subarray(from - op.bytes, from);
  });
}

/** An operand with a shape: the array itself while it has its own, else a packed one without values. */
function operandOf(me, k, shape) {
  const given = me.state.operands[k];
  if (shape.join() === given.layout.shape.join())
    return { ...given, valueAt: readStrip(given, me.data[k]) };
  const itemsize = given.layout.itemsize || OPERAND_ITEM;
  const nbytes = product(shape) * itemsize;
  const bare = {
    name: given.name,
    nbytes,
    owns: true,
    layout: { offset: 0, shape: [...shape], strides: cStrides(shape, itemsize), itemsize },
  };
  return { ...bare, valueAt: readStrip(bare) };
}

/** Select a cell by operand and axis of the table; null: the last axis of the operand. */
function selectLength(me, row, axis) {
  const count = me.operands[row].layout.shape.length;
  const ndim = Math.max(0, ...me.operands.map((op) => op.layout.shape.length));
  me.at = [row, Math.min(Math.max(axis ?? ndim - 1, ndim - count), ndim - 1)];
  showLengthEditor(me);
  updateBroadcast(me);
}

/** The stepper of the cell that is selected. */
function showLengthEditor(me) {
  const [row, axis] = me.at;
  const op = me.operands[row];
  const own = axis - ndimOf(me) + op.layout.shape.length;
  me.more.textContent = `Add an axis to ${op.name}`;
  me.fewer.textContent = `Drop the first axis of ${op.name}`;
  me.more.disabled = op.layout.shape.length >= OPERAND_AXES;
  me.fewer.disabled = op.layout.shape.length === 0;
  clear(me.edit);
  if (own < 0 || !op.layout.shape.length) return;
  const edit = stepper(`${op.name}, length of axis ${axis}`, op.layout.shape[own], 1, (n) =>
    setLength(me, n),
  );
  me.edit.append(h("small", {}, `${op.name}, axis ${axis}`), edit);
}

const ndimOf = (me) => Math.max(0, ...me.operands.map((op) => op.layout.shape.length));

/** Change the length of the cell selected; a sentence if that is not possible. */
function setLength(me, n) {
  const [row, axis] = me.at;
  const shape = [...me.operands[row].layout.shape];
  const own = axis - ndimOf(me) + shape.length;
  if (n < 0) return "Lengths start at 0.";
  shape[own] = n;
  if (product(shape) * OPERAND_ITEM > 2 ** 40)
    return "More than 2^40 bytes: no array here is that large.";
  me.operands[row] = operandOf(me, row, shape);
  updateBroadcast(me);
  return "";
}

function changeOperand(me, fn) {
  const [row] = me.at;
  me.operands[row] = operandOf(me, row, fn(me.operands[row].layout.shape));
  selectLength(me, row, 0);
}

/** Draw table, verdict and strips. */
function updateBroadcast(me) {
  const shapes = me.operands.map((op) => op.layout.shape);
  const found = commonOf(shapes);
  const named = me.operands.map((op) => `${op.name} ${tuple(op.layout.shape)}`);
  const list = named.length > 1 ? `${named.slice(0, -1).join(", ")} and ${named.at(-1)}` : named[0];
  const words = found.shape ? `${list} broadcast to ${tuple(found.shape)}.` : `${list} clash.`;
  drawAligned(me, shapes, found);
  me.view.root.dataset.verdict = found.shape ? "fits" : "clash";
  me.view.say(found.refused ? `${words} ${found.refused}` : words);
  me.strips.replaceChildren(
    ...(found.shape ? me.operands.flatMap((op) => seenAs(me, op, found.shape)) : []),
  );
}

/** Lengths as buttons in a table; arrows move between them, + and − change them. */
function drawAligned(me, shapes, found) {
  const rows = alignedLengths(shapes);
  const axes = rows[0].map((_, k) => rows.map((row) => row[k]));
  const held = me.table.contains(document.activeElement);
  const head = h(
    "tr",
    {},
    h("td", {}),
    axes.map((_, k) => h("th", { scope: "col" }, `axis ${k}`)),
  );
  const body = rows.map((row, r) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, me.operands[r].name),
      row.map((n, k) => lengthCell(me, r, k, n, axes[k])),
    ),
  );
  const last = axes.map((axis) =>
    wantedLengths(axis).length > 1 ? "?" : (wantedLengths(axis)[0] ?? 1),
  );
  const foot = h(
    "tr",
    {},
    h("th", { scope: "row" }, found.shape ? "result" : "no result"),
    last.map((n) => h("td", {}, h("b", {}, n))),
  );
  me.table.replaceChildren(h("thead", {}, head), h("tbody", {}, body), h("tfoot", {}, foot));
  if (held) me.table.querySelector('[tabindex="0"]')?.focus();
}

function lengthCell(me, row, axis, n, lengths) {
  const kind = axisFate(n, lengths);
  const target = wantedLengths(lengths)[0] ?? 1;
  const op = me.operands[row];
  const own = axis - lengthsBefore(me, row);
  const st = op.layout.strides[own] ?? 0;
  const length = {
    match: n,
    stretch: `${n} → ${target}`,
    new: `none → ${target}`,
    clash: `✗ ${n}`,
  }[kind];
  const step = { match: signed(st), stretch: "+0", new: "+0", clash: "clash" }[kind];
  const again = kind === "stretch" || kind === "new";
  const inside = [h("b", {}, length), h("i", {}, step), again ? h("em", {}, `×${target}`) : null];
  const chosen = me.at[0] === row && me.at[1] === axis;
  const words = `${op.name}, axis ${axis}: ${n === null ? "none" : n}, ${again ? `stretched to ${target}, stride 0` : kind}`;
  const cell =
    n === null
      ? inside
      : h(
          "button",
          {
            type: "button",
            "aria-label": words,
            "aria-pressed": String(chosen),
            tabindex: chosen ? 0 : -1,
            onClick: () => selectLength(me, row, axis),
            onKeydown: (e) => cellKey(me, e, row, axis),
          },
          inside,
        );
  return h("td", { class: `ss-aligned-${kind}` }, cell);
}

const lengthsBefore = (me, row) => ndimOf(me) - me.operands[row].layout.shape.length;

/** Keys in the table. */
function cellKey(me, event, row, axis) {
  const op = me.operands[row];
  const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[
    event.key
  ];
  const more = { "+": 1, "=": 1, "-": -1 }[event.key];
  if ((!move && !more) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  me.at = [row, axis];
  if (move) {
    const next = Math.min(Math.max(row + move[0], 0), me.operands.length - 1);
    if (me.operands[next].layout.shape.length) selectLength(me, next, axis + move[1]);
    return;
  }
  const n = op.layout.shape[axis - lengthsBefore(me, row)] + more;
  if (!setLength(me, n)) showLengthEditor(me);
}

/** One operand's bytes as the result reads them. */
function seenAs(me, op, shape) {
  const layout = broadcastTo(op.layout, shape);
  const title = `${op.name} read as ${tuple(shape)}: strides ${tuple(layout.strides)}`;
  const head = h("p", { class: "ss-head" }, title);
  const count = sizeOf(op.layout);
  if (!sizeOf(layout) || !op.nbytes) return [head, h("p", {}, "No elements.")];
  if (!op.dtype && count > OPERAND_SHOWN)
    return [
      head,
      h(
        "p",
        {},
        `Each of its ${count.toLocaleString("en")} elements is read ${countWords(timesRead(layout, layout.offset))} times.`,
      ),
    ];
  return [head, stripOf({ ...op, owns: false }, layout, op.name, me.view.width(), op.valueAt)];
}

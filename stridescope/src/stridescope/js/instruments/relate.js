// relate: which arrays share which bytes of which owner. Poke a value: the sharers change, the others do not.

import { createFocus } from "../controls/focus.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { elementAt, elementWords, scrolled, sentValues, tellingIndex } from "../controls/linked_pictures.js";
import { clear, h, stepper } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { LANE_H, drawLane } from "../drawing/visit_lanes.js";
import { indicesAt, timesRead } from "../model/byte_lookup.js";
import { byteOf, extent, sizeOf } from "../model/strides.js";
import { canDecode, hexReader, placeIn } from "../model/value_text.js";
import { ndarrayLine } from "./layout.js";

/** @param {object} view @param {object} state @param {Uint8Array} data */
export function mountRelate(view, state, data) {
  const key = linkKey(state);
  const sheet = {
    view,
    pokes: [],
    arrays: [],
    groups: [],
    data: new Uint8Array(data),
    fresh: new Uint8Array(data),
  };
  state.groups.forEach((group, k) => openGroup(sheet, group, k));
  sheet.line = h("code", {});
  sheet.step = stepper("new value", 0, 1, (n) => pokeCurrent(sheet, n));
  view.controls.append(h("span", {}, "Poke: ", sheet.line), sheet.step);
  sheet.place = h("div");
  view.picture.append(sheet.place, h("p", {}, state.said.join(" ")));
  drawSheet(sheet);
  const first = sheet.arrays.find((array) => array.focus.index);
  view.controls.hidden = !first;
  if (first) selectElement(sheet, first, first.focus.index);
  replay(sheet, readLink("relate", key));
  view.onResize(() => {
    drawSheet(sheet);
    if (sheet.current) selectElement(sheet, sheet.current, sheet.index);
  });
  view.actions({
    numpy: () => sheetLines(sheet),
    link: () => writeLink("relate", key, packNumbers(sheet.pokes)),
    reset: () => {
      sheet.pokes = [];
      sheet.data.set(sheet.fresh);
      rewriteSheet(sheet);
      view.say("Reset.");
    },
  });
}

/** Take a group's bytes and arrays from the state. */
function openGroup(sheet, group, k) {
  const start = sheet.groups.reduce((at, g) => at + g.bytes.length, 0);
  const bytes = sheet.data.subarray(start, start + group.sent);
  const opened = { ...group, bytes, name: `b${k + 1}`, arrays: [] };
  for (const given of group.arrays) {
    const about = { ...given, nbytes: group.nbytes, runs: group.runs };
    const array = { ...about, group: opened, valueAt: sentValues(about, bytes) };
    array.focus = createFocus({
      shape: () => array.layout.shape,
      start: tellingIndex(array.layout),
      say: sheet.view.say,
      words: (index) => `${array.name}, ${elementWords(array, index)}`,
      show: (index) => selectElement(sheet, array, index),
      onPin: (on, by) => {
        for (const other of sheet.arrays) other.focus.pinned = on;
        if (by !== "Enter" || !on) return;
        selectElement(sheet, array, array.focus.index);
        if (canDecode(array.dtype)) sheet.step.focusInput();
      },
    });
    opened.arrays.push(array);
    sheet.arrays.push(array);
  }
  sheet.groups.push(opened);
}

/** Draw every owner: title, a grid for each array, the strip with a lane for each array. */
function drawSheet(sheet) {
  clear(sheet.place);
  for (const group of sheet.groups) {
    const grids = group.arrays.map((array) => drawArray(sheet, array));
    sheet.place.append(
      h("p", { class: "ss-head" }, group.title),
      h("div", { class: "ss-row" }, grids),
    );
    if (group.nbytes || group.arrays.some(({ layout }) => sizeOf(layout)))
      sheet.place.append(drawGroup(sheet, group));
  }
}

function drawArray(sheet, array) {
  const width = sheet.view.width();
  const index = array.focus.index;
  if (!index) return h("div", {}, h("p", { class: "ss-read" }, `${array.name}: no elements`));
  array.grid = drawGrid(array.layout, array.valueAt, index, width, {
    name: array.name,
    times: (byte) => timesRead(array.layout, byte),
  });
  array.focus.attach(
    "grid",
    array.grid.svg,
    array.grid.at,
    `Elements of ${array.name}. Arrow keys move${canDecode(array.dtype) ? ", Enter goes to the value to poke" : ""}.`,
  );
  array.grid.show(null);
  return h(
    "div",
    {},
    h("p", { class: "ss-read" }, h("b", {}, array.name)),
    scrolled(array.grid.svg, width),
  );
}

function drawGroup(sheet, group) {
  const { unit, phase, nbytes, arrays } = group;
  const seen = arrays.map(({ layout }) => layout).filter(sizeOf);
  const reads = (lay, p) =>
    Array.from({ length: unit + lay.itemsize - 1 }, (_, k) => p - lay.itemsize + 1 + k).some(
      (q) => timesRead(lay, q) !== 0,
    );
  const read =
    unit === group.dtype.itemsize ? sentValues(group, group.bytes) : hexReader(group.bytes, group);
  group.read = (p) => (p < 0 || p + unit > nbytes ? "?" : read(p));
  const ends = seen.map(extent);
  group.strip = drawStrip(
    {
      nbytes,
      unit,
      phase,
      low: Math.min(0, ...ends.map(([low]) => low)),
      high: Math.max(nbytes, ...ends.map(([, high]) => high)),
      levels: 0,
      times: (p) => Number(seen.some((lay) => reads(lay, p))),
      wanted: seen.map((lay) => lay.offset),
      below: 30 + LANE_H * arrays.length,
      label: group.title,
    },
    [],
    [],
    null,
    sheet.view.width(),
    group.read,
  );
  arrays.forEach((lane, k) => drawLane(group.strip, lane, k));
  group.strip.svg.addEventListener("click", (e) => clickStrip(sheet, group, e));
  return scrolled(group.strip.svg, sheet.view.width());
}

/** Choose the element of the first array that reads the byte under the pointer. */
function clickStrip(sheet, group, event) {
  const box = group.strip.svg.getBoundingClientRect();
  const byte = group.strip.at(event.clientX - box.left, event.clientY - box.top);
  const array = byte === null ? null : group.arrays.find(({ layout }) => elementAt(layout, byte));
  if (array) array.focus.move(elementAt(array.layout, byte), true);
}

/** Ring an element, its bytes, and every element of the sharers that reads one of them. */
function selectElement(sheet, array, index) {
  Object.assign(sheet, { current: array, index });
  const byte = byteOf(array.layout, index);
  const end = byte + array.layout.itemsize;
  for (const other of sheet.arrays) {
    const mine = other === array ? index : null;
    if (
      other.grid &&
      !other.grid.show(mine, other.group === array.group ? elementsIn(other.layout, byte, end) : [])
    )
      return redrawFor(sheet, array, index);
  }
  for (const group of sheet.groups) {
    if (!group.strip) continue;
    group.strip.itemsize = array.layout.itemsize;
    group.strip.show(group === array.group ? byte : null);
  }
  sheet.view.controls.hidden = !canDecode(array.dtype);
  sheet.line.textContent = `${array.name}[${index.join(", ") || "()"}] =`;
  sheet.step
    .querySelector("input")
    .setAttribute("aria-label", `new value of ${array.name}[${index.join(", ")}]`);
  const value = Number(array.valueAt(byte) === "True" ? 1 : array.valueAt(byte));
  return sheet.step.set(Number.isSafeInteger(value) ? value : 0);
}

/** Draw an array again whose chosen element is not on its picture. */
function redrawFor(sheet, array, index) {
  array.focus.index = index;
  array.focus.keep(() => drawSheet(sheet));
  if (array.grid.box(index)) selectElement(sheet, array, index);
}

/** Indices whose element holds a byte of [from, to). */
function elementsIn(lay, from, to) {
  const found = [];
  for (let byte = from - lay.itemsize + 1; byte < to; byte++)
    found.push(...indicesAt(lay, byte, 50));
  return found;
}

/** Write a number into the chosen element; returns NumPy's error if it would refuse. */
function pokeCurrent(sheet, n) {
  const { current: array, index, view } = sheet;
  const no = poke(array, index, n);
  if (no) return no;
  sheet.pokes.push([sheet.arrays.indexOf(array), n, ...index]);
  view.say(
    `${array.name}[${index.join(", ")}] = ${n}. ${changedWords(sheet, rewriteSheet(sheet))}`,
  );
  return "";
}

function poke({ layout, dtype, readonly, group }, index, n) {
  const at = placeIn(group.runs, byteOf(layout, index), layout.itemsize);
  const { kind, itemsize, little } = dtype;
  if (readonly) return "ValueError: assignment destination is read-only";
  if (at === null || !canDecode(dtype))
    return "This element cannot be changed here: its bytes are not in this page.";
  const bits = 8 * itemsize;
  const low = kind === "i" ? -(2 ** (bits - 1)) : 0;
  const high = kind === "i" ? 2 ** (bits - 1) : 2 ** bits;
  if ("iu".includes(kind) && (n < low || n >= high))
    return `OverflowError: Python integer ${n} out of bounds for ${dtype.name.split(" ").at(-1)}`;
  const view = new DataView(group.bytes.buffer, group.bytes.byteOffset + at, itemsize);
  const half = kind === "c" ? itemsize / 2 : itemsize;
  for (let k = 0; k < itemsize; k++) view.setUint8(k, 0);
  if (kind === "b") view.setUint8(0, n ? 1 : 0);
  else if ("fc".includes(kind)) setFloat(view, half, n, little);
  else
    for (let k = 0; k < itemsize; k++)
      view.setUint8(little ? k : itemsize - 1 - k, Number((BigInt(n) >> BigInt(8 * k)) & 255n));
  return "";
}

function setFloat(view, size, n, little) {
  if (size === 8) return view.setFloat64(0, n, little);
  return size === 4 ? view.setFloat32(0, n, little) : view.setUint16(0, halfBits(n), little);
}

/** The bits of a whole number as IEEE half precision, nearest, ties to even. */
function halfBits(n) {
  const sign = n < 0 ? 0x8000 : 0;
  const size = Math.abs(n);
  if (!size) return 0;
  const e = Math.floor(Math.log2(size));
  const q = size / 2 ** (e - 10);
  const low = Math.floor(q);
  const rounded = low + Number(q - low > 0.5 || (q - low === 0.5 && low % 2 === 1));
  return sign | Math.min(((e + 14) << 10) + rounded, 0x7c00);
}

/** Write all values again; returns [array, keys of its changed elements]. */
function rewriteSheet(sheet) {
  for (const group of sheet.groups)
    for (const byte of group.strip?.rewrite(group.read) ?? [])
      fadeIn(group.strip.boxes.get(byte).text);
  const changed = sheet.arrays.map((array) => [array, array.grid?.rewrite(array.valueAt) ?? []]);
  for (const [array, keys] of changed)
    for (const key of keys) fadeIn(array.grid.boxes.get(key).text);
  return changed;
}

function fadeIn(text) {
  text.classList.remove("ss-new");
  text.getBoundingClientRect();
  text.classList.add("ss-new");
}

/** Who changed and who did not, in words. */
function changedWords(sheet, changed) {
  const others = changed.filter(([array]) => array !== sheet.current);
  const moved = others
    .filter(([, keys]) => keys.length)
    .map(([{ name }, keys]) =>
      keys.length === 1
        ? `${name}[${keys[0].replaceAll(",", ", ")}]`
        : `${keys.length} elements of ${name}`,
    );
  const still = others.filter(([, keys]) => !keys.length).map(([{ name }]) => name);
  const list = (names, verb) => (names.length ? `${names.join(", ")} ${verb}.` : "");
  return [list(moved, "changed, too"), list(still, "did not change")].filter(Boolean).join(" ");
}

/** Poke again what a link says; nothing if any of it is broken. */
function replay(sheet, text) {
  const pokes = text ? unpackNumbers(text, text.split(";").length) : null;
  if (!pokes) return;
  const ok = pokes.every(([k, n, ...index]) => {
    const array = sheet.arrays[k];
    const inside =
      array &&
      index.length === array.layout.shape.length &&
      index.every((i, axis) => i >= 0 && i < array.layout.shape[axis]);
    return inside && Number.isSafeInteger(n) && !poke(array, index, n);
  });
  if (ok) sheet.pokes = pokes;
  else sheet.data.set(sheet.fresh);
  rewriteSheet(sheet);
  if (sheet.current) selectElement(sheet, sheet.current, sheet.index);
}

/** The lines of NumPy that make these arrays, and what was poked. */
function sheetLines(sheet) {
  const lines = ["import numpy as np"];
  for (const group of sheet.groups) {
    const hex =
      group.nbytes <= 512
        ? Array.from({ length: group.nbytes }, (_, k) =>
            hexReader(
              sheet.fresh.subarray(group.bytes.byteOffset - sheet.data.byteOffset),
              group,
            )(k),
          ).join("")
        : "·";
    lines.push(
      hex.includes("·")
        ? `# ${group.name}: the ${group.nbytes} bytes of the owner`
        : `${group.name} = bytearray.fromhex('${hex}')`,
    );
    for (const array of group.arrays)
      lines.push(`${array.name} = ${ndarrayLine(array.layout, array.code, group.name)}`);
  }
  return [
    ...lines,
    ...sheet.pokes.map(
      ([k, n, ...index]) => `${sheet.arrays[k].name}[${index.join(", ") || "()"}] = ${n}`,
    ),
  ].join("\n");
}

// What NumPy gives for an index: a view, a scalar or a copy.

import { isPicked, sliceOf, withAxes } from "./index_entries.js";
import { product, sizeOf, sliceIndices, take, unravel } from "./strides.js";

/** @import { CopiedElement, Entry, EntryAxis, Index, Indexed, Layout } from "../types.js" */

/**
 * @typedef {object} Picker an index array for one axis
 * @property {number[]} shape
 * @property {number[]} on
 * @property {number} axis
 */

/**
 * @typedef {object} Steps an index array as steps in bytes
 * @property {number[]} shape
 * @property {number[]} steps
 */

/**
 * @typedef {object} SlicedAxis an axis that no list picks from
 * @property {number} length
 * @property {number} start offset of its first index, bytes
 * @property {number} step bytes
 */

/**
 * @typedef {object} Gathering what is known of a copy
 * @property {Layout} lay
 * @property {Steps[]} picks
 * @property {SlicedAxis[]} sliced
 * @property {number} at where the picked axes go in the copy
 * @property {number[]} common shape of the picked axes
 * @property {number[]} shape
 * @property {number[]} strides
 */

/**
 * What NumPy gives for an index.
 * @param {Layout} lay
 * @param {Entry[]} entries
 * @returns {Indexed}
 * @throws {RangeError} with NumPy's words
 */
export function indexed(lay, entries) {
  if (entries.some(isPicked)) return gathered(lay, entries);
  const keys = entries.map((e) =>
    e.kind === "None" ? null : e.kind === "…" ? "..." : e.kind === "int" ? e.at : sliceOf(e),
  );
  const layout = take(lay, ...keys);
  return entries.every((e) => e.kind === "int")
    ? { kind: "scalar", byte: layout.offset }
    : { kind: "view", layout };
}

/**
 * Lists and masks: the axes that lists pick are slowest in the copy's memory, then the others,
 * longest stride first.
 * @param {Layout} lay
 * @param {Entry[]} entries
 * @returns {Indexed}
 */
function gathered(lay, entries) {
  const paired = withAxes(entries);
  const picks = paired.flatMap((pair) => pickers(lay, pair));
  const common = commonShape(picks.map((p) => p.shape));
  const stepped = picks.map(({ shape, on, axis }) => ({
    shape,
    steps: on.map((i) => withinAxis(i, lay.shape[axis], axis) * lay.strides[axis]),
  }));
  const sliced = paired
    .filter(({ entry }) => entry.kind === "slice" || entry.kind === ":" || entry.kind === "None")
    .map((pair) => slicedAxis(lay, pair));
  const front = paired.findIndex(({ entry }) => isPicked(entry) || entry.kind === "int");
  const back = paired.findLastIndex(({ entry }) => isPicked(entry) || entry.kind === "int");
  const together = paired
    .slice(front, back + 1)
    .every(({ entry }) => isPicked(entry) || entry.kind === "int");
  // Lists with a slice or None between them: NumPy puts their axes first.
  const before = paired.slice(0, together ? front : 0);
  const at = before.filter(({ entry }) => entry.kind !== "…").length;
  const shape = [
    ...sliced.slice(0, at).map((k) => k.length),
    ...common,
    ...sliced.slice(at).map((k) => k.length),
  ];
  const places = [
    ...common.map((_, k) => at + k),
    ...memoryOrder(sliced).map((k) => (k < at ? k : k + common.length)),
  ];
  const strides = packedStrides(shape, places, lay.itemsize);
  const reads = () => copyReads({ lay, picks: stepped, sliced, at, common, shape, strides });
  return { kind: "copy", shape, strides, reads };
}

/**
 * The index arrays of an entry: one for each axis it takes; an int beside a list counts as a list
 * of one.
 * @param {Layout} lay
 * @param {EntryAxis} pair
 * @returns {Picker[]}
 */
function pickers(lay, { entry, axis }) {
  if (entry.kind === "int") return [{ shape: [], on: [entry.at], axis }];
  if (entry.kind === "list") return [{ shape: entry.shape, on: entry.on, axis }];
  if (entry.kind !== "mask") return [];
  entry.shape.forEach((m, k) => {
    if (m !== lay.shape[axis + k])
      throw new RangeError(
        `boolean index did not match indexed array along axis ${axis + k}; ` +
          `size of axis is ${lay.shape[axis + k]} but size of corresponding boolean axis is ${m}`,
      );
  });
  const flats = entry.on.flatMap((on, flat) => (on ? [flat] : []));
  return entry.shape.map((m, k) => {
    const run = product(entry.shape.slice(k + 1));
    return {
      shape: [flats.length],
      on: flats.map((flat) => Math.floor(flat / run) % m),
      axis: axis + k,
    };
  });
}

/**
 * @param {number} i
 * @param {number} n
 * @param {number} axis
 */
function withinAxis(i, n, axis) {
  if (i < -n || i >= n)
    throw new RangeError(`index ${i} is out of bounds for axis ${axis} with size ${n}`);
  return i < 0 ? i + n : i;
}

/** @param {number[][]} shapes */
function commonShape(shapes) {
  const ndim = Math.max(...shapes.map((sh) => sh.length));
  return Array.from({ length: ndim }, (_, k) => {
    const lengths = new Set(
      shapes.map((sh) => sh[k - ndim + sh.length] ?? 1).filter((n) => n !== 1),
    );
    if (lengths.size > 1) {
      const texts = shapes
        .filter((sh) => sh.length)
        .map((sh) => `(${sh.join(",")}${sh.length === 1 ? "," : ""})`);
      const names = texts.join(" ");
      throw new RangeError(
        "shape mismatch: indexing arrays could not be broadcast together with shapes " + names,
      );
    }
    return lengths.size ? [...lengths][0] : 1;
  });
}

/**
 * @param {Layout} lay
 * @param {EntryAxis} pair
 * @returns {SlicedAxis}
 */
function slicedAxis(lay, { entry, axis }) {
  if (entry.kind === "None") return { length: 1, start: 0, step: 0 };
  const { start, step, length } = sliceIndices(sliceOf(entry), lay.shape[axis]);
  return { length, start: length ? start * lay.strides[axis] : 0, step: step * lay.strides[axis] };
}

/**
 * Kept axes as they lie in the copy: the longest step of the source slowest.
 * @param {SlicedAxis[]} sliced
 */
function memoryOrder(sliced) {
  /** @param {number} k */
  const size = (k) => (sliced[k].length === 1 ? 0 : Math.abs(sliced[k].step));
  return sliced.map((_, k) => k).sort((a, b) => size(b) - size(a) || a - b);
}

/**
 * @param {number[]} shape
 * @param {number[]} slowFirst
 * @param {number} itemsize
 */
function packedStrides(shape, slowFirst, itemsize) {
  const strides = shape.map(() => 0);
  let step = itemsize;
  for (const k of [...slowFirst].reverse()) {
    strides[k] = step;
    step *= Math.max(shape[k], 1);
  }
  return strides;
}

/**
 * Where each element of the copy comes from.
 * @param {Gathering} gathering
 * @returns {CopiedElement[]}
 */
function copyReads({ lay, picks, sliced, at, common, shape, strides }) {
  const base = lay.offset + sliced.reduce((all, k) => all + k.start, 0);
  return Array.from({ length: sizeOf({ shape }) }, (_, flat) => {
    const index = unravel(flat, shape);
    const picked = index.slice(at, at + common.length);
    const own = [...index.slice(0, at), ...index.slice(at + common.length)];
    const from =
      picks.reduce((all, p) => all + p.steps[flatIndex(picked, p.shape)], base) +
      sliced.reduce((all, k, j) => all + own[j] * k.step, 0);
    return { from, to: index.reduce((all, i, k) => all + i * strides[k], 0) };
  });
}

/**
 * Place in an index array that is stretched to the common shape.
 * @param {Index} index
 * @param {number[]} shape
 */
function flatIndex(index, shape) {
  return shape.reduce(
    (flat, n, k) => flat * n + (n === 1 ? 0 : index[k + index.length - shape.length]),
    0,
  );
}

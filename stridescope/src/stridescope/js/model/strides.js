// The strides model: where each element of an array lies, by arithmetic alone. The mirror of strides.py.
// A layout is {offset, shape, strides, itemsize}; offsets, strides, extents are in bytes of the buffer.

import { countSums, SEARCH_STEPS, sums } from "./search.js";

/** @typedef {{offset: number, shape: number[], strides: number[], itemsize: number}} Layout */
/** @typedef {{start: number|null, stop: number|null, step: number|null}} Slice */

export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const tupleText = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;

/** Check and return a layout. @returns {Layout} @throws {RangeError} with a sentence */
export function makeLayout(offset, shape, strides, itemsize) {
  if (shape.length !== strides.length) {
    throw new RangeError(
      `shape ${tupleText(shape)} has ${shape.length} axes but strides ${tupleText(strides)} has ${strides.length}: give one stride for each axis`,
    );
  }
  if (shape.some((n) => n < 0))
    throw new RangeError(`shape ${tupleText(shape)} has a negative length: lengths start at 0`);
  const lay = { offset, shape: [...shape], strides: [...strides], itemsize };
  if (![...shape, ...strides, itemsize, sizeOf(lay), ...extent(lay)].every(Number.isSafeInteger)) {
    throw new RangeError("more than 2^53 bytes or positions cannot be counted exactly here");
  }
  return lay;
}

/** Number of elements. @param {Layout} lay */
export const sizeOf = (lay) => product(lay.shape);

/** First byte of an element: offset + Σ index[k]·strides[k]. @throws {RangeError} */
export function byteOf(lay, index) {
  return sum([lay.offset, ...normalIndex(lay, index).map((i, k) => i * lay.strides[k])]);
}

/** The index with negative entries counted from the end. @throws {RangeError} */
export function normalIndex(lay, index) {
  if (index.length !== lay.shape.length) {
    throw new RangeError(
      `index ${tupleText(index)} has ${index.length} entries, the array has ${lay.shape.length} axes`,
    );
  }
  if (index.some((i, k) => !(i >= -lay.shape[k] && i < lay.shape[k]))) {
    throw new RangeError(`index ${tupleText(index)} is outside shape ${tupleText(lay.shape)}`);
  }
  return index.map((i, k) => (i < 0 ? i + lay.shape[k] : i));
}

/** Half-open range of bytes from the lowest to the highest element; [offset, offset] if empty. */
export function extent(lay) {
  if (sizeOf(lay) === 0) return [lay.offset, lay.offset];
  const reach = lay.shape.map((n, k) => (n - 1) * lay.strides[k]);
  const low = lay.offset + sum(reach.filter((r) => r < 0));
  return [low, lay.offset + sum(reach.filter((r) => r > 0)) + lay.itemsize];
}

/** Whether every element lies within a buffer of `nbytes` bytes. */
export function fits(lay, nbytes) {
  const [low, high] = extent(lay);
  return low >= 0 && high <= nbytes;
}

/** How many indices have an element that starts at `byte`; null if that takes too long to know. */
export function timesRead(lay, byte) {
  if (sizeOf(lay) === 0) return 0;
  const still = product(lay.shape.filter((_, k) => lay.strides[k] === 0));
  const found = countSums(movingAxes(lay), byte - extent(lay)[0], { left: SEARCH_STEPS });
  return found === null ? null : found * still;
}

/** At most `most` indices whose element starts at `byte`, in C order where few. @returns {number[][]} */
export function indicesAt(lay, byte, most = 100) {
  if (sizeOf(lay) === 0) return [];
  const order = movingOrder(lay);
  const found = [];
  const still = lay.shape.map((_, k) => k).filter((k) => lay.strides[k] === 0);
  for (const steps of sums(movingAxes(lay), byte - extent(lay)[0], { left: SEARCH_STEPS })) {
    const index = lay.shape.map(() => 0);
    order.forEach((k, j) => {
      index[k] = lay.strides[k] > 0 ? steps[j] : lay.shape[k] - 1 - steps[j];
    });
    const repeats = Math.min(product(still.map((k) => lay.shape[k])), most - found.length);
    for (let flat = 0; flat < repeats; flat++) {
      let rest = flat;
      for (const k of [...still].reverse()) {
        index[k] = rest % lay.shape[k];
        rest = Math.floor(rest / lay.shape[k]);
      }
      found.push([...index]);
    }
    if (found.length >= most) break;
  }
  return found.sort(compareIndices);
}

/** Order of two indices as C order reads them. */
export function compareIndices(a, b) {
  const k = a.findIndex((i, axis) => i !== b[axis]);
  return k < 0 ? 0 : a[k] - b[k];
}

/**
 * The layout of basic indexing: integers, slices {start, stop, step}, null (None) and one "..." .
 * @param {Layout} lay @param {(number|Slice|null|"...")[]} key @throws {RangeError}
 */
export function take(lay, ...key) {
  let offset = lay.offset;
  let axis = 0;
  const shape = [];
  const strides = [];
  for (const k of withoutEllipsis(key, lay.shape.length)) {
    if (k === null) {
      shape.push(1);
      strides.push(0);
      continue;
    }
    const n = lay.shape[axis];
    const st = lay.strides[axis];
    if (typeof k === "number") {
      if (!(k >= -n && k < n))
        throw new RangeError(`index ${k} is out of bounds for axis ${axis} with size ${n}`);
      offset += (k < 0 ? k + n : k) * st;
    } else {
      const { start, step, length } = sliceIndices(k, n);
      offset += length ? start * st : 0;
      shape.push(length);
      // Of an empty slice NumPy forgets the step.
      strides.push(length ? st * step || 0 : st);
    }
    axis += 1;
  }
  return { offset, shape, strides, itemsize: lay.itemsize };
}

/** Start, step and length of a slice over `n` elements, as Python's slice.indices. @param {Slice} slice */
export function sliceIndices(slice, n) {
  const step = slice.step ?? 1;
  if (step === 0) throw new RangeError("slice step cannot be zero");
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const clip = (i) => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const start =
    slice.start === null || slice.start === undefined ? (step > 0 ? low : high) : clip(slice.start);
  const stop =
    slice.stop === null || slice.stop === undefined ? (step > 0 ? high : low) : clip(slice.stop);
  return { start, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

/** The layout with its axes in the order given, reversed by default. @throws {RangeError} */
export function transposed(lay, axes = lay.shape.map((_, k) => k).reverse()) {
  if ([...axes].sort((a, b) => a - b).some((k, j) => k !== j) || axes.length !== lay.shape.length) {
    throw new RangeError(
      `axes ${tupleText(axes)} are no permutation of the ${lay.shape.length} axes`,
    );
  }
  return { ...lay, shape: axes.map((k) => lay.shape[k]), strides: axes.map((k) => lay.strides[k]) };
}

/** The layout stretched to `shape`: stretched and new axes get stride 0. @throws {RangeError} */
export function broadcastTo(lay, shape) {
  const more = shape.length - lay.shape.length;
  if (more < 0 || lay.shape.some((n, k) => n !== 1 && n !== shape[k + more])) {
    throw new RangeError(`shape ${tupleText(lay.shape)} does not broadcast to ${tupleText(shape)}`);
  }
  const own = lay.strides.map((st, k) => (lay.shape[k] === 1 ? 0 : st));
  return { ...lay, shape: [...shape], strides: [...Array(more).fill(0), ...own] };
}

/**
 * The layout of reshape(shape) in C order as a view, or the first equation that does not hold.
 * @returns {{layout: Layout} | {fails: {outer: number[]|null, inner: number[]|null, text: string}}}
 */
export function reshaped(lay, shape) {
  const asView = (strides) => ({ layout: { ...lay, shape: [...shape], strides } });
  if (product(shape) !== sizeOf(lay)) {
    return {
      fails: {
        outer: null,
        inner: null,
        text: `${sizeOf(lay)} elements do not fill shape ${tupleText(shape)}`,
      },
    };
  }
  if (shape.length === lay.shape.length && shape.every((n, k) => n === lay.shape[k]))
    return asView([...lay.strides]);
  if (isC(lay)) return asView(cStrides(shape, lay.itemsize));
  return regroup(lay, shape, asView);
}

/** Strides in bytes of a packed array whose last index moves fastest; an axis of length 0 counts as 1. */
export function cStrides(shape, itemsize) {
  return fStrides([...shape].reverse(), itemsize).reverse();
}

/** Strides in bytes of a packed array whose first index moves fastest. */
export function fStrides(shape, itemsize) {
  let step = itemsize;
  return shape.map((n) => {
    const own = step;
    step *= Math.max(n, 1);
    return own;
  });
}

/** Whether two neighbouring axes [length, stride] read as one in C order: s₀ = n₁·s₁. */
export function merges(outer, inner) {
  return outer[0] === 1 || inner[0] === 1 || outer[1] === inner[0] * inner[1];
}

/** Whether NumPy would set C_CONTIGUOUS. */
export const isC = (lay) =>
  isPacked([...lay.shape].reverse(), [...lay.strides].reverse(), lay.itemsize);

/** Whether NumPy would set F_CONTIGUOUS. */
export const isF = (lay) => isPacked(lay.shape, lay.strides, lay.itemsize);

/** Whether two layouts over the same buffer have a byte in common, as np.shares_memory; null if that takes too long. */
export function overlaps(a, b) {
  if (!sizeOf(a) || !sizeOf(b) || !a.itemsize || !b.itemsize) return false;
  // A byte of a equals a byte of b: low(a) + Σ i·s = high(b) − 1 − Σ j·t, one sum with the bytes within elements as an axis.
  const axes = [...movingAxes(a), ...movingAxes(b), [a.itemsize + b.itemsize - 1, 1]].sort(
    (x, y) => y[1] - x[1],
  );
  const left = { left: 10 * SEARCH_STEPS };
  for (const _ of sums(axes, extent(b)[1] - 1 - extent(a)[0], left)) return true;
  return left.left < 0 ? null : false;
}

/** Whether elements never overlap in part: each stride is a multiple of the itemsize. */
export function isAligned(lay) {
  return (
    sizeOf(lay) === 0 ||
    lay.shape.every((n, k) => n === 1 || lay.strides[k] % (lay.itemsize || 1) === 0)
  );
}

function isPacked(shape, strides, itemsize) {
  if (shape.includes(0)) return true;
  let step = itemsize;
  return shape.every((n, k) => {
    const right = n === 1 || strides[k] === step;
    step *= n;
    return right;
  });
}

function withoutEllipsis(key, ndim) {
  const used = key.filter((k) => k !== null && k !== "...").length;
  if (used > ndim)
    throw new RangeError(`too many indices: the array has ${ndim} axes, but ${used} were indexed`);
  if (key.filter((k) => k === "...").length > 1)
    throw new RangeError("an index can only have a single ellipsis");
  const rest = Array(ndim - used).fill({ start: null, stop: null, step: null });
  return (key.includes("...") ? key : [...key, "..."]).flatMap((k) => (k === "..." ? rest : [k]));
}

/** NumPy's _attempt_nocopy_reshape: axes of a group must merge into one; that one is then split. */
function regroup(lay, shape, asView) {
  const axes = lay.shape.map((n, k) => [n, lay.strides[k]]).filter(([n]) => n !== 1);
  const strides = [];
  while (axes.length && strides.length < shape.length) {
    const start = strides.length;
    const group = [axes.shift()];
    let stop = start + 1;
    let have = group[0][0];
    let want = shape[start];
    while (want !== have) {
      if (want < have) want *= shape[stop++];
      else {
        group.push(axes.shift());
        have *= group.at(-1)[0];
      }
    }
    const bad = group.findIndex((axis, k) => k + 1 < group.length && !merges(axis, group[k + 1]));
    if (bad >= 0) return { fails: notMerged(group[bad], group[bad + 1]) };
    for (let k = start; k < stop; k++)
      strides.push(product(shape.slice(k + 1, stop)) * group.at(-1)[1] || 0);
  }
  const last = strides.length ? strides.at(-1) : lay.itemsize;
  return asView([...strides, ...Array(shape.length - strides.length).fill(last)]);
}

function notMerged(outer, inner) {
  const text = `to merge two of its axes ${outer[1]} would have to equal ${inner[0]}·${inner[1]} = ${inner[0] * inner[1] || 0}`;
  return { outer, inner, text };
}

/** Axes whose stride is not 0, longest stride first. */
function movingOrder(lay) {
  const moving = lay.shape.map((_, k) => k).filter((k) => lay.strides[k] !== 0);
  return moving.sort((a, b) => Math.abs(lay.strides[b]) - Math.abs(lay.strides[a]));
}

const movingAxes = (lay) => movingOrder(lay).map((k) => [lay.shape[k], Math.abs(lay.strides[k])]);

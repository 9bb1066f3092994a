// The strides model: where each element of an array lies, by arithmetic alone. The mirror of
// model/strides.py.

/** @import { Axis, Index, Layout, Slice } from "../types.js" */

/** @param {readonly number[]} numbers */
export const product = (numbers) => numbers.reduce((a, b) => a * b, 1);
/** @param {readonly number[]} numbers */
export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
/** @param {readonly number[]} numbers */
export const tupleText = (numbers) => `(${numbers.join(", ")}${numbers.length === 1 ? "," : ""})`;

/**
 * Check the parts of a layout and return it.
 * @param {number} offset
 * @param {readonly number[]} shape
 * @param {readonly number[]} strides
 * @param {number} itemsize
 * @returns {Layout}
 * @throws {RangeError} with a sentence
 */
export function makeLayout(offset, shape, strides, itemsize) {
  if (shape.length !== strides.length) {
    throw new RangeError(
      `shape ${tupleText(shape)} has ${shape.length} axes but strides ${tupleText(strides)} has ` +
        `${strides.length}: give one stride for each axis`,
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

/**
 * Number of elements.
 * @param {{shape: readonly number[]}} lay
 */
export const sizeOf = (lay) => product(lay.shape);

/**
 * First byte of an element: offset + Σ index[k]·strides[k].
 * @param {Layout} lay
 * @param {Index} index
 * @throws {RangeError} if the index does not fit
 */
export function byteOf(lay, index) {
  return sum([lay.offset, ...normalIndex(lay, index).map((i, k) => i * lay.strides[k])]);
}

/**
 * The index with negative entries counted from the end.
 * @param {Layout} lay
 * @param {Index} index
 * @throws {RangeError} if the index does not fit
 */
export function normalIndex(lay, index) {
  if (index.length !== lay.shape.length) {
    throw new RangeError(
      `index ${tupleText(index)} has ${index.length} entries, ` +
        `the array has ${lay.shape.length} axes`,
    );
  }
  if (index.some((i, k) => !(i >= -lay.shape[k] && i < lay.shape[k]))) {
    throw new RangeError(`index ${tupleText(index)} is outside shape ${tupleText(lay.shape)}`);
  }
  return index.map((i, k) => (i < 0 ? i + lay.shape[k] : i));
}

/**
 * Half-open range of bytes from the lowest to the highest element; [offset, offset] if empty.
 * @param {Layout} lay
 * @returns {[low: number, high: number]}
 */
export function extent(lay) {
  if (sizeOf(lay) === 0) return [lay.offset, lay.offset];
  const reach = lay.shape.map((n, k) => (n - 1) * lay.strides[k]);
  const low = lay.offset + sum(reach.filter((r) => r < 0));
  return [low, lay.offset + sum(reach.filter((r) => r > 0)) + lay.itemsize];
}

/**
 * Whether every element lies within a buffer of `nbytes` bytes.
 * @param {Layout} lay
 * @param {number} nbytes
 */
export function fits(lay, nbytes) {
  const [low, high] = extent(lay);
  return low >= 0 && high <= nbytes;
}

/**
 * The layout of basic indexing: integers, slices, null (None) and at most one "...".
 * @param {Layout} lay
 * @param {(number | Slice | null | "...")[]} key
 * @returns {Layout}
 * @throws {RangeError} with NumPy's words
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

/**
 * Start, step and length of a slice over `n` elements, like Python's slice.indices.
 * @param {Partial<Slice>} slice
 * @param {number} n
 */
export function sliceIndices(slice, n) {
  const step = slice.step ?? 1;
  if (step === 0) throw new RangeError("slice step cannot be zero");
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  /** @param {number} i */
  const clip = (i) => Math.min(Math.max(i < 0 ? i + n : i, low), high);
  const start =
    slice.start === null || slice.start === undefined ? (step > 0 ? low : high) : clip(slice.start);
  const stop =
    slice.stop === null || slice.stop === undefined ? (step > 0 ? high : low) : clip(slice.stop);
  return { start, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

/**
 * The layout with its axes in the order given, reversed by default.
 * @param {Layout} lay
 * @param {number[]} axes
 * @returns {Layout}
 * @throws {RangeError} if `axes` is not a permutation
 */
export function transposed(lay, axes = lay.shape.map((_, k) => k).reverse()) {
  if ([...axes].sort((a, b) => a - b).some((k, j) => k !== j) || axes.length !== lay.shape.length) {
    throw new RangeError(
      `axes ${tupleText(axes)} are not a permutation of the ${lay.shape.length} axes`,
    );
  }
  return { ...lay, shape: axes.map((k) => lay.shape[k]), strides: axes.map((k) => lay.strides[k]) };
}

/**
 * The layout stretched to `shape`: stretched and new axes get stride 0.
 * @param {Layout} lay
 * @param {readonly number[]} shape
 * @returns {Layout}
 * @throws {RangeError} if it does not broadcast
 */
export function broadcastTo(lay, shape) {
  const more = shape.length - lay.shape.length;
  if (more < 0 || lay.shape.some((n, k) => n !== 1 && n !== shape[k + more])) {
    throw new RangeError(`shape ${tupleText(lay.shape)} does not broadcast to ${tupleText(shape)}`);
  }
  const own = lay.strides.map((st, k) => (lay.shape[k] === 1 ? 0 : st));
  return { ...lay, shape: [...shape], strides: [...Array(more).fill(0), ...own] };
}

/**
 * Strides in bytes of a packed array whose last index moves fastest; length 0 counts as 1.
 * @param {readonly number[]} shape
 * @param {number} itemsize
 */
export function cStrides(shape, itemsize) {
  return fStrides([...shape].reverse(), itemsize).reverse();
}

/**
 * Strides in bytes of a packed array whose first index moves fastest; length 0 counts as 1.
 * @param {readonly number[]} shape
 * @param {number} itemsize
 */
export function fStrides(shape, itemsize) {
  let step = itemsize;
  return shape.map((n) => {
    const own = step;
    step *= Math.max(n, 1);
    return own;
  });
}

/**
 * Whether NumPy would set C_CONTIGUOUS.
 * @param {Layout} lay
 */
export const isC = (lay) =>
  isPacked([...lay.shape].reverse(), [...lay.strides].reverse(), lay.itemsize);

/**
 * Whether NumPy would set F_CONTIGUOUS.
 * @param {Layout} lay
 */
export const isF = (lay) => isPacked(lay.shape, lay.strides, lay.itemsize);

/**
 * Whether elements never overlap in part: each stride is a multiple of the itemsize.
 * @param {Layout} lay
 */
export function isAligned(lay) {
  return (
    sizeOf(lay) === 0 ||
    lay.shape.every((n, k) => n === 1 || lay.strides[k] % (lay.itemsize || 1) === 0)
  );
}

/**
 * @param {readonly number[]} shape
 * @param {readonly number[]} strides
 * @param {number} itemsize
 */
function isPacked(shape, strides, itemsize) {
  if (shape.includes(0)) return true;
  let step = itemsize;
  return shape.every((n, k) => {
    const right = n === 1 || strides[k] === step;
    step *= n;
    return right;
  });
}

/**
 * @param {(number | Slice | null | "...")[]} key
 * @param {number} ndim
 * @returns {(number | Slice | null)[]}
 */
function withoutEllipsis(key, ndim) {
  const used = key.filter((k) => k !== null && k !== "...").length;
  if (used > ndim)
    throw new RangeError(`too many indices: the array has ${ndim} axes, but ${used} were indexed`);
  if (key.filter((k) => k === "...").length > 1)
    throw new RangeError("an index can only have a single ellipsis");
  const rest = Array(ndim - used).fill({ start: null, stop: null, step: null });
  return (key.includes("...") ? key : [...key, "..."]).flatMap((k) => (k === "..." ? rest : [k]));
}

/**
 * The axes with their lengths and strides.
 * @param {Layout} lay
 * @returns {Axis[]}
 */
export const axesOfLayout = (lay) => lay.shape.map((n, k) => [n, lay.strides[k]]);

/**
 * Bytes of a box of a strip: an element, or one byte where elements overlap in part.
 * @param {Layout} lay
 */
export const boxUnit = (lay) => (isAligned(lay) && lay.itemsize ? lay.itemsize : 1);

/**
 * The remainder with the sign of the divisor, as Python's `%`.
 * @param {number} n
 * @param {number} divisor
 */
export const modulo = (n, divisor) => ((n % divisor) + divisor) % divisor;

/**
 * The index of the element that comes `flat`-th in C order.
 * @param {number} flat
 * @param {readonly number[]} shape
 * @returns {Index}
 */
export function unravel(flat, shape) {
  const index = [];
  let rest = flat;
  for (const n of [...shape].reverse()) {
    index.unshift(rest % n);
    rest = Math.floor(rest / n);
  }
  return index;
}

/**
 * Whether two layouts read the same elements in the same places: a stride along an axis of length
 * one is never used.
 * @param {Layout} a
 * @param {Layout} b
 */
export const isSameReading = (a, b) =>
  a.offset === b.offset &&
  a.shape.join() === b.shape.join() &&
  a.shape.every((n, k) => n === 1 || a.strides[k] === b.strides[k]);

// The shortest lines of NumPy that make an array.

import { bytearrayCode, ndarrayLine } from "./numpy_code.js";
import { isAligned, isC, isF, product, sizeOf } from "./strides.js";
import { tuple, UNKNOWN } from "./value_text.js";

/** @import { Dtype, Layout, ReadValue } from "../types.js" */

/** Most values that are written out. */
const MOST_VALUES = 64;
/** A number that Python reads as it is printed here. */
const PLAIN_NUMBER = /^-?(\d+\.?\d*|\d*\.\d+)(e[+-]?\d+)?$/;

/**
 * What is known of an array and its owner.
 * @typedef {object} CodedArray
 * @property {string} name
 * @property {Layout} layout
 * @property {number} nbytes of the owner
 * @property {Dtype} dtype
 * @property {string} code the dtype as Python writes it, `'i8'`
 */

/**
 * An expression for the whole owner, read as one axis; null where values do not say which bytes.
 * @param {{nbytes: number, dtype: Dtype, code: string}} owner
 * @param {ReadValue} valueAt
 */
export function ownerCode({ nbytes, dtype, code }, valueAt) {
  const { itemsize, kind } = dtype;
  const count = nbytes / itemsize;
  if (!code || !Number.isInteger(count) || !count || count > MOST_VALUES) return null;
  const values = Array.from({ length: count }, (_, k) => valueAt(k * itemsize));
  if (values.includes(UNKNOWN)) return null;
  const isInteger = "iu".includes(kind);
  const isDefault = code === "'i8'" || code === "'f8'";
  const type = isDefault ? "" : `, ${code}`;
  if (kind === "b") return `np.array([${values.join(", ")}])`;
  if (!values.every((value) => PLAIN_NUMBER.test(value))) return null;
  const numbers = values.map(Number);
  if (!numbers.every((n) => Number.isSafeInteger(n)) || values.includes("-0.0"))
    return `np.array([${values.join(", ")}]${type})`;
  const step = count > 1 ? numbers[1] - numbers[0] : 1;
  const isRun = numbers.every((n, k) => n === numbers[0] + k * step);
  if (isRun && step === 0 && count > 2) {
    const whole = code === "'f8'" ? "" : `, ${code}`;
    if (numbers[0] === 0) return `np.zeros(${count}${whole})`;
    if (numbers[0] === 1) return `np.ones(${count}${whole})`;
    return `np.full(${count}, ${values[0]}${type})`;
  }
  if (!isRun || step === 0 || count < 3 || !"iuf".includes(kind))
    return `np.array([${values.join(", ")}]${type})`;
  const point = isInteger ? "" : ".0";
  const [first] = numbers;
  const stop = `${first + count * step}${point}`;
  if (step === 1 && first === 0) return `np.arange(${stop}${type && `, dtype=${code}`})`;
  const by = step === 1 ? "" : `, ${step}`;
  return `np.arange(${first}, ${stop}${by}${type && `, dtype=${code}`})`;
}

/**
 * An array as a part of an expression for its owner's values; null where no short one makes it.
 * @param {Layout} layout
 * @param {number} nbytes of the owner
 * @param {string} owner
 */
function wholeCode(layout, nbytes, owner) {
  const { offset, shape, itemsize } = layout;
  if (offset || sizeOf(layout) * itemsize !== nbytes) return null;
  const dims = (/** @type {number[]} */ lengths) => {
    const text = tuple(lengths);
    return lengths.length > 1 ? text.slice(1, -1) : text;
  };
  if (isC(layout)) return shape.length === 1 ? owner : `${owner}.reshape(${dims(shape)})`;
  return isF(layout) ? `${owner}.reshape(${dims([...shape].reverse())}).T` : null;
}

/**
 * The lines that make an array: one where that is possible; its bytes only where nothing else says
 * what they are.
 * @param {CodedArray} array
 * @param {ReadValue} valueAt
 * @param {ReadValue} hexAt
 */
export function arrayLines(array, valueAt, hexAt) {
  const { name, layout, nbytes, code } = array;
  const isOnGrid = isAligned(layout) && layout.offset % (layout.itemsize || 1) === 0;
  const owner = isOnGrid ? ownerCode(array, valueAt) : null;
  const whole = owner && wholeCode(layout, nbytes, owner);
  if (whole) return `${name} = ${whole}`;
  const bytes = owner ?? bytearrayCode(nbytes, hexAt);
  const buffer = bytes ? `b = ${bytes}` : `# b: the owner's ${nbytes} bytes`;
  return `${buffer}\n${name} = ${ndarrayLine(layout, code)}`;
}

/**
 * An array that is another one, or its transpose; null if it is neither.
 * @param {Layout} layout
 * @param {{name: string, layout: Layout}} other
 */
export function relatedCode(layout, other) {
  const { offset, shape, strides } = other.layout;
  if (layout.offset !== offset || product(shape) !== sizeOf(layout)) return null;
  /**
   * @param {number[]} a
   * @param {number[]} b
   */
  const isSame = (a, b) => a.join() === b.join();
  if (isSame(layout.shape, shape) && isSame(layout.strides, strides)) return other.name;
  const turned = [shape, strides].map((list) => [...list].reverse());
  return isSame(layout.shape, turned[0]) && isSame(layout.strides, turned[1])
    ? `${other.name}.T`
    : null;
}

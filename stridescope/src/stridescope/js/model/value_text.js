// Values as short text, decoded from bytes as NumPy prints them. A byte that is not here is never
// invented.

/** @import { Dtype, ReadValue, SentBytes } from "../types.js" */

export const MINUS = "\u2212";
export const UNKNOWN = "·";

/**
 * Itemsizes that can be decoded, by kind.
 * @type {Record<string, number[]>}
 */
const SIZES = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8], c: [8, 16] };

/**
 * A stride with its sign: +24, +0, −8.
 * @param {number} n
 */
export const signed = (n) => `${n < 0 ? MINUS : "+"}${Math.abs(n)}`;

/**
 * An integer with a true minus sign, in brackets if negative.
 * @param {number} n
 */
export const plain = (n) => (n >= 0 ? String(n) : `(${MINUS}${-n})`);

/**
 * A number with commas between thousands.
 * @param {number} n
 */
export const grouped = (n) => n.toLocaleString("en");

/**
 * A tuple as Python writes it: (3,), (3, 4).
 * @param {readonly number[]} numbers
 */
export const tuple = (numbers, gap = " ") =>
  `(${numbers.join(`,${gap}`)}${numbers.length === 1 ? "," : ""})`;

/**
 * Cut a value to `room` characters; an exponent is kept whole or cut away at its e.
 * @param {string} text
 * @param {number} room
 */
export function short(text, room) {
  if (text.length <= room) return text;
  const [, mantissa, exponent] = /^([^e]*)e([+-]?\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return `${text.slice(0, room - 1)}…`;
  const length = room - exponent.length - 2;
  return length >= 1
    ? `${mantissa.slice(0, length)}…e${exponent}`
    : `${mantissa.slice(0, Math.max(room - 2, 0))}e…`.slice(0, room);
}

/**
 * A count in at most seven characters: 12, 1e11, ≈3.2e9, many.
 * @param {number | null} n
 */
export function countWords(n) {
  if (n === null) return "many";
  if (n <= 999999) return String(n);
  const [mantissa, exponent] = n.toExponential(1).split("e+");
  const rounded = `${mantissa.replace(".0", "")}e${exponent}`;
  return Number(rounded) === n ? rounded : `≈${rounded}`;
}

/**
 * A function from the first byte of an element to its text.
 * @param {Dtype} dtype
 * @param {Uint8Array} data the bytes sent
 * @param {SentBytes} where where they lie
 * @returns {ReadValue}
 */
export function valueReader(
  dtype,
  data,
  { nbytes, start = 0, runs = [[start, start + data.byteLength]], texts = null },
) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return (byte) => {
    if (byte < 0 || byte + dtype.itemsize > nbytes) return "?";
    if (texts) return texts[byte] ?? UNKNOWN;
    const at = placeIn(runs, byte, dtype.itemsize);
    return at === null ? UNKNOWN : decode(view, at, dtype);
  };
}

/**
 * A function from a byte to an element's text, from what the kernel sent of an array.
 * @param {SentBytes & {dtype: Dtype}} sent
 * @param {Uint8Array} data
 * @returns {ReadValue}
 */
export const sentValues = (sent, data) =>
  sent.texts || canDecode(sent.dtype) ? valueReader(sent.dtype, data, sent) : () => UNKNOWN;

/**
 * Where `size` bytes from an address on are in the data sent; null if they were not all sent.
 * @param {number[][]} runs
 * @param {number} byte
 * @param {number} size
 */
export function placeIn(runs, byte, size) {
  let before = 0;
  for (const [from, to] of runs) {
    if (byte >= from && byte + size <= to) return before + byte - from;
    before += to - from;
  }
  return null;
}

/**
 * A function from a byte's address to two hex digits.
 * @param {Uint8Array} data the bytes sent
 * @param {SentBytes} where where they lie
 * @returns {ReadValue}
 */
export function hexReader(data, { nbytes, start = 0, runs = [[start, start + data.byteLength]] }) {
  return (byte) => {
    if (byte < 0 || byte >= nbytes) return "?";
    const at = placeIn(runs, byte, 1);
    return at === null ? UNKNOWN : data[at].toString(16).padStart(2, "0");
  };
}

/**
 * Whether values of this dtype can be read from bytes here.
 * @param {Dtype} dtype
 */
export function canDecode({ kind, itemsize }) {
  return (SIZES[kind] ?? []).includes(itemsize);
}

/**
 * The text of one element.
 * @param {DataView} view
 * @param {number} at
 * @param {Dtype} dtype
 */
export function decode(view, at, { kind, itemsize, little }) {
  if (kind === "b") return view.getUint8(at) ? "True" : "False";
  if (kind === "f") return floatText(readFloat(view, at, itemsize, little), itemsize);
  if (kind === "c") return complexText(view, at, itemsize / 2, little);
  return String(readInteger(view, at, itemsize, little, kind === "i"));
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} itemsize
 * @param {boolean} little
 * @param {boolean} isSigned
 * @returns {number | bigint}
 */
function readInteger(view, at, itemsize, little, isSigned) {
  if (itemsize === 1) return isSigned ? view.getInt8(at) : view.getUint8(at);
  if (itemsize === 2) return isSigned ? view.getInt16(at, little) : view.getUint16(at, little);
  if (itemsize === 4) return isSigned ? view.getInt32(at, little) : view.getUint32(at, little);
  return isSigned ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} itemsize
 * @param {boolean} little
 */
function readFloat(view, at, itemsize, little) {
  if (itemsize === 2) return halfOf(view.getUint16(at, little));
  return itemsize === 4 ? view.getFloat32(at, little) : view.getFloat64(at, little);
}

/**
 * The number that 16 bits are as IEEE half precision.
 * @param {number} bits
 */
export function halfOf(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const e = (bits >> 10) & 31;
  const f = bits & 1023;
  if (e === 31) return f ? NaN : sign * Infinity;
  return sign * (e ? (1 + f / 1024) * 2 ** (e - 15) : f * 2 ** -24);
}

/**
 * The nearest half-precision number; ties to even.
 * @param {number} x
 */
export function toHalf(x) {
  if (!Number.isFinite(x) || x === 0) return x;
  const e = Math.max(Math.floor(Math.log2(Math.abs(x))), -14);
  const step = 2 ** (e - 10);
  const q = Math.abs(x) / step;
  const low = Math.floor(q);
  const up = q - low > 0.5 || (q - low === 0.5 && low % 2 === 1);
  const y = (low + Number(up)) * step;
  return Math.sign(x) * (y >= 65520 ? Infinity : y);
}

/**
 * Shortest text that reads back as this float of 2, 4 or 8 bytes, as NumPy's str: 0.1, 1e-05, nan.
 * @param {number} x
 * @param {number} itemsize
 */
export function floatText(x, itemsize) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  if (x === 0) return Object.is(x, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = shortest(Math.abs(x), itemsize);
  const sign = x < 0 ? "-" : "";
  const size = Math.abs(x);
  // NumPy 2.4 writes half precision with an exponent from 1e3 on, single from 1e6 on.
  if (size >= 1e-4 && size < (itemsize === 2 ? 1e3 : itemsize === 4 ? 1e6 : 1e16))
    return sign + positional(digits, exponent);
  const tail = digits.length > 1 ? `.${digits.slice(1)}` : "";
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${digits[0]}${tail}e${exponent < 0 ? "-" : "+"}${power}`;
}

/**
 * Fewest digits, and the power of ten of the first, that read back as x.
 * @param {number} x
 * @param {number} itemsize
 * @returns {[digits: string, exponent: number]}
 */
function shortest(x, itemsize) {
  const rounded = itemsize === 4 ? Math.fround : toHalf;
  let text = x.toExponential();
  for (let n = 0; itemsize < 8 && n < 9; n++) {
    const decimal = nearDecimals(x, n).find((near) => rounded(Number(near)) === x);
    if (decimal) {
      text = decimal;
      break;
    }
  }
  const [mantissa, exponent] = text.split("e");
  return [mantissa.replace(".", "").replace(/(.)0+$/, "$1"), Number(exponent)];
}

/**
 * Decimals with n digits after the first around x, the nearest first; of an exact tie the even one.
 * Just under a power of two the floats are closer together than above it: there the farther decimal
 * may read back where the nearest does not.
 * @param {number} x
 * @param {number} n
 */
function nearDecimals(x, n) {
  const [digits, exponent] = x.toExponential(100).split("e");
  const plainDigits = digits.replace(".", "");
  const low = BigInt(plainDigits.slice(0, n + 1));
  const rest = plainDigits.slice(n + 1);
  /** @param {bigint} whole */
  const text = (whole) => {
    const all = String(whole);
    return `${all[0]}.${all.slice(1)}e${Number(exponent) + all.length - n - 1}`;
  };
  const isTie = /^50*$/.test(rest);
  const isUp = isTie ? low % 2n === 1n : rest >= "5";
  return isUp ? [text(low + 1n), text(low)] : [text(low), text(low + 1n)];
}

/**
 * @param {string} digits
 * @param {number} exponent
 */
function positional(digits, exponent) {
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${whole}.${digits.slice(exponent + 1) || "0"}`;
}

/**
 * A complex number as NumPy's str, without its brackets.
 * @param {DataView} view
 * @param {number} at
 * @param {number} half
 * @param {boolean} little
 */
function complexText(view, at, half, little) {
  const [re, im] = [readFloat(view, at, half, little), readFloat(view, at + half, half, little)];
  /** @param {number} x */
  const part = (x) => floatText(x, half).replace(/\.0$/, "");
  const imaginary = `${part(im)}j`;
  if (re === 0 && !Object.is(re, -0)) return imaginary;
  return part(re) + (imaginary.startsWith("-") ? "" : "+") + imaginary;
}

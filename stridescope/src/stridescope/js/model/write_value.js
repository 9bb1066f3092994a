// Writing a number into the bytes of an element, as NumPy would.

import { canDecode, placeIn } from "./value_text.js";

/** @import { NamedDtype } from "../types.js" */

/**
 * Write a number into an element; returns NumPy's error if it would refuse, else "".
 * @param {{dtype: NamedDtype, readonly: boolean}} array
 * @param {Uint8Array} bytes the bytes sent
 * @param {number[][]} runs where they lie
 * @param {number} byte first byte of the element
 * @param {number} n
 */
export function writeValue({ dtype, readonly }, bytes, runs, byte, n) {
  const { kind, itemsize, little } = dtype;
  const at = placeIn(runs, byte, itemsize);
  if (readonly) return "ValueError: assignment destination is read-only";
  if (at === null || !canDecode(dtype))
    return "This element cannot be changed here: its bytes are not in this page.";
  if ("iu".includes(kind) && !holds(dtype, n)) {
    const name = dtype.name.split(" ").at(-1);
    return `OverflowError: Python integer ${n} out of bounds for ${name}`;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, itemsize);
  for (let k = 0; k < itemsize; k++) view.setUint8(k, 0);
  if (kind === "b") view.setUint8(0, n ? 1 : 0);
  else if (kind === "f") setFloat(view, itemsize, n, little);
  else if (kind === "c") setFloat(view, itemsize / 2, n, little);
  else
    for (let k = 0; k < itemsize; k++) {
      const digit = Number((BigInt(n) >> BigInt(8 * k)) & 255n);
      view.setUint8(little ? k : itemsize - 1 - k, digit);
    }
  return "";
}

/**
 * Whether an integer dtype holds a number.
 * @param {NamedDtype} dtype
 * @param {number} n
 */
function holds({ kind, itemsize }, n) {
  const bits = 8 * itemsize;
  return kind === "i" ? n >= -(2 ** (bits - 1)) && n < 2 ** (bits - 1) : n >= 0 && n < 2 ** bits;
}

/**
 * @param {DataView} view
 * @param {number} size
 * @param {number} n
 * @param {boolean} little
 */
function setFloat(view, size, n, little) {
  if (size === 8) view.setFloat64(0, n, little);
  else if (size === 4) view.setFloat32(0, n, little);
  else view.setUint16(0, halfBits(n), little);
}

/**
 * The bits of an integer as IEEE half precision, nearest, ties to even.
 * @param {number} n
 */
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

// Products and their sums in NumPy's dtypes: integers wrap exactly, floats round.

import { MINUS, toHalf } from "./value_text.js";

/** @import { Numeric, SentNumber } from "../types.js" */

/**
 * A number as Python sent it: BigInt for integers and truth values, Number for floats.
 * @param {SentNumber} value
 * @param {string} kind
 * @returns {Numeric}
 */
export function numberOf(value, kind) {
  if (kind !== "f") return BigInt(value);
  return { inf: Infinity, "-inf": -Infinity, nan: NaN }[value] ?? Number(value);
}

/**
 * A function that brings a number into a dtype such as "i8", "u1", "f4".
 * @param {string} dtype
 * @returns {(x: Numeric) => Numeric}
 */
export function intoDtype(dtype) {
  const kind = dtype[0];
  const bits = 8 * Number(dtype.slice(1));
  if (kind === "b") return (x) => (x ? 1n : 0n);
  if (kind === "i") return (x) => BigInt.asIntN(bits, BigInt(x));
  if (kind === "u") return (x) => BigInt.asUintN(bits, BigInt(x));
  if (bits === 16) return (x) => toHalf(Number(x));
  return bits === 32 ? (x) => Math.fround(Number(x)) : Number;
}

/**
 * The sum of the products of two lists as NumPy makes it, and the true sum if an integer wrapped.
 * @param {Numeric[]} values
 * @param {Numeric[]} weights
 * @param {string} product dtype of a product
 * @param {string} sum dtype of the sum
 * @returns {{total: Numeric, exact: bigint | null}}
 */
export function sumOfProducts(values, weights, product, sum) {
  const one = intoDtype(product);
  const all = intoDtype(sum);
  if (product[0] === "f") {
    const products = values.map((x, k) => one(Number(one(x)) * Number(one(weights[k]))));
    return { total: products.reduce((a, b) => all(Number(a) + Number(b)), 0), exact: null };
  }
  const products = values.map((x, k) => one(BigInt(one(x)) * BigInt(one(weights[k]))));
  const total = products.reduce((a, b) => all(BigInt(a) + BigInt(b)), 0n);
  const exact = values.reduce((a, x, k) => BigInt(a) + BigInt(x) * BigInt(weights[k]), 0n);
  return { total, exact: exact === total ? null : BigInt(exact) };
}

/**
 * A number with at most six digits, as Python's format ".6g", and a true minus sign.
 * @param {Numeric} x
 */
export function briefNumber(x) {
  if (typeof x === "bigint") return String(x).replace("-", MINUS);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? `${MINUS}inf` : "inf";
  const [mantissa, exponent] = x.toExponential(5).split("e");
  const e = Number(exponent);
  /** @param {string} text */
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (e >= -4 && e < 6)
    return trim(Object.is(x, -0) ? "-0" : x.toFixed(Math.max(0, 5 - e))).replace("-", MINUS);
  return `${trim(mantissa)}e${e < 0 ? MINUS : "+"}${String(Math.abs(e)).padStart(2, "0")}`.replace(
    "-",
    MINUS,
  );
}

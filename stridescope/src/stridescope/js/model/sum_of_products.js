// Products and their sums in NumPy's dtypes: integers wrap exactly, floats round. The numbers of windows.

import { MINUS, toHalf } from "./value_text.js";

/** A number as Python sent it: BigInt for integers and truth values, Number for floats. */
export function numberOf(value, kind) {
  if (kind !== "f") return BigInt(value);
  return { inf: Infinity, "-inf": -Infinity, nan: NaN }[value] ?? Number(value);
}

/** A function that brings a number into a dtype such as "i8", "u1", "f4". */
export function intoDtype(dtype) {
  const kind = dtype[0];
  const bits = 8 * Number(dtype.slice(1));
  if (kind === "b") return (x) => (x ? 1n : 0n);
  if (kind === "i") return (x) => BigInt.asIntN(bits, x);
  if (kind === "u") return (x) => BigInt.asUintN(bits, x);
  const round = { 16: toHalf, 32: Math.fround }[bits] ?? ((x) => x);
  return (x) => round(Number(x));
}

/** The sum of the products of two lists as NumPy makes it, and whether an integer wrapped. */
export function sumOfProducts(values, weights, product, sum) {
  const one = intoDtype(product);
  const all = intoDtype(sum);
  const isFloat = product[0] === "f";
  const cast = (x) => one(isFloat ? Number(x) : x);
  const products = values.map((x, k) => one(cast(x) * cast(weights[k])));
  const total = products.reduce(
    (a, b) => all(a + (sum[0] === "f" ? b : BigInt(b))),
    all(isFloat ? 0 : 0n),
  );
  if (isFloat) return { total, exact: null };
  const exact = values.reduce((a, x, k) => a + x * weights[k], 0n);
  return { total, exact: exact === total ? null : exact };
}

/** A number with at most six digits, as Python's format ".6g", and a true minus sign. */
export function briefNumber(x) {
  if (typeof x === "bigint") return String(x).replace("-", MINUS);
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x < 0 ? `${MINUS}inf` : "inf";
  const [mantissa, exponent] = x.toExponential(5).split("e");
  const e = Number(exponent);
  const trim = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (e >= -4 && e < 6)
    return trim(Object.is(x, -0) ? "-0" : x.toFixed(Math.max(0, 5 - e))).replace("-", MINUS);
  return `${trim(mantissa)}e${e < 0 ? MINUS : "+"}${String(Math.abs(e)).padStart(2, "0")}`.replace(
    "-",
    MINUS,
  );
}

// One number of 8 to 64 bits as its pattern: fields, exact value, neighbors, wrap-around. The
// mirror of instruments/bits.py.

import { floatText, halfOf, MINUS, toHalf } from "./value_text.js";

/** @import { Fact, Numeric, Pattern } from "../types.js" */

/**
 * Bits of exponent and fraction.
 * @type {Record<string, [exponent: number, fraction: number]>}
 */
const FLOAT_FIELDS = { float16: [5, 10], float32: [8, 23], float64: [11, 52] };

/** @param {string} dtype */
export const bitCount = (dtype) => Number(/\d+$/.exec(dtype)?.[0]);
/** @param {string} dtype */
export const isFloatName = (dtype) => dtype in FLOAT_FIELDS;
/** @param {Pattern} one */
export const bitText = ({ dtype, pattern }) => pattern.toString(2).padStart(bitCount(dtype), "0");
/**
 * A number in prose: its text with true minus signs.
 * @param {Numeric | string} n
 */
export const minusSign = (n) => String(n).replaceAll("-", MINUS);

/**
 * Fields as [name, bits]: sign, exponent, fraction; an integer by bytes.
 * @param {Pattern} one
 * @returns {Fact[]}
 */
export function fieldsOf(one) {
  const text = bitText(one);
  const width = text.length;
  if (isFloatName(one.dtype)) {
    const stop = 1 + FLOAT_FIELDS[one.dtype][0];
    return [
      ["sign", text[0]],
      ["exponent", text.slice(1, stop)],
      ["fraction", text.slice(stop)],
    ];
  }
  return Array.from({ length: width / 8 }, (_, k) => [
    `bits ${width - 1 - 8 * k} to ${width - 8 - 8 * k}`,
    text.slice(8 * k, 8 * k + 8),
  ]);
}

/**
 * An integer's value as its own dtype reads the bits.
 * @param {Pattern} one
 * @returns {bigint}
 */
export function integerOf({ dtype, pattern }) {
  return dtype.startsWith("u") ? pattern : BigInt.asIntN(bitCount(dtype), pattern);
}

/**
 * The pattern of an integer, wrapped around.
 * @param {string} dtype
 * @param {bigint} n
 * @returns {Pattern}
 */
export const wrappedInteger = (dtype, n) => ({
  dtype,
  pattern: BigInt.asUintN(bitCount(dtype), n),
});

/**
 * Smallest and largest value of an integer dtype.
 * @param {string} dtype
 * @returns {[low: bigint, high: bigint]}
 */
export function endsOf(dtype) {
  const n = BigInt(bitCount(dtype));
  return dtype.startsWith("u") ? [0n, 2n ** n - 1n] : [-(2n ** (n - 1n)), 2n ** (n - 1n) - 1n];
}

/**
 * A float's value.
 * @param {Pattern} one
 * @returns {number}
 */
export function floatOf({ dtype, pattern }) {
  const view = new DataView(new ArrayBuffer(8));
  if (dtype === "float16") return halfOf(Number(pattern));
  view.setBigUint64(0, dtype === "float32" ? pattern << 32n : pattern);
  return dtype === "float32" ? view.getFloat32(0) : view.getFloat64(0);
}

/**
 * The pattern of the float of this dtype nearest to x.
 * @param {string} dtype
 * @param {number} x
 * @returns {Pattern}
 */
export function nearestFloat(dtype, x) {
  const view = new DataView(new ArrayBuffer(8));
  if (dtype === "float64") view.setFloat64(0, x);
  else view.setFloat32(0, dtype === "float16" ? toHalf(x) : x);
  const pattern = dtype === "float64" ? view.getBigUint64(0) : BigInt(view.getUint32(0));
  return { dtype, pattern: dtype === "float16" ? halfPattern(pattern) : pattern };
}

/**
 * float32 bits of a number that float16 holds, as float16 bits.
 * @param {bigint} bits
 */
function halfPattern(bits) {
  const sign = (bits >> 31n) << 15n;
  const e = Number((bits >> 23n) & 255n);
  const f = bits & 0x7fffffn;
  if (e === 255) return sign | 0x7c00n | (f ? 0x200n : 0n);
  if (e >= 113) return sign | (BigInt(e - 112) << 10n) | (f >> 13n);
  return e < 102 ? sign : sign | ((f | 0x800000n) >> BigInt(126 - e));
}

/**
 * A number as NumPy's str.
 * @param {Pattern} one
 */
export const numberText = (one) =>
  isFloatName(one.dtype)
    ? floatText(floatOf(one), bitCount(one.dtype) / 8)
    : String(integerOf(one));

/**
 * The same in a sentence, with true minus signs.
 * @param {Pattern} one
 */
export const numberWords = (one) => minusSign(numberText(one));

/**
 * Value of a finite float exactly: sign · steps · 2^power, where steps is an integer.
 * @param {Pattern} one
 */
function exactParts(one) {
  const [wide, long] = FLOAT_FIELDS[one.dtype];
  const [[, sign], [, e], [, f]] = fieldsOf(one);
  const exponent = parseInt(e, 2);
  const bias = 2 ** (wide - 1) - 1;
  const lead = exponent ? 1n : 0n;
  const power = (exponent || 1) - bias;
  return {
    minus: sign === "1" ? MINUS : "",
    exponent,
    bias,
    lead,
    power,
    long,
    steps: lead * 2n ** BigInt(long) + BigInt(`0b${f}`),
  };
}

/**
 * The value of a finite float as a decimal, every digit.
 * @param {Pattern} one
 */
export function exactDecimal(one) {
  const { minus, steps, power, long } = exactParts(one);
  const places = long - power;
  if (places <= 0) return minus + String(steps * 2n ** BigInt(-places));
  const digits = String(steps * 5n ** BigInt(places)).padStart(places + 1, "0");
  const [whole, rest] = [digits.slice(0, -places), digits.slice(-places).replace(/0+$/, "")];
  return minus + whole + (rest ? `.${rest}` : "");
}

const SUPERS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** @param {number} n */
const powerOfTwo = (n) =>
  `2${n < 0 ? "⁻" : ""}${[...String(Math.abs(n))].map((d) => SUPERS[Number(d)]).join("")}`;

/**
 * What the fields mean, the value, and the neighbors, as [name, text].
 * @param {Pattern} one
 * @returns {Fact[]}
 */
export function numberFacts(one) {
  if (!isFloatName(one.dtype)) {
    const n = bitCount(one.dtype);
    return [
      [`as int${n}`, minusSign(BigInt.asIntN(n, one.pattern))],
      [`as uint${n}`, String(one.pattern)],
    ];
  }
  const x = floatOf(one);
  const p = exactParts(one);
  if (Number.isNaN(x)) return [["reads", "not a number: exponent all ones, fraction not 0"]];
  if (!Number.isFinite(x)) return [["reads", `${p.minus}infinity`], ...floatNeighbors(one)];
  const tail = p.exponent
    ? `, exponent ${p.exponent} ${MINUS} ${p.bias}`
    : ", exponent 0: subnormal";
  return [
    ["reads", `${p.minus}${p.lead}.fraction · ${powerOfTwo(p.power)}${tail}`],
    ["equals", `${p.minus}${p.steps.toLocaleString("en")} · ${powerOfTwo(p.power - p.long)}`],
    ["exactly", exactDecimal(one)],
    ...floatNeighbors(one),
  ];
}

/**
 * The next value above or below; infinity's outer neighbor is itself.
 * @param {Pattern} one
 * @param {number} way 1 for above, -1 for below
 * @returns {Pattern}
 */
export function nextFloat(one, way) {
  const top = 1n << BigInt(bitCount(one.dtype) - 1);
  const size = one.pattern & (top - 1n);
  const below = one.pattern >= top;
  const [wide, long] = FLOAT_FIELDS[one.dtype];
  const inf = ((1n << BigInt(wide)) - 1n) << BigInt(long);
  if (size > inf || (size === inf && below === way < 0)) return one;
  if (size === 0n) return { ...one, pattern: way > 0 ? 1n : top + 1n };
  return { ...one, pattern: one.pattern + (below === way < 0 ? 1n : -1n) };
}

/**
 * @param {Pattern} one
 * @returns {Fact[]}
 */
function floatNeighbors(one) {
  /** @type {Fact[]} */
  const neighbors = [
    ["below", numberWords(nextFloat(one, -1))],
    ["above", numberWords(nextFloat(one, 1))],
  ];
  const size = { ...one, pattern: one.pattern & ((1n << BigInt(bitCount(one.dtype) - 1)) - 1n) };
  const step = floatOf(nextFloat(size, 1)) - floatOf(size);
  if (!Number.isFinite(floatOf(one))) return neighbors;
  const text = Number.isFinite(step) ? numberWords(nearestFloat(one.dtype, step)) : lastStep(one);
  return [...neighbors, ["step", text]];
}

/**
 * The step at the largest value, as numpy.spacing counts it: of its own power of two.
 * @param {Pattern} one
 */
function lastStep(one) {
  const { power, long } = exactParts(one);
  return numberWords(nearestFloat(one.dtype, 2 ** (power - long)));
}

/**
 * What NumPy does with one more: arrays, scalars, a Python int.
 * @param {Pattern} one
 * @returns {{name: string, line: string, outcome: string}[]}
 */
export function stepLines(one) {
  const n = integerOf(one);
  const [, high] = endsOf(one.dtype);
  const over = n === high;
  const { dtype } = one;
  const after = integerOf(wrappedInteger(dtype, n + 1n));
  const scalar = `np.${dtype}(${after})`;
  return [
    {
      name: "Arrays",
      line: `np.array([${n}], '${dtype}') + np.${dtype}(1)`,
      outcome: `array([${after}]${dtype === "int64" ? "" : `, dtype=${dtype}`}), no warning`,
    },
    {
      name: "Scalars",
      line: `np.${dtype}(${n}) + np.${dtype}(1)`,
      outcome:
        scalar + (over ? ", RuntimeWarning: overflow encountered in scalar add" : ", no warning"),
    },
    {
      name: "A Python int",
      line: `np.${dtype}(${n + 1n})`,
      outcome: over ? tooLarge(dtype, n + 1n) : `${scalar}, no warning`,
    },
  ];
}

/**
 * What NumPy says of a Python int that does not fit.
 * @param {string} dtype
 * @param {bigint} n
 */
function tooLarge(dtype, n) {
  if (dtype === "int64" || dtype === "uint64")
    return "OverflowError: Python int too large to convert to C long";
  return `OverflowError: Python integer ${n} out of bounds for ${dtype}`;
}

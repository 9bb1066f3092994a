// Shapes aligned at their last axes: match, stretch, new axis, clash. The mirror of the arithmetic
// in instruments/broadcast.py.

/**
 * Lengths of each shape on each axis of the longest; null where it has none.
 * @param {number[][]} shapes
 * @returns {(number | null)[][]}
 */
export function alignedLengths(shapes) {
  const ndim = Math.max(0, ...shapes.map((sh) => sh.length));
  return shapes.map((sh) => [...Array(ndim - sh.length).fill(null), ...sh]);
}

/**
 * The different lengths other than 1 that operands have on an axis.
 * @param {(number | null)[]} axis
 * @returns {number[]}
 */
export const wantedLengths = (axis) => [
  ...new Set(axis.flatMap((n) => (n === null || n === 1 ? [] : [n]))),
];

/**
 * What happens to one operand on one axis.
 * @param {number | null} length
 * @param {(number | null)[]} axis
 * @returns {"match" | "stretch" | "new" | "clash"}
 */
export function axisFate(length, axis) {
  const wanted = wantedLengths(axis);
  if (length === null) return "new";
  if (length !== 1 && wanted.length > 1) return "clash";
  return length === 1 && wanted.length ? "stretch" : "match";
}

/**
 * The common shape, or NumPy's words for why there is none.
 * @param {number[][]} shapes
 * @returns {{shape: number[], refused?: undefined} | {shape?: undefined, refused: string}}
 */
export function commonOf(shapes) {
  const rows = alignedLengths(shapes);
  const ndim = rows[0]?.length ?? 0;
  const shape = [];
  for (let k = 0; k < ndim; k++) {
    const axis = rows.map((row) => row[k]);
    const wanted = wantedLengths(axis);
    if (wanted.length > 1) return { refused: shapeMismatch(shapes, axis) };
    shape.push(wanted[0] ?? 1);
  }
  return { shape };
}

/**
 * NumPy names the first operand with a length of its own, and the first that differs.
 * @param {number[][]} shapes
 * @param {(number | null)[]} axis
 */
function shapeMismatch(shapes, axis) {
  /** @param {number} k */
  const own = (k) => axis[k] !== null && axis[k] !== 1;
  const first = axis.findIndex((_, k) => own(k));
  const other = axis.findIndex((n, k) => own(k) && n !== axis[first]);
  /** @param {number} k */
  const text = (k) =>
    `arg ${k} with shape (${shapes[k].join(", ")}${shapes[k].length === 1 ? "," : ""})`;
  return (
    "ValueError: shape mismatch: objects cannot be broadcast to a single shape.  " +
    `Mismatch is between ${text(first)} and ${text(other)}.`
  );
}

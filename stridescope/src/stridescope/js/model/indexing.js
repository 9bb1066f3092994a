// An index, entry by entry: what each does to offset, length and stride, and what NumPy gives. The mirror of index.py.

import { product, sizeOf, sliceIndices, take } from "./strides.js";
import { plain, signed } from "./value_text.js";

/**
 * @typedef {object} Entry one entry of an index
 * @property {":"|"int"|"slice"|"list"|"mask"|"None"|"…"} kind
 * @property {any} [at] of an int: the number; of a slice: [start, stop, step], null where left out
 * @property {number[]} [shape] of a list or mask
 * @property {number[]} [on] its numbers, in C order; a mask's are 0 and 1
 */

const isPicked = (entry) => entry.kind === "list" || entry.kind === "mask";
const isNewAxis = (entry) => entry.kind === "None" || entry.kind === "…";

/** How many axes of the array an entry takes. @param {Entry} entry */
export const axesTaken = (entry) =>
  isNewAxis(entry) ? 0 : entry.kind === "mask" ? entry.shape.length : 1;

/** Pair each entry with the first axis it takes. @param {Entry[]} entries */
export function withAxes(entries) {
  let axis = 0;
  return entries.map((entry) => {
    const first = axis;
    axis += axesTaken(entry);
    return { entry, axis: first };
  });
}

/** An entry as Python writes it. @param {Entry} entry */
export function entryText(entry) {
  if (entry.kind === "…") return "...";
  if (entry.kind === "slice") {
    const [start, stop, step] = entry.at.map((n) => n ?? "");
    return `${start}:${stop}${step === "" ? "" : `:${step}`}`;
  }
  if (isPicked(entry))
    return nested(
      entry.on.map((n) => (entry.kind === "mask" ? (n ? "True" : "False") : n)),
      entry.shape,
    );
  return entry.kind === "int" ? String(entry.at) : entry.kind;
}

function nested(items, shape) {
  if (shape.length === 1) return `[${items.join(", ")}]`;
  const run = product(shape.slice(1));
  return `[${Array.from({ length: shape[0] }, (_, k) => nested(items.slice(k * run, (k + 1) * run), shape.slice(1))).join(", ")}]`;
}

/** The line that indexes: a[1:, [0, 2]]; full slices at the end are left away. */
export function indexCode(name, entries) {
  const texts = entries.map(entryText);
  while (texts.length > 1 && texts.at(-1) === ":") texts.pop();
  return `${name}[${texts.join(", ") || "()"}]`;
}

/** What an entry does: pairs of word and text for offset, length and stride. */
export function entryEffects(lay, { entry, axis }) {
  const n = lay.shape[axis];
  const st = lay.strides[axis];
  if (entry.kind === "None")
    return [
      ["offset", "+0"],
      ["length", "new: 1"],
      ["stride", "0"],
    ];
  if (entry.kind === "…")
    return [
      ["offset", "+0"],
      ["length", "no axis left"],
      ["stride", "none"],
    ];
  if (isPicked(entry)) {
    const old = lay.shape.slice(axis, axis + axesTaken(entry)).join(" × ");
    const count = entry.kind === "mask" ? entry.on.filter(Boolean).length : entry.shape.join(" × ");
    return [
      ["offset", "no one step"],
      ["length", `${old} → ${count}`],
      ["stride", "its own"],
    ];
  }
  if (entry.kind === "int") {
    return [
      ["offset", `+${entry.at < 0 ? entry.at + n : entry.at}·${plain(st)}`],
      ["length", `${n} → gone`],
      ["stride", "gone"],
    ];
  }
  const { start, step, length } = sliceIndices(sliceOf(entry), n);
  const moved = length && start ? `+${start}·${plain(st)}` : "+0";
  const stride =
    step === 1 ? signed(st) : `${plain(step)}·${plain(st)} = ${signed(step * st || 0)}`;
  return [
    ["offset", moved],
    ["length", length === n ? String(n) : `${n} → ${length}`],
    ["stride", stride],
  ];
}

const sliceOf = ({ kind, at }) =>
  kind === "slice"
    ? { start: at[0], stop: at[1], step: at[2] }
    : { start: null, stop: null, step: null };

/**
 * What NumPy gives for an index.
 * @returns {{kind: "view", layout: object} | {kind: "scalar", byte: number} |
 *   {kind: "copy", shape: number[], strides: number[], reads: () => {from: number, to: number}[]}}
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

/** Lists and masks: axes that lists pick stand slowest in the copy's memory, then the others, longest stride first. */
function gathered(lay, entries) {
  const paired = withAxes(entries);
  const picks = paired.flatMap((pair) => pickers(lay, pair));
  const common = commonShape(picks.map((p) => p.shape));
  for (const p of picks)
    p.steps = p.on.map((i) => withinAxis(i, lay.shape[p.axis], p.axis) * lay.strides[p.axis]);
  const kept = paired
    .filter(({ entry }) => entry.kind === "slice" || entry.kind === ":" || entry.kind === "None")
    .map((pair) => keptAxis(lay, pair));
  const front = paired.findIndex(({ entry }) => isPicked(entry) || entry.kind === "int");
  const back = paired.findLastIndex(({ entry }) => isPicked(entry) || entry.kind === "int");
  const together = paired
    .slice(front, back + 1)
    .every(({ entry }) => isPicked(entry) || entry.kind === "int");
  // Lists with a slice or None between them: NumPy puts their axes first.
  const at = together ? paired.slice(0, front).filter(({ entry }) => entry.kind !== "…").length : 0;
  const shape = [
    ...kept.slice(0, at).map((k) => k.length),
    ...common,
    ...kept.slice(at).map((k) => k.length),
  ];
  const places = [
    ...common.map((_, k) => at + k),
    ...memoryOrder(kept).map((k) => (k < at ? k : k + common.length)),
  ];
  const strides = packedStrides(shape, places, lay.itemsize);
  const reads = () => copyReads({ lay, picks, kept, at, common, shape, strides });
  return { kind: "copy", shape, strides, reads };
}

/** The index arrays of an entry: one for each axis it takes; an int beside a list counts as a list of one. */
function pickers(lay, { entry, axis }) {
  if (entry.kind === "int") return [{ shape: [], on: [entry.at], axis }];
  if (entry.kind === "list") return [{ shape: entry.shape, on: entry.on, axis }];
  if (entry.kind !== "mask") return [];
  entry.shape.forEach((m, k) => {
    if (m !== lay.shape[axis + k])
      throw new RangeError(
        `boolean index did not match indexed array along axis ${axis + k}; size of axis is ${lay.shape[axis + k]} but size of corresponding boolean axis is ${m}`,
      );
  });
  const found = entry.on.flatMap((on, flat) => (on ? [flat] : []));
  return entry.shape.map((m, k) => {
    const run = product(entry.shape.slice(k + 1));
    return {
      shape: [found.length],
      on: found.map((flat) => Math.floor(flat / run) % m),
      axis: axis + k,
    };
  });
}

function withinAxis(i, n, axis) {
  if (i < -n || i >= n)
    throw new RangeError(`index ${i} is out of bounds for axis ${axis} with size ${n}`);
  return i < 0 ? i + n : i;
}

function commonShape(shapes) {
  const ndim = Math.max(...shapes.map((sh) => sh.length));
  return Array.from({ length: ndim }, (_, k) => {
    const lengths = new Set(
      shapes.map((sh) => sh[k - ndim + sh.length] ?? 1).filter((n) => n !== 1),
    );
    if (lengths.size > 1)
      throw new RangeError(
        `shape mismatch: indexing arrays could not be broadcast together with shapes ${shapes
          .filter((sh) => sh.length)
          .map((sh) => `(${sh.join(",")}${sh.length === 1 ? "," : ""})`)
          .join(" ")}`,
      );
    return lengths.size ? [...lengths][0] : 1;
  });
}

function keptAxis(lay, { entry, axis }) {
  if (entry.kind === "None") return { length: 1, start: 0, step: 0 };
  const { start, step, length } = sliceIndices(sliceOf(entry), lay.shape[axis]);
  return { length, start: length ? start * lay.strides[axis] : 0, step: step * lay.strides[axis] };
}

/** Kept axes as they lie in the copy: the longest step of the source slowest. */
function memoryOrder(kept) {
  const size = (k) => (kept[k].length === 1 ? 0 : Math.abs(kept[k].step));
  return kept.map((_, k) => k).sort((a, b) => size(b) - size(a) || a - b);
}

function packedStrides(shape, slowFirst, itemsize) {
  const strides = shape.map(() => 0);
  let step = itemsize;
  for (const k of [...slowFirst].reverse()) {
    strides[k] = step;
    step *= Math.max(shape[k], 1);
  }
  return strides;
}

/** Which byte of the source each element of the copy came from: pairs of first bytes. */
function copyReads({ lay, picks, kept, at, common, shape, strides }) {
  const base = lay.offset + kept.reduce((all, k) => all + k.start, 0);
  return Array.from({ length: sizeOf({ shape }) }, (_, flat) => {
    const index = unravelFlat(flat, shape);
    const picked = index.slice(at, at + common.length);
    const own = [...index.slice(0, at), ...index.slice(at + common.length)];
    const from =
      picks.reduce((all, p) => all + p.steps[flatIndex(picked, p.shape)], base) +
      kept.reduce((all, k, j) => all + own[j] * k.step, 0);
    return { from, to: index.reduce((all, i, k) => all + i * strides[k], 0) };
  });
}

function unravelFlat(flat, shape) {
  const index = [];
  for (const n of [...shape].reverse()) {
    index.unshift(flat % n);
    flat = Math.floor(flat / n);
  }
  return index;
}

/** Place in an index array that is stretched to the common shape. */
function flatIndex(index, shape) {
  return shape.reduce(
    (flat, n, k) => flat * n + (n === 1 ? 0 : index[k + index.length - shape.length]),
    0,
  );
}

// The entries of an index: what each takes, what it does, and how Python writes it. The mirror of
// model/indexing.py.

import { product, sliceIndices } from "./strides.js";
import { plain, signed } from "./value_text.js";

/** @import { Entry, EntryAxis, Fact, Layout, PickedEntry, Slice } from "../types.js" */

/**
 * @param {Entry} entry
 * @returns {entry is PickedEntry}
 */
export const isPicked = (entry) => entry.kind === "list" || entry.kind === "mask";
/** @param {Entry} entry */

const isNewAxis = (entry) => entry.kind === "None" || entry.kind === "…";

/**
 * How many axes of the array an entry takes.
 * @param {Entry} entry
 */
export const axesTaken = (entry) =>
  isNewAxis(entry) ? 0 : entry.kind === "mask" ? entry.shape.length : 1;

/**
 * Pair each entry with the first axis it takes.
 * @param {Entry[]} entries
 * @returns {EntryAxis[]}
 */
export function withAxes(entries) {
  let axis = 0;
  return entries.map((entry) => {
    const first = axis;
    axis += axesTaken(entry);
    return { entry, axis: first };
  });
}

/**
 * An entry as Python writes it.
 * @param {Entry} entry
 * @returns {string}
 */
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

/**
 * @param {(string | number)[]} items
 * @param {number[]} shape
 * @returns {string}
 */
function nested(items, shape) {
  if (shape.length === 1) return `[${items.join(", ")}]`;
  const run = product(shape.slice(1));
  const parts = Array.from({ length: shape[0] }, (_, k) =>
    nested(items.slice(k * run, (k + 1) * run), shape.slice(1)),
  );
  return `[${parts.join(", ")}]`;
}

/**
 * The line that indexes: a[1:, [0, 2]]; full slices at the end are left out.
 * @param {string} name
 * @param {Entry[]} entries
 */
export function indexCode(name, entries) {
  const texts = entries.map(entryText);
  while (texts.length > 1 && texts.at(-1) === ":") texts.pop();
  return `${name}[${texts.join(", ") || "()"}]`;
}

/**
 * What an entry does to offset, length and stride.
 * @param {Layout} lay
 * @param {EntryAxis} pair
 * @returns {Fact[]}
 * @param {boolean} isCopy whether the result has strides of its own
 */
export function entryEffects(lay, { entry, axis }, isCopy) {
  const n = lay.shape[axis];
  const st = lay.strides[axis];
  if (entry.kind === "None")
    return [
      ["offset", "+0"],
      ["length", "new: 1"],
      ["stride", isCopy ? "its own" : "0"],
    ];
  if (entry.kind === "…")
    return [
      ["offset", "+0"],
      ["length", "no axis left"],
      ["stride", "none"],
    ];
  if (isPicked(entry)) {
    const old = lay.shape.slice(axis, axis + axesTaken(entry)).join(" × ");
    const isMask = entry.kind === "mask";
    const count = isMask ? entry.on.filter(Boolean).length : entry.shape.join(" × ");
    return [
      ["offset", "copied"],
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

/**
 * @param {Entry} entry
 * @returns {Slice}
 */
export const sliceOf = (entry) =>
  entry.kind === "slice"
    ? { start: entry.at[0], stop: entry.at[1], step: entry.at[2] }
    : { start: null, stop: null, step: null };

/** Most entries of a mask. */
const MOST_MASKED = 4096;
/** @type {Entry["kind"][]} */
const KIND_ORDER = [":", "int", "slice", "list", "mask"];

/**
 * A telling entry of the kind that follows: `:` → int → slice → list → mask → `:`.
 * @param {Entry["kind"]} kind
 * @param {number} n length of the axis
 * @returns {Entry}
 */
export function nextEntry(kind, n) {
  // A mask has an entry for each index: none is made for a long axis.
  const kinds = n > MOST_MASKED ? KIND_ORDER.slice(0, -1) : KIND_ORDER;
  return tellingEntry(kinds[(kinds.indexOf(kind) + 1) % kinds.length], n);
}

/**
 * @param {Entry["kind"]} kind
 * @param {number} n length of the axis
 * @returns {Entry}
 */
function tellingEntry(kind, n) {
  if (kind === "int" && n) return { kind, at: Math.min(1, n - 1) };
  if (kind === "int" || kind === "slice")
    return { kind: "slice", at: [Math.min(1, n), null, null] };
  if (kind === "list" && n) {
    const on = n > 2 ? [0, 2] : [0];
    return { kind, shape: [on.length], on };
  }
  if (kind === "list" || kind === "mask") {
    const on = Array.from({ length: n }, (_, i) => Number(i % 2 === 0));
    return { kind: "mask", shape: [n], on };
  }
  return { kind: ":" };
}

// `why` live: one chip for each entry of the index; its kind and numbers can be changed.

import { button } from "../controls/buttons.js";
import { entryEditor } from "../controls/index_editor.js";
import { linkKey, readLink, writeLink } from "../controls/link.js";
import { readStrip, showVerdict, stripOf, visitedStrip } from "../drawing/array_strip.js";
import { clear, h } from "../drawing/dom.js";
import {
  axesTaken,
  entryEffects,
  entryText,
  indexCode,
  isPicked,
  nextEntry,
  withAxes,
} from "../model/index_entries.js";
import { indexed } from "../model/indexing.js";
import { parseEntries } from "../model/parse_index.js";
import { BANDS, huesOf } from "../model/reading_rows.js";
import { product } from "../model/strides.js";
import { tuple } from "../model/value_text.js";
import { pickedNumerals } from "../model/visit_order.js";

/** @import { CopiedElement, Entry, EntryAxis, HuesAt, Indexed, Layout } from "../types.js" */
/** @import { ReadBox, View, WhyState } from "../types.js" */

/** Most elements of a copy that are drawn. */
const MOST_COPIED = 4096;
/** Longest text of a chip. */
const CHIP_ROOM = 18;

/** @type {Record<string, string>} */
const KIND_WORDS = { ":": "all", None: "new axis", "…": "keeps an array" };

/** @typedef {Indexed | {kind: "error", text: string}} Outcome */

/** @typedef {{root: HTMLElement, name: HTMLElement, effects: HTMLElement}} Chip */

/**
 * @typedef {object} Why
 * @property {View} view
 * @property {WhyState} state
 * @property {ReadBox} valueAt
 * @property {Entry[]} entries
 * @property {Chip[]} chips
 * @property {HTMLElement} line
 * @property {HTMLElement} list
 * @property {HTMLElement} strips
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {WhyState} state
 * @param {Uint8Array} data
 */
export function mountWhy(view, state, data) {
  const key = linkKey(state);
  const list = h("ol", { class: "ss-chips" });
  const parts = { list, line: h("p", { class: "ss-sum" }), strips: h("div", {}) };
  /** @type {Why} */
  const me = { view, state, valueAt: readStrip(state, data), entries: [], chips: [], ...parts };
  view.picture.append(me.line, me.list, me.strips);
  const add = button("Add None", () => {
    me.entries.push({ kind: "None" });
    rebuildChips(me, me.entries.length - 1);
  });
  view.controls.append(add);
  /** @param {Entry[]} entries */
  const start = (entries) => {
    me.entries = entries;
    rebuildChips(me);
  };
  view.actions({
    numpy: () => indexCode(state.name, me.entries),
    link: () => writeLink("why", key, me.entries.map(entryText).join(";").replaceAll(" ", "")),
    reset: () => start(structuredClone(state.index)),
  });
  view.onResize(() => updateWhy(me));
  start(parseEntries(readLink("why", key), state.layout) ?? structuredClone(state.index));
}

/**
 * Make all chips again, and give the focus to the chip at `at`.
 * @param {Why} me
 * @param {number | null} at
 */
function rebuildChips(me, at = null) {
  me.chips = withAxes(me.entries).map((pair, k) => chipOf(me, pair, k));
  me.list.replaceChildren(...me.chips.map(({ root }) => root));
  updateWhy(me);
  if (at !== null) me.chips[Math.min(at, me.chips.length - 1)]?.name.focus();
}

/**
 * A chip: its text, which is a button that changes the kind; its effects; what edits it.
 * @param {Why} me
 * @param {EntryAxis} pair
 * @param {number} k
 * @returns {Chip}
 */
function chipOf(me, { entry, axis }, k) {
  const onClick = () => changeKind(me, k);
  const name = h("button", { type: "button", class: "ss-btn ss-chips-kind", onClick });
  const place = h("small", {}, axisWords(entry, axis));
  const effects = h("dl", {});
  const editor = entryEditor(entry, axis, me.state.layout.shape[axis], {
    change: () => updateWhy(me),
    remove: () => {
      me.entries.splice(k, 1);
      rebuildChips(me, Math.max(0, k - 1));
    },
  });
  const cls = `ss-chips-${isPicked(entry) ? "copy" : "view"}`;
  return { root: h("li", { class: cls }, name, place, effects, editor), name, effects };
}

/**
 * @param {Entry} entry
 * @param {number} axis
 */
function axisWords(entry, axis) {
  const n = axesTaken(entry);
  const kind = KIND_WORDS[entry.kind] ?? entry.kind;
  if (!n) return kind;
  return `${n > 1 ? `axes ${axis} to ${axis + n - 1}` : `axis ${axis}`}, ${kind}`;
}

/**
 * Change the kind: `:` → int → slice → list → mask → `:`. A mask over several axes falls apart into
 * full slices; None moves.
 * @param {Why} me
 * @param {number} k
 */
function changeKind(me, k) {
  const { entry, axis } = withAxes(me.entries)[k];
  if (entry.kind === "None" || entry.kind === "…") {
    me.entries.splice(k, 1);
    me.entries.splice(k === 0 ? me.entries.length : k - 1, 0, entry);
    rebuildChips(me, me.entries.indexOf(entry));
    return;
  }
  const taken = axesTaken(entry);
  if (taken === 1) me.entries[k] = nextEntry(entry.kind, me.state.layout.shape[axis]);
  else me.entries.splice(k, 1, ...Array.from({ length: taken }, fullSlice));
  rebuildChips(me, k);
}

/** @returns {Entry} */
const fullSlice = () => ({ kind: ":" });

/**
 * Say what each entry does, view or copy, and draw the bytes.
 * @param {Why} me
 */
function updateWhy(me) {
  const { state, view } = me;
  withAxes(me.entries).forEach((pair, k) => {
    showChip(me, pair, me.chips[k]);
  });
  const outcome = outcomeOf(me);
  const before = view.root.dataset.verdict;
  const line = indexCode(state.name, me.entries);
  showVerdict(me, line, outcome.kind, verdictWords(me, outcome));
  drawOutcome(me, outcome, before);
}

/**
 * @param {Why} me
 * @param {EntryAxis} pair
 * @param {Chip} chip
 */
function showChip(me, pair, { name, effects }) {
  const { entry, axis } = pair;
  const text = entryText(entry);
  const what = entry.kind === "None" ? "Move" : "Change kind";
  name.textContent = text.length > CHIP_ROOM ? entry.kind : text;
  name.setAttribute("aria-label", `${text}, ${axisWords(entry, axis)}. ${what}`);
  const items = entryEffects(me.state.layout, pair, me.entries.some(isPicked)).map(
    ([word, value]) => h("div", {}, h("dt", {}, word), h("dd", {}, value)),
  );
  effects.replaceChildren(...items);
}

/**
 * @param {Why} me
 * @returns {Outcome}
 */
function outcomeOf({ state, entries }) {
  try {
    return indexed(state.layout, entries);
  } catch (error) {
    return { kind: "error", text: `IndexError: ${/** @type {Error} */ (error).message}` };
  }
}

/**
 * " is a view: offset 40, shape …"
 * @param {Why} me
 * @param {Outcome} outcome
 */
function verdictWords(me, outcome) {
  if (outcome.kind === "error") return ` is refused. ${outcome.text}`;
  if (outcome.kind === "scalar") {
    const value = me.valueAt(outcome.byte);
    return ` is a scalar, a copy of the value ${value} at byte ${outcome.byte}.`;
  }
  if (outcome.kind === "view") {
    const { offset, shape, strides } = outcome.layout;
    return ` is a view: offset ${offset}, shape ${tuple(shape)}, strides ${tuple(strides)}.`;
  }
  const first = me.entries.findIndex(isPicked);
  const hasInt = me.entries.some((entry) => entry.kind === "int");
  const more = hasInt ? " Next to it, an integer counts as a list of one." : "";
  return (
    ` is a copy: shape ${tuple(outcome.shape)}, strides ${tuple(outcome.strides)}, ` +
    `bytes of its own. Entry ${first} is a ${me.entries[first].kind}.${more}`
  );
}

/**
 * The hues of the elements that are picked: those of the rows of the copy that they go to.
 * @param {Layout} own
 * @param {CopiedElement[]} reads
 * @returns {HuesAt}
 */
function pickedHues(own, reads) {
  const hues = huesOf(own);
  /** @type {Map<number, Set<number>>} */
  const picked = new Map();
  for (const { from, to } of reads)
    picked.set(from, new Set([...(picked.get(from) ?? []), ...hues(to)]));
  return (byte) => [...(picked.get(byte) ?? [])].slice(0, BANDS);
}

/** @param {string} text */
const stripHead = (text) => h("p", { class: "ss-head" }, text);

/**
 * The owner's strip, boxed where the result reads it; under it the copy's own strip.
 * @param {Why} me
 * @param {Outcome} outcome
 * @param {string} [before] what the result was
 */
function drawOutcome(me, outcome, before) {
  const { state, valueAt, strips } = me;
  const width = me.view.width();
  clear(strips);
  if (outcome.kind === "scalar") {
    const { itemsize } = state.layout;
    const scalar = { offset: outcome.byte, shape: [], strides: [], itemsize };
    strips.append(
      stripHead(`The bytes of ${state.name}, with a box at the value`),
      stripOf(state, scalar, "the value", width, valueAt),
    );
  }
  if (outcome.kind === "view") {
    const { layout } = outcome;
    const label = "the view, numbered in reading order";
    const lane = { name: "the view", label, layout, solid: false, isNew: Boolean(before) };
    strips.append(
      stripHead(`The bytes of ${state.name}, with boxes at the view`),
      visitedStrip(state, layout, lane, width, valueAt),
    );
  }
  if (outcome.kind !== "copy") return;
  const size = product(outcome.shape);
  if (size <= MOST_COPIED) drawCopy(me, outcome, before);
  else
    strips.append(
      h("p", {}, `A copy of ${size.toLocaleString("en")} elements: too many to draw here.`),
    );
}

/**
 * The owner's bytes, numbered as they are picked; under them the copy's own.
 * @param {Why} me
 * @param {Extract<Indexed, {kind: "copy"}>} copy
 * @param {string} [before] what the result was
 */
function drawCopy({ state, valueAt, strips, view }, { shape, strides, ...copy }, before) {
  const reads = copy.reads();
  const { layout } = state;
  const width = view.width();
  /** @type {Map<number, number>} */
  const times = new Map();
  for (const { from } of reads) times.set(from, (times.get(from) ?? 0) + 1);
  const own = { offset: 0, shape, strides, itemsize: layout.itemsize };
  const picks = { name: "picked", label: "selected in this order", layout, solid: false };
  const owner = visitedStrip(state, layout, picks, width, valueAt, {
    times: (byte) => times.get(byte) ?? 0,
    hues: pickedHues(own, reads),
    numerals: (room) => pickedNumerals(own, reads, room),
  });
  strips.append(
    stripHead(`The bytes of ${state.name}, with boxes at the selected elements`),
    owner,
  );
  const nbytes = product(shape) * layout.itemsize;
  const place = h(
    "div",
    { class: before && before !== "copy" ? "ss-new" : "" },
    stripHead(`A second owner: the copy, ${nbytes} bytes`),
  );
  const sources = new Map(reads.map(({ from, to }) => [to, from]));
  /** @type {ReadBox} */
  const copied = (byte) => {
    const from = sources.get(byte);
    return from === undefined ? "·" : valueAt(from);
  };
  const label = "the copy, numbered in reading order";
  const lane = { name: "the copy", label, layout: own, solid: true };
  if (nbytes) place.append(visitedStrip({ nbytes }, own, lane, width, copied));
  strips.append(place);
}

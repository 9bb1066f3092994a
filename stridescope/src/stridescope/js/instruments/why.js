// `why` live: one chip for each entry of the index; its kind and numbers can be changed.

import { linkKey, readLink, writeLink } from "../controls/link.js";
import { readStrip, showVerdict, stripOf, visitedStrip } from "../drawing/array_strip.js";
import { button, clear, h, stepper } from "../drawing/dom.js";
import { pickedNumerals } from "../drawing/visit_lanes.js";
import { axesTaken, entryEffects, entryText, indexCode, withAxes } from "../model/index_entries.js";
import { indexed } from "../model/indexing.js";
import { product } from "../model/strides.js";
import { tuple } from "../model/value_text.js";

const WHY_KINDS = [":", "int", "slice", "list", "mask"];
const WHY_MOST = 4096;
const WHY_TOUCHED = 16;

/** Mount the instrument. @param {any} view the frame @param {any} state @param {Uint8Array} data */
export function mountWhy(view, state, data) {
  const key = linkKey(state);
  const lay = state.layout;
  const me = { view, state, lay, valueAt: readStrip(state, data), entries: [], parts: [] };
  me.chips = h("ol", { class: "ss-chips" });
  me.line = h("p", { class: "ss-sum" });
  me.strips = h("div", {});
  view.picture.append(me.line, me.chips, me.strips);
  const add = button("Add None", () => {
    me.entries.push({ kind: "None" });
    rebuildChips(me, me.entries.length - 1);
  });
  view.controls.append(add);
  const start = () => {
    me.entries = structuredClone(state.index);
    rebuildChips(me);
  };
  view.actions({
    numpy: () => indexCode(state.name, me.entries),
    link: () => writeLink("why", key, me.entries.map(entryText).join(";").replaceAll(" ", "")),
    reset: start,
  });
  view.onResize(() => updateWhy(me));
  const linked = readEntries(readLink("why", key), lay);
  if (linked) {
    me.entries = linked;
    rebuildChips(me);
  } else start();
}

/** Make all chips again, and give the focus to the chip at `at`. */
function rebuildChips(me, at = null) {
  me.parts = withAxes(me.entries).map((pair, k) => chipOf(me, pair, k));
  me.chips.replaceChildren(...me.parts.map((part) => part.root));
  updateWhy(me);
  if (at !== null) me.parts[Math.min(at, me.parts.length - 1)]?.name.focus();
}

/** A chip: its text, which is a button that changes the kind; its effects; what edits it. */
function chipOf(me, { entry, axis }, k) {
  const name = h("button", {
    type: "button",
    class: "ss-btn ss-chips-kind",
    onClick: () => nextKind(me, k),
  });
  const where = h("small", {}, whereWords(entry, axis));
  const effects = h("dl", {});
  const root = h(
    "li",
    { class: `ss-chips-${entry.kind === "list" || entry.kind === "mask" ? "copy" : "view"}` },
    name,
    where,
    effects,
    editorOf(me, entry, axis, k),
  );
  return { root, name, effects };
}

function whereWords(entry, axis) {
  const n = axesTaken(entry);
  const kind = { ":": "all", None: "new axis", "…": "keeps an array" }[entry.kind] ?? entry.kind;
  return n ? `${n > 1 ? `axes ${axis} to ${axis + n - 1}` : `axis ${axis}`}, ${kind}` : kind;
}

/** Change the kind: `:` → int → slice → list → mask → `:`. A mask over several axes falls apart; None moves. */
function nextKind(me, k) {
  const entry = me.entries[k];
  const { axis } = withAxes(me.entries)[k];
  const n = me.lay.shape[axis];
  if (entry.kind === "None" || entry.kind === "…") {
    me.entries.splice(k, 1);
    me.entries.splice(k === 0 ? me.entries.length : k - 1, 0, entry);
    return rebuildChips(me, me.entries.indexOf(entry));
  }
  if (axesTaken(entry) !== 1) me.entries.splice(k, 1, ...entry.shape.map(() => ({ kind: ":" })));
  // A mask has an entry for each index: none is made for an axis too long to hold here.
  const kinds = n > WHY_MOST ? WHY_KINDS.slice(0, -1) : WHY_KINDS;
  if (axesTaken(entry) === 1)
    me.entries[k] = freshEntry(kinds[(kinds.indexOf(entry.kind) + 1) % kinds.length], n);
  return rebuildChips(me, k);
}

/** A telling entry of a kind, for an axis of length n. */
function freshEntry(kind, n) {
  if (kind === "int") return n ? { kind, at: Math.min(1, n - 1) } : freshEntry("slice", n);
  if (kind === "slice") return { kind, at: [Math.min(1, n), null, null] };
  if (kind === "list")
    return n ? { kind, shape: [n > 2 ? 2 : 1], on: n > 2 ? [0, 2] : [0] } : freshEntry("mask", n);
  if (kind === "mask")
    return { kind, shape: [n], on: Array.from({ length: n }, (_, i) => Number(i % 2 === 0)) };
  return { kind };
}

/** What edits an entry: a stepper, three, or a button for each index. */
function editorOf(me, entry, axis, k) {
  const n = me.lay.shape[axis];
  const change = (fn) => (value) => {
    const no = fn(value);
    if (!no) updateWhy(me);
    return no;
  };
  if (entry.kind === "int") {
    return stepper(
      `Index on axis ${axis}`,
      entry.at,
      1,
      change((i) => {
        if (i < -n || i >= n)
          return `IndexError: index ${i} is out of bounds for axis ${axis} with size ${n}`;
        entry.at = i;
        return "";
      }),
    );
  }
  if (entry.kind === "slice")
    return h(
      "div",
      { class: "ss-chips-slice" },
      ["start", "stop", "step"].map((word, j) => sliceStepper(word, entry, j, n, axis, change)),
    );
  if (entry.kind === "list" || entry.kind === "mask") return touchBoxes(me, entry, axis, k);
  if (entry.kind !== "None" && entry.kind !== "…") return null;
  return button("Remove", () => {
    me.entries.splice(k, 1);
    rebuildChips(me, Math.max(0, k - 1));
  });
}

/** A stepper for start, stop or step; a value that is the default is left out of the text. */
function sliceStepper(word, entry, j, n, axis, change) {
  const usual = () => {
    const back = (entry.at[2] ?? 1) < 0;
    return [back ? n - 1 : 0, back ? -n - 1 : n, 1][j];
  };
  const edit = stepper(
    `${word} on axis ${axis}`,
    entry.at[j] ?? usual(),
    1,
    change((value) => {
      if (j === 2 && value === 0) return "ValueError: slice step cannot be zero";
      entry.at[j] = value === usual() ? null : value;
      return "";
    }),
  );
  return h("div", { class: "ss-chips-edit" }, h("small", {}, word), edit);
}

/** One button for each index: a list takes them in the order of touching, a mask switches them. */
function touchBoxes(me, entry, axis) {
  const mask = entry.kind === "mask";
  const count = mask ? product(entry.shape) : me.lay.shape[axis];
  if (!mask && entry.shape.length > 1) return null;
  const row = h("div", {
    class: "ss-chips-boxes",
    role: "group",
    "aria-label": `${entry.kind} on axis ${axis}`,
  });
  const isOn = (i) => (mask ? Boolean(entry.on[i]) : entry.on.includes(i));
  const boxes = Array.from({ length: Math.min(count, WHY_TOUCHED) }, (_, i) => {
    const box = button(mask ? "" : String(i), () => {
      if (mask) entry.on[i] = Number(!entry.on[i]);
      else entry.on = isOn(i) ? entry.on.filter((j) => j !== i) : [...entry.on, i];
      entry.shape = mask ? entry.shape : [entry.on.length];
      show(box, i);
      updateWhy(me);
    });
    return show(box, i);
  });
  function show(box, i) {
    box.setAttribute("aria-pressed", isOn(i));
    if (mask) {
      box.textContent = isOn(i) ? "T" : "F";
      box.setAttribute("aria-label", `${i}: ${isOn(i)}`);
    }
    return box;
  }
  const wide = mask && entry.shape.length > 1 ? entry.shape.at(-1) : 0;
  if (wide) row.style.cssText = `display:grid;grid-template-columns:repeat(${wide},44px)`;
  row.append(
    ...boxes,
    count > WHY_TOUCHED
      ? h("small", {}, `the first ${WHY_TOUCHED} of ${count.toLocaleString("en")}`)
      : "",
  );
  return row;
}

/** Say what each entry does, view or copy, and draw the bytes. */
function updateWhy(me) {
  const { lay, state } = me;
  const line = indexCode(state.name, me.entries);
  withAxes(me.entries).forEach((pair, k) => {
    const text = entryText(pair.entry);
    const { name, effects } = me.parts[k];
    name.textContent = text.length > 18 ? pair.entry.kind : text;
    name.setAttribute(
      "aria-label",
      `${text}, ${whereWords(pair.entry, pair.axis)}. ${pair.entry.kind === "None" ? "Move" : "Change kind"}`,
    );
    effects.replaceChildren(
      ...entryEffects(lay, pair).map(([word, value]) =>
        h("div", {}, h("dt", {}, word), h("dd", {}, value)),
      ),
    );
  });
  let found;
  try {
    found = indexed(lay, me.entries);
  } catch (error) {
    found = { kind: "error", text: `IndexError: ${error.message}` };
  }
  const before = me.view.root.dataset.verdict;
  showVerdict(me, line, found.kind, whyVerdict(me, found));
  drawWhy(me, found, Boolean(before) && before !== found.kind);
}

/** " is a view: offset 40, shape …" */
function whyVerdict(me, found) {
  if (found.kind === "error") return ` is refused. ${found.text}`;
  if (found.kind === "scalar")
    return ` is a scalar, a copy of the value ${me.valueAt(found.byte)} at byte ${found.byte}.`;
  if (found.kind === "view") {
    const { offset, shape, strides } = found.layout;
    return ` is a view: offset ${offset}, shape ${tuple(shape)}, strides ${tuple(strides)}.`;
  }
  const first = me.entries.findIndex((e) => e.kind === "list" || e.kind === "mask");
  const beside = me.entries.some((e) => e.kind === "int");
  const more = beside ? " Beside it an integer counts as a list of one." : "";
  return ` is a copy: shape ${tuple(found.shape)}, strides ${tuple(found.strides)}, bytes of its own. Entry ${first} is a ${me.entries[first].kind}.${more}`;
}

/** The owner's strip, boxed where the result reads it; under it the copy's own strip, which moves in if it is new. */
function drawWhy(me, found, changed) {
  const { state, lay, valueAt } = me;
  const width = me.view.width();
  const size = found.shape ? product(found.shape) : 0;
  clear(me.strips);
  if (found.kind === "error") return;
  const head = (text) => h("p", { class: "ss-head" }, text);
  if (found.kind === "scalar") {
    me.strips.append(
      head(`The bytes of ${state.name}, boxed where the value lies`),
      stripOf(
        state,
        { ...lay, shape: [], strides: [], offset: found.byte },
        "the value",
        width,
        valueAt,
      ),
    );
    return;
  }
  if (found.kind === "view") {
    const lane = {
      name: "the view",
      label: "the view, numbered as it reads",
      layout: found.layout,
      solid: false,
    };
    me.strips.append(
      head(`The bytes of ${state.name}, boxed where the view lies`),
      visitedStrip(state, found.layout, lane, width, valueAt),
    );
    return;
  }
  if (size > WHY_MOST) {
    me.strips.append(
      h("p", {}, `A copy of ${size.toLocaleString("en")} elements: too many to draw here.`),
    );
    return;
  }
  drawCopy(me, found, head, changed);
}

/** The owner's bytes, numbered as they are picked; under them the copy's own. */
function drawCopy({ state, lay, valueAt, strips, view }, found, head, changed) {
  const reads = found.reads();
  const times = new Map();
  const width = view.width();
  const bytes = product(found.shape) * lay.itemsize;
  for (const { from } of reads) times.set(from, (times.get(from) ?? 0) + 1);
  const own = { offset: 0, shape: found.shape, strides: found.strides, itemsize: lay.itemsize };
  const picks = {
    name: "picked",
    label: "picked in this order",
    layout: lay,
    picked: (room) => pickedNumerals(own, reads, room),
  };
  strips.append(
    head(`The bytes of ${state.name}, boxed where elements are picked`),
    visitedStrip(state, lay, picks, width, valueAt, (byte) => times.get(byte) ?? 0),
  );
  const from = new Map(reads.map((r) => [r.to, r.from]));
  const copy = h(
    "div",
    { class: changed ? "ss-chips-new" : "" },
    head(`A second owner: the copy, ${bytes} bytes`),
  );
  const lane = {
    name: "the copy",
    label: "the copy, numbered as it reads",
    layout: own,
    solid: true,
  };
  if (bytes)
    copy.append(
      visitedStrip({ nbytes: bytes }, own, lane, width, (byte) =>
        from.has(byte) ? valueAt(from.get(byte)) : "·",
      ),
    );
  strips.append(copy);
}

/** Entries from a link's text, "1:;[0,2];None"; null if it is broken or does not fit the array. */
function readEntries(text, lay) {
  if (text === null) return null;
  const entries = text.split(";").map(readEntry);
  if (
    entries.includes(null) ||
    entries.reduce((all, e) => all + axesTaken(e), 0) !== lay.shape.length
  )
    return null;
  try {
    indexed(lay, entries);
  } catch {
    return null;
  }
  return entries;
}

function readEntry(text) {
  const whole = (part) => (part === "" ? null : Number(part));
  const slice = /^(-?\d{1,15}|):(-?\d{1,15}|)(?::(-?\d{1,15}|))?$/.exec(text);
  if (text === ":" || text === "None") return { kind: text };
  if (text === "...") return { kind: "…" };
  if (/^-?\d{1,15}$/.test(text)) return { kind: "int", at: Number(text) };
  if (slice)
    return Number(slice[3]) === 0 && slice[3]
      ? null
      : { kind: "slice", at: [slice[1], slice[2], slice[3] ?? ""].map(whole) };
  try {
    return readPicked(JSON.parse(text.replaceAll("True", "true").replaceAll("False", "false")));
  } catch {
    return null;
  }
}

/** A nested list of numbers or truth values as an entry; null if it is ragged or mixed. */
function readPicked(value) {
  const shape = [];
  const on = [value].flat(Infinity);
  for (let at = value; Array.isArray(at); at = at[0]) shape.push(at.length);
  const kind = typeof on[0] === "boolean" ? "mask" : "list";
  const even = on.every((n) =>
    kind === "mask" ? typeof n === "boolean" : Number.isSafeInteger(n),
  );
  return shape.length && even && isRegular(value, shape)
    ? { kind, shape, on: on.map(Number) }
    : null;
}

/** Whether nested lists have this shape all through. */
function isRegular(value, [n, ...rest]) {
  return n === undefined
    ? !Array.isArray(value)
    : Array.isArray(value) && value.length === n && value.every((one) => isRegular(one, rest));
}

// What edits one entry of an index: steppers, or a button for each index.

import { h } from "../drawing/dom.js";
import { product } from "../model/strides.js";
import { button } from "./buttons.js";
import { stepper } from "./stepper.js";

/** @import { Entry, PickedEntry, SliceEnds } from "../types.js" */

/** Most indices that have a button. */
const MOST_BOXES = 16;
const BOX_W = 44;
const SLICE_PARTS = /** @type {const} */ (["start", "stop", "step"]);

/**
 * The editor of an entry; null if there is nothing to edit.
 * @param {Entry} entry is changed in place
 * @param {number} axis
 * @param {number} n length of the axis
 * @param {{change: () => void, remove: () => void}} on
 */
export function entryEditor(entry, axis, n, { change, remove }) {
  switch (entry.kind) {
    case "int":
      return integerEditor(entry, axis, n, change);
    case "slice":
      return sliceEditor(entry.at, axis, n, change);
    case "list":
    case "mask":
      return pickEditor(entry, axis, n, change);
    case ":":
      return null;
    default:
      return button("Remove", remove);
  }
}

/**
 * @param {{at: number}} entry
 * @param {number} axis
 * @param {number} n
 * @param {() => void} change
 */
const integerEditor = (entry, axis, n, change) =>
  stepper(`Index on axis ${axis}`, entry.at, 1, (i) => {
    if (i < -n || i >= n)
      return `IndexError: index ${i} is out of bounds for axis ${axis} with size ${n}`;
    entry.at = i;
    return change();
  });

/**
 * Steppers for start, stop and step; a value that is the default is left out of the text.
 * @param {SliceEnds} ends
 * @param {number} axis
 * @param {number} n
 * @param {() => void} change
 */
function sliceEditor(ends, axis, n, change) {
  const defaults = () => {
    const isBackward = (ends[2] ?? 1) < 0;
    return [isBackward ? n - 1 : 0, isBackward ? -n - 1 : n, 1];
  };
  const parts = SLICE_PARTS.map((word, j) => {
    const edit = stepper(`${word} on axis ${axis}`, ends[j] ?? defaults()[j], 1, (value) => {
      if (word === "step" && value === 0) return "ValueError: slice step cannot be zero";
      ends[j] = value === defaults()[j] ? null : value;
      return change();
    });
    return h("div", { class: "ss-chips-edit" }, h("small", {}, word), edit);
  });
  return h("div", { class: "ss-chips-slice" }, parts);
}

/**
 * One button for each index: a list takes them in the order of touching, a mask switches them.
 * @param {PickedEntry} entry
 * @param {number} axis
 * @param {number} n
 * @param {() => void} change
 */
function pickEditor(entry, axis, n, change) {
  const isMask = entry.kind === "mask";
  if (!isMask && entry.shape.length > 1) return null;
  const count = isMask ? product(entry.shape) : n;
  const name = { role: "group", "aria-label": `${entry.kind} on axis ${axis}` };
  const row = h("div", { class: "ss-chips-boxes", ...name });
  const boxes = Array.from({ length: Math.min(count, MOST_BOXES) }, (_, i) => {
    const box = button(isMask ? "" : String(i), () => {
      togglePick(entry, i);
      showPick(box, entry, i);
      change();
    });
    showPick(box, entry, i);
    return box;
  });
  const columns = isMask && entry.shape.length > 1 ? entry.shape.at(-1) : 0;
  if (columns)
    row.style.cssText = `display:grid;grid-template-columns:repeat(${columns},${BOX_W}px)`;
  row.append(...boxes);
  if (count > MOST_BOXES) {
    const words = `the first ${MOST_BOXES} of ${count.toLocaleString("en")}`;
    row.append(h("small", {}, words));
  }
  return row;
}

/**
 * @param {PickedEntry} entry
 * @param {number} i
 */
const isPickedAt = ({ kind, on }, i) => (kind === "mask" ? Boolean(on[i]) : on.includes(i));

/**
 * @param {PickedEntry} entry
 * @param {number} i
 */
function togglePick(entry, i) {
  const isOn = isPickedAt(entry, i);
  if (entry.kind === "mask") entry.on[i] = Number(!isOn);
  else {
    entry.on = isOn ? entry.on.filter((j) => j !== i) : [...entry.on, i];
    entry.shape = [entry.on.length];
  }
}

/**
 * @param {HTMLElement} box
 * @param {PickedEntry} entry
 * @param {number} i
 */
function showPick(box, entry, i) {
  const isOn = isPickedAt(entry, i);
  box.setAttribute("aria-pressed", String(isOn));
  if (entry.kind !== "mask") return;
  box.textContent = isOn ? "T" : "F";
  box.setAttribute("aria-label", `${i}: ${isOn}`);
}

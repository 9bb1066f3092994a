// The bytes of an array as a strip, read by a layout: what `why`, `why_reshape` and `broadcast` draw.

import { timesRead } from "../model/byte_lookup.js";
import { extent, isAligned, sizeOf } from "../model/strides.js";
import { hexReader, valueReader } from "../model/value_text.js";
import { h } from "./dom.js";
import { drawStrip } from "./strip.js";
import { LANE_H, drawLane, drawOwner } from "./visit_lanes.js";

/** A function from a box's byte to its text. @param {any} state as snapshot.py makes it @param {Uint8Array} data */
export function readStrip(state, data) {
  if (!state.dtype) return (byte) => (byte >= 0 && byte < state.nbytes ? "·" : "?");
  const values = valueReader(state.dtype, data, state);
  const hex = hexReader(data, state);
  return (byte, unit = state.dtype.itemsize) =>
    unit === state.dtype.itemsize ? values(byte) : hex(byte);
}

/** Say what becomes of a line of code: the line with one word (view, copy …) above the picture, the whole sentence below. */
export function showVerdict({ view, line }, code, verdict, words) {
  line.replaceChildren(
    h("code", {}, code),
    h("b", {}, ` ${verdict === "error" ? "refused" : verdict}`),
  );
  view.root.dataset.verdict = verdict;
  view.say(code + words);
}

/**
 * A strip of an owner's bytes, boxed where `layout` reads them, in a box that scrolls where it is wide.
 * @param {any} state nbytes and owns @param {any} layout @param {string} name of the lane
 * @param {number} width room, px @param {(byte: number, unit?: number) => string} valueAt
 * @param {(byte: number) => number|null} [times] how often a box is read; by the layout if left out
 * @param {object[]} [arcs] steps above the boxes
 */
export function stripOf(state, layout, name, width, valueAt, times, arcs = []) {
  const bytes = bytesRead(state, layout, name, times, arcs);
  const lanes = sizeOf(layout) ? [{ name, layout, solid: Boolean(state.owns && !times) }] : [];
  return drawStrip(bytes, lanes, arcs, null, width, (byte) => valueAt(byte, bytes.unit)).svg;
}

/**
 * A strip of an owner's bytes with one lane under it, whose numerals count the steps in which elements are read.
 * @param {any} lane as `drawLane` takes it; its `picked` may be a function of the room for a numeral, px
 */
export function visitedStrip(state, layout, lane, width, valueAt, times) {
  const bytes = { ...bytesRead(state, layout, lane.name, times, []), below: 30 + LANE_H };
  const strip = drawStrip(bytes, [], [], null, width, (byte) => valueAt(byte, bytes.unit));
  if (!lane.solid) drawOwner(strip);
  drawLane(strip, { ...lane, picked: lane.picked?.(layout.itemsize * strip.u) }, 0);
  return strip.svg;
}

/** What `drawStrip` needs of a layout's bytes. */
function bytesRead(state, layout, name, times, arcs) {
  const aligned = isAligned(layout) && layout.itemsize > 0;
  const unit = aligned ? layout.itemsize : 1;
  const [low, high] = extent(layout);
  const phase = ((layout.offset % unit) + unit) % unit;
  const count =
    times ?? ((byte) => (aligned ? timesRead(layout, byte) : timesTouched(layout, byte)));
  const wanted = arcs.flatMap((arc) => [arc.start, arc.stop]);
  return {
    nbytes: state.nbytes,
    unit,
    phase,
    low,
    high,
    times: count,
    wanted: [...wanted, layout.offset],
    offset: arcs.length ? null : layout.offset,
    label: `Bytes read by ${name}`,
  };
}

/** How many elements touch a byte, where elements overlap in part. */
function timesTouched(layout, byte) {
  let found = 0;
  for (let start = byte - layout.itemsize + 1; start <= byte; start++) {
    const n = timesRead(layout, start);
    if (n === null) return null;
    found += n;
  }
  return found;
}

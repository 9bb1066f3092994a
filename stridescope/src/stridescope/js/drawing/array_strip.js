// The bytes of an array as a strip, read by a layout: what `why`, `why_reshape` and `broadcast`
// draw.

import { timesBox, timesRead } from "../model/byte_lookup.js";
import { boxHues, byteHues, huesOf } from "../model/reading_rows.js";
import { boxUnit, byteOf, extent, isAligned, modulo, sizeOf } from "../model/strides.js";
import { hexReader, valueReader } from "../model/value_text.js";
import { h, s, scrolledByKeys } from "./dom.js";
import { showPath } from "./motion.js";
import { hasPath, PATH_ROOM } from "./reading_path.js";
import { drawStrip, ownerBracket } from "./strip.js";
import { drawLane, laneRoom } from "./visit_lanes.js";

/** @import { Arc, ArrayBytes, CountReads, HuesAt, Index, LabeledLane, Lane } from "../types.js" */
/** @import { Layout, ReadBox, ReadValue, StripSpec, View } from "../types.js" */

/**
 * How often a box is picked, in which hues, and the numerals of the picks with a room in px each.
 * @typedef {object} Picked
 * @property {CountReads} times
 * @property {HuesAt} hues
 * @property {(room: number) => Map<number, string>} numerals
 */

/**
 * A function from a box's byte to its text.
 * @param {ArrayBytes} state
 * @param {Uint8Array} [data]
 * @returns {ReadBox}
 */
export function readStrip(state, data = new Uint8Array(0)) {
  const { dtype, nbytes } = state;
  if (!dtype) return (byte) => (byte >= 0 && byte < nbytes ? "·" : "?");
  const values = valueReader(dtype, data, state);
  const hex = hexReader(data, state);
  return (byte, unit = dtype.itemsize) => (unit === dtype.itemsize ? values(byte) : hex(byte));
}

/**
 * Say what becomes of a line of code: the line with one word (view, copy …) above the picture, the
 * whole sentence below.
 * @param {{view: View, line: HTMLElement}} place
 * @param {string} code
 * @param {string} verdict
 * @param {string} words
 */
export function showVerdict({ view, line }, code, verdict, words) {
  const word = verdict === "error" ? "refused" : verdict;
  line.replaceChildren(h("code", {}, code), h("b", {}, ` → ${word}`));
  view.root.dataset.verdict = verdict;
  view.say(code + words);
}

/**
 * A strip of an owner's bytes, boxed where `layout` reads them.
 * @param {ArrayBytes} state
 * @param {Layout} layout
 * @param {string} name of the lane
 * @param {number} width room, px
 * @param {ReadBox} valueAt
 * @param {Arc[]} [arcs] steps above the boxes
 */
export function stripOf(state, layout, name, width, valueAt, arcs = []) {
  const spec = bytesRead(state, layout, name, undefined, arcs);
  const lanes = sizeOf(layout) ? [{ name, layout, solid: Boolean(state.owns) }] : [];
  const strip = drawStrip(spec, lanes, arcs, null, width, (byte) => valueAt(byte, spec.unit));
  return scrolledByKeys(strip.svg, width);
}

/**
 * A strip of an owner's bytes with one lane under it, whose numerals count the steps in which
 * elements are read.
 * @param {ArrayBytes} state
 * @param {Layout} layout
 * @param {Omit<LabeledLane, "picked">} lane
 * @param {number} width room, px
 * @param {ReadBox} valueAt
 * @param {Picked} [picked] where another array picks from this one
 */
export function visitedStrip(state, layout, lane, width, valueAt, picked) {
  const read = bytesRead(state, layout, lane.name, picked?.times);
  const hasWay = lane.isNew !== undefined && hasPath(layout);
  const spec = { ...read, below: laneRoom([layout]), hues: picked?.hues ?? read.hues };
  if (hasWay) Object.assign(spec, { offset: null, pathRoom: PATH_ROOM });
  const strip = drawStrip(spec, [], [], null, width, (byte) => valueAt(byte, spec.unit));
  if (!lane.solid) strip.svg.append(s("path", { class: "b", d: ownerBracket(strip) }));
  drawLane(strip, { ...lane, picked: picked?.numerals(strip.w) }, 0);
  if (hasWay) showPath(strip, layout, Boolean(lane.isNew));
  // The tiles of the lane are numbered.
  strip.way.querySelector(".ord")?.remove();
  return scrolledByKeys(strip.svg, width);
}

/**
 * What `drawStrip` needs of a layout's bytes.
 * @param {ArrayBytes} state
 * @param {Layout} layout
 * @param {string} name
 * @param {CountReads} [times] by the layout if left out
 * @param {Arc[]} arcs
 * @returns {StripSpec}
 */
function bytesRead(state, layout, name, times, arcs = []) {
  const aligned = isAligned(layout) && layout.itemsize > 0;
  const unit = boxUnit(layout);
  const [low, high] = extent(layout);
  const wanted = arcs.flatMap((arc) => [arc.start, arc.stop]);
  return {
    nbytes: state.nbytes,
    unit,
    phase: modulo(layout.offset, unit),
    low,
    high,
    times: times ?? ((byte) => (aligned ? timesRead : timesTouched)(layout, byte)),
    wanted: [...wanted, layout.offset],
    offset: arcs.length ? null : layout.offset,
    hues: boxHuesOf(layout, unit, state.base && byteHues(state.base, state.nbytes)),
    label: `Bytes read by ${name}`,
  };
}

/**
 * The hues of the boxes that a layout reads.
 * @param {Layout} layout
 * @param {number} unit bytes of a box
 * @param {HuesAt} [own] the hues of bytes; by default, those of the rows of the layout
 * @returns {HuesAt}
 */
function boxHuesOf(layout, unit, own) {
  const hues = own ?? huesOf(layout);
  return (byte) => boxHues(hues, byte, unit, layout.itemsize, Boolean(own));
}

/**
 * What the strip of a reading shows.
 * @param {{layout: Layout, nbytes: number, name: string, hues?: HuesAt}} reading
 * @param {{unit: number, levels: number}} boxes bytes of a box, and levels of arcs above
 * @param {Index | null} index an element that should be visible
 * @param {ReadValue | null} [hexAt] if the bytes are written out
 * @returns {StripSpec}
 */
export function readingSpec(reading, { unit, levels }, index, hexAt = null) {
  const { layout, nbytes, name, hues } = reading;
  const [low, high] = extent(layout);
  const at = index ? [byteOf(layout, index)] : [];
  return {
    nbytes,
    unit,
    phase: modulo(layout.offset, unit),
    low,
    high,
    itemsize: layout.itemsize,
    offset: layout.offset,
    label: `Bytes of ${name}`,
    times: (byte) => (sizeOf(layout) ? timesBox(layout, byte, unit) : 0),
    wanted: [...at, layout.offset, low, high - 1],
    hues: boxHuesOf(layout, unit, hues),
    pathRoom: hasPath(layout) ? PATH_ROOM : 0,
    levels,
    hexAt,
  };
}

/**
 * The bracket of a reading.
 * @param {{layout: Layout, name: string, bar?: string, owns?: boolean}} reading
 * @returns {Lane[]}
 */
export const readingLanes = ({ layout, name, bar, owns }) =>
  sizeOf(layout) ? [{ name, label: bar, layout, solid: Boolean(owns) }] : [];

/**
 * How many elements touch a byte, where elements overlap in part.
 * @param {Layout} layout
 * @param {number} byte
 */
function timesTouched(layout, byte) {
  let count = 0;
  for (let start = byte - layout.itemsize + 1; start <= byte; start++) {
    const more = timesRead(layout, start);
    if (more === null) return null;
    count += more;
  }
  return count;
}

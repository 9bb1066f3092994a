// One array or reading, live: grid, formula and strip with one focus. `layout` and `workbench` are made of it.

import { arcLevels, arcsTo } from "../drawing/arcs.js";
import { h } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { drawStrip } from "../drawing/strip.js";
import { bytesPerRow } from "../drawing/strip_geometry.js";
import { indicesAt, timesRead } from "../model/byte_lookup.js";
import { byteOf, extent, isAligned, sizeOf, sum } from "../model/strides.js";
import { MINUS, canDecode, hexReader, plain, valueReader } from "../model/value_text.js";
import { byteWords, createFocus, placeWords } from "./focus.js";

/** An index with a step along every axis: row 1, and its last or a near column; null if there is no element. */
export function tellingIndex(lay) {
  if (sizeOf(lay) === 0) return null;
  const last = lay.shape.length - 1;
  return lay.shape.map((n, k) => (k < last ? Math.min(1, n - 1) : n <= 5 ? n - 1 : 2));
}

/** How many elements read the box at a byte; null if too many to count. */
export function timesBox(lay, byte, unit) {
  if (unit === lay.itemsize) return timesRead(lay, byte);
  const counts = Array.from({ length: lay.itemsize }, (_, k) => timesRead(lay, byte - k));
  return counts.includes(null) ? null : sum(counts);
}

/** A function from a byte to an element's text, from what the kernel sent of an array. */
export const sentValues = (about, data) =>
  about.texts || canDecode(about.dtype) ? valueReader(about.dtype, data, about) : () => "·";

/**
 * Draw a reading into `place` and keep it.
 * @param {object} view the frame
 * @param {HTMLElement} place
 * @param {{layout: object, nbytes: number, dtype: object, runs?: number[][], texts?: object, name: string, label?: string, owns?: boolean,
 *   arcs: boolean, focus: number[]|null, beside?: Element}} about `beside`: stands right of the grid
 * @param {Uint8Array} data
 */
export function createPair(view, place, about, data) {
  const pair = {
    ...about,
    parts: {},
    valueAt: sentValues(about, data),
    hexAt: hexReader(data, about),
  };
  pair.formula = h("p", { class: "ss-sum" });
  pair.top = h("div", { class: "ss-row" });
  pair.bottom = h("div", { class: "ss-strip" });
  place.append(pair.top, pair.bottom);
  pair.focus = createFocus({
    shape: () => pair.layout.shape,
    start: about.focus ?? tellingIndex(about.layout),
    say: view.say,
    show: (index) => showIndex(view, pair, index),
    words: (index) => elementWords(pair, index),
  });
  pair.draw = (layout = pair.layout) => pair.focus.keep(() => drawPair(view, pair, layout));
  pair.draw();
  return pair;
}

/** "row 1, column 2: value 6, bytes 40 to 47" */
export function elementWords({ layout, valueAt }, index) {
  const byte = byteOf(layout, index);
  return `${placeWords(index)}: ${valueWords(valueAt(byte))}, ${byteWords(byte, layout.itemsize).replaceAll("-", MINUS)}`;
}

export function valueWords(value) {
  if (value === "?") return "outside, never read";
  return value === "·"
    ? "value not in this page"
    : `value ${value.length > 40 ? `${value.slice(0, 39)}…` : value}`;
}

/** Draw everything again for a layout; the focus stays where it can. */
function drawPair(view, pair, layout) {
  pair.layout = layout;
  const old = pair.focus.index;
  const stays = old?.length === layout.shape.length && old.every((i, k) => i < layout.shape[k]);
  if (!stays) pair.focus.index = tellingIndex(layout);
  const index = pair.focus.index;
  const before = pair.parts.grid;
  const width = view.width();
  const grid = index
    ? drawGrid(layout, pair.valueAt, index, width, {
        name: pair.name,
        times: (byte) => timesRead(layout, byte),
      })
    : null;
  pair.unit = isAligned(layout) && layout.itemsize ? layout.itemsize : 1;
  pair.levels =
    pair.arcs && grid
      ? arcRoom(
          layout,
          [...grid.boxes.values()].map((box) => box.index),
          pair.unit,
          width,
        )
      : 1;
  pair.parts = { grid };
  pair.top.replaceChildren(
    ...(grid
      ? [scrolled(grid.svg, width), pair.beside ?? "", pair.formula]
      : [h("p", {}, `No elements: axis ${layout.shape.indexOf(0)} has length 0.`)]),
  );
  if (before && grid) markNew(before, grid);
  if (grid)
    pair.focus.attach(
      "grid",
      grid.svg,
      grid.at,
      `Elements of ${pair.name}. Arrow keys move, b goes to the bytes.`,
    );
  drawBytes(view, pair, index);
  if (index) showParts(pair, index);
}

/** Draw the strip, so that the bytes of an index are on it. */
function drawBytes(view, pair, index) {
  const width = view.width();
  const read = pair.unit === pair.layout.itemsize ? pair.valueAt : pair.hexAt;
  const strip = (pair.parts.strip = drawStrip(
    pairBytes(pair, index),
    pairLanes(pair),
    [],
    null,
    width,
    read,
  ));
  pair.bottom.replaceChildren(scrolled(strip.svg, width));
  if (index)
    pair.focus.attach(
      "strip",
      strip.svg,
      (x, y) => hitElement(pair, x, y),
      `Bytes of ${pair.name}. Arrow keys move, b goes to the elements.`,
    );
}

/** Show an index; what does not hold it is drawn again. */
function showIndex(view, pair, index) {
  const { inGrid, inStrip } = showParts(pair, index);
  if (!inGrid) return pair.draw();
  if (inStrip) return undefined;
  pair.focus.keep(() => drawBytes(view, pair, index));
  return showParts(pair, index);
}

/** The bracket of a reading. */
export const pairLanes = ({ layout, label, name, owns }) =>
  sizeOf(layout) ? [{ name: label ?? name, layout, solid: Boolean(owns) }] : [];

/** What the strip of a reading is of. */
export function pairBytes({ layout, nbytes, name, unit, levels }, index) {
  const [low, high] = extent(layout);
  const at = index ? [byteOf(layout, index)] : [];
  return {
    nbytes,
    unit,
    phase: ((layout.offset % unit) + unit) % unit,
    low,
    high,
    itemsize: layout.itemsize,
    offset: layout.offset,
    label: `Bytes of ${name}`,
    times: (byte) => (sizeOf(layout) ? timesBox(layout, byte, unit) : 0),
    wanted: [...at, layout.offset, low, high - 1],
    levels,
  };
}

/** Levels that the arcs to any element drawn need, so that the picture keeps its height; over 60 elements those of the last. */
function arcRoom(layout, indices, unit, width) {
  const perRow = bytesPerRow(unit, width);
  const u = Math.floor(width / perRow);
  const plan = {
    perRow,
    u,
    x: (byte) => (((byte % perRow) + perRow) % perRow) * u,
    rows: { includes: () => true },
  };
  const some = indices.length > 60 ? indices.slice(-1) : indices;
  return Math.min(
    4,
    1 + Math.max(0, ...some.flatMap((index) => arcLevels(plan, arcsTo(layout, index)))),
  );
}

/** A picture in a box that scrolls sideways, if it is wider than the room. */
export function scrolled(svg, width) {
  return Number(svg.getAttribute("width")) > width + 1
    ? h("div", { class: "ss-scroll" }, svg)
    : svg;
}

/** Let the values that changed fade in. */
function markNew(before, after) {
  for (const [key, box] of after.boxes) {
    if (before.boxes.get(key)?.group.dataset.value !== box.group.dataset.value)
      box.text.classList.add("ss-new");
  }
}

/** The index whose element lies at a place of the strip. */
function hitElement({ parts, layout }, x, y) {
  const byte = parts.strip.at(x, y);
  return byte === null ? null : elementAt(layout, byte);
}

/** The first index whose element holds a byte; null if none does. */
export function elementAt(layout, byte) {
  for (let back = 0; back < layout.itemsize; back++) {
    const [index] = indicesAt(layout, byte - back, 1);
    if (index) return index;
  }
  return null;
}

/** Show an index in what is drawn; says where it is not on the picture. */
function showParts({ parts, layout, arcs, formula, valueAt }, index) {
  const byte = byteOf(layout, index);
  formula.replaceChildren(...formulaOf(layout, index, valueAt(byte)));
  return {
    inGrid: parts.grid.show(index),
    inStrip: parts.strip.show(byte, arcs ? arcsTo(layout, index) : []),
  };
}

/** [1,2] → 0 + 1·24 + 2·8 = byte 40, as nodes. */
export function formulaOf(layout, index, value) {
  const term = (words, ...parts) => h("span", {}, parts, h("small", {}, words));
  const terms = index.flatMap((i, k) => [
    " ",
    term(`axis ${k}`, `+ ${i}·`, h("i", {}, plain(layout.strides[k]))),
  ]);
  const end = term(valueWords(value), "= byte ", h("b", {}, plain(byteOf(layout, index))));
  return [
    h("b", {}, index.length ? `[${index.join()}]` : "[()]"),
    " ",
    term("offset", `→ ${plain(layout.offset)}`),
    ...terms,
    " ",
    end,
  ];
}

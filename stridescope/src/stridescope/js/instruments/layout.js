// `layout` live: an array's elements, the bytes they lie in, and the formula between them.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { linkedPictures } from "../controls/linked_pictures.js";
import { h } from "../drawing/dom.js";
import { tellingIndex } from "../model/byte_lookup.js";
import { bytearrayCode, indexText, ndarrayLine } from "../model/numpy_code.js";
import { normalIndex } from "../model/strides.js";

/** @import { Fact, Index, Layout, LayoutState, LinkedPictures, View } from "../types.js" */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {LayoutState} state
 * @param {Uint8Array} data
 */
export function mountLayout(view, state, data) {
  const key = linkKey(state);
  const linked = unpackNumbers(readLink("layout", key), 1);
  const start = state.focus ?? tellingIndex(state.layout);
  const focus = linkedIndex(state.layout, linked?.[0]) ?? start;
  const pictures = linkedPictures(view, view.picture, { ...state, arcs: true, focus }, data);
  const notes = (state.notes ?? []).map((note) => h("p", {}, note));
  view.picture.append(...notes, factsOf(state.facts));
  view.onResize(() => pictures.draw());
  view.actions({
    numpy: () => arrayCode(state, pictures),
    link: () => writeLink("layout", key, packNumbers([pictures.focus.index ?? []])),
    reset: () => {
      if (start) pictures.focus.move(start, false);
    },
  });
}

/**
 * The index of a link; null if it does not fit the array.
 * @param {Layout} layout
 * @param {Index} [index]
 */
function linkedIndex(layout, index) {
  try {
    return index ? normalIndex(layout, index) : null;
  } catch {
    return null;
  }
}

/**
 * What NumPy knows of the array, in one line.
 * @param {Fact[]} facts
 */
function factsOf(facts) {
  const parts = facts.map(([word, value]) =>
    word ? [`${word} `, h("b", {}, value)] : [h("em", {}, value)],
  );
  const nodes = parts.flatMap((part, k) => (k ? [" · ", ...part] : part));
  return h("p", { class: "ss-read" }, nodes);
}

/**
 * The lines of NumPy that make this array, its bytes included where they are few.
 * @param {LayoutState} state
 * @param {LinkedPictures} pictures
 */
function arrayCode({ name, layout, nbytes, dtype, code }, { hexAt, focus }) {
  const buffer = bytearrayCode(nbytes, hexAt);
  const lines = ["import numpy as np"];
  if (!buffer) lines.push(`# b: the owner's ${nbytes} bytes, ${dtype.name}`);
  lines.push(`${name} = ${ndarrayLine(layout, code, buffer ?? "b")}`);
  if (focus.index) lines.push(`${name}${indexText(focus.index)}`);
  return lines.join("\n");
}

// `layout` live: an array's elements, the bytes they lie in, and the formula between them.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { linkedPictures } from "../controls/linked_pictures.js";
import { bytesButton, playButton } from "../controls/play_order.js";
import { h } from "../drawing/dom.js";
import { hasPath } from "../drawing/reading_path.js";
import { arrayLines } from "../model/array_code.js";
import { tellingIndex } from "../model/byte_lookup.js";
import { byteHues } from "../model/reading_rows.js";
import { normalIndex } from "../model/strides.js";
import { sentValues } from "../model/value_text.js";

/** @import { Fact, Index, Layout, LayoutState, View } from "../types.js" */

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
  const isOn = state.bytes === "hex";
  const hues = byteHues(state.base ?? state.layout, state.nbytes);
  const reading = { ...state, arcs: true, focus, hex: isOn, hues };
  const pictures = linkedPictures(view, view.picture, reading, data);
  const notes = (state.notes ?? []).map((note) => h("p", {}, note));
  view.picture.append(...notes, factsOf(state.facts));
  if (hasPath(state.layout)) view.controls.append(playButton(view, () => pictures));
  view.controls.append(bytesButton(pictures, { itemsize: state.layout.itemsize, isOn }) ?? "");
  view.onResize(() => pictures.draw());
  view.actions({
    numpy: () => arrayLines(state, sentValues(state, data), pictures.hexAt),
    link: () => writeLink("layout", key, packNumbers([pictures.focus.index ?? []])),
    reset: () => {
      if (start) pictures.focus.move(start, false);
      pictures.draw();
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

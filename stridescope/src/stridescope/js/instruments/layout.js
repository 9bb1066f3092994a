// layout: an array's elements, the bytes they lie in, and the formula between them.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { createPair, tellingIndex } from "../controls/linked_pictures.js";
import { h } from "../drawing/dom.js";
import { normalIndex } from "../model/strides.js";
import { tuple } from "../model/value_text.js";

/** @param {object} view @param {object} state @param {Uint8Array} data */
export function mountLayout(view, state, data) {
  const key = linkKey(state);
  const linked = unpackNumbers(readLink("layout", key), 1);
  const start = state.focus ?? tellingIndex(state.layout);
  const pair = createPair(
    view,
    view.picture,
    { ...state, arcs: true, focus: linkedIndex(state.layout, linked?.[0]) ?? start },
    data,
  );
  view.picture.append(...(state.notes ?? []).map((note) => h("p", {}, note)), factsOf(state.facts));
  view.onResize(() => pair.draw());
  view.actions({
    numpy: () => arrayLine(state, pair),
    link: () => writeLink("layout", key, packNumbers([pair.focus.index ?? []])),
    reset: () => {
      if (start) pair.focus.move(start, false);
    },
  });
}

function linkedIndex(layout, index) {
  try {
    return index ? normalIndex(layout, index) : null;
  } catch {
    return null;
  }
}

/** What NumPy knows of the array: [word, value] pairs in one line. */
function factsOf(facts) {
  const parts = facts.map(([word, value]) =>
    word ? [`${word} `, h("b", {}, value)] : [h("em", {}, value)],
  );
  return h(
    "p",
    { class: "ss-read" },
    parts.flatMap((part, k) => (k ? [" · ", ...part] : part)),
  );
}

/** The line of NumPy that makes this array, its bytes included where they are few. */
function arrayLine({ name, layout, nbytes, dtype, code }, { hexAt, focus }) {
  const hex = nbytes <= 512 ? Array.from({ length: nbytes }, (_, k) => hexAt(k)) : ["·"];
  const buffer = hex.includes("·") ? "b" : `bytearray.fromhex('${hex.join("")}')`;
  const line = `${name} = ${ndarrayLine(layout, code, buffer)}`;
  const needs = buffer === "b" ? `# b: the owner's ${nbytes} bytes, ${dtype.name}\n` : "";
  return `import numpy as np\n${needs}${line}${focus.index ? `\n${name}[${focus.index.length ? focus.index.join(", ") : "()"}]` : ""}`;
}

/** np.ndarray(shape, dtype, buffer=…, strides=…): without strides NumPy would check less. */
export function ndarrayLine({ offset, shape, strides }, code, buffer = "b") {
  return `np.ndarray(${tuple(shape, "")}, ${code}, buffer=${buffer}${offset ? `, offset=${offset}` : ""}, strides=${tuple(strides, "")})`;
}

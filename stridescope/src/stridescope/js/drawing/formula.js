// The formula from an index to a byte.

import { valueWords } from "../model/element_words.js";
import { byteOf } from "../model/strides.js";
import { plain } from "../model/value_text.js";
import { h } from "./dom.js";

/** @import { Child, Index, Layout } from "../types.js" */

/**
 * [1,2] → 0 + 1·24 + 2·8 = byte 40, as nodes.
 * @param {Layout} layout
 * @param {Index} index
 * @param {string} value
 * @returns {(Node | string)[]}
 */
export function formulaOf(layout, index, value) {
  const terms = index.flatMap((i, k) => [
    " ",
    formulaTerm(`axis ${k}`, `+ ${i}·`, h("i", {}, plain(layout.strides[k]))),
  ]);
  const byte = plain(byteOf(layout, index));
  return [
    h("b", {}, index.length ? `[${index.join()}]` : "[()]"),
    " ",
    formulaTerm("offset", `→ ${plain(layout.offset)}`),
    ...terms,
    " ",
    formulaTerm(valueWords(value), "= byte ", h("b", {}, byte)),
  ];
}

/**
 * @param {string} words below the term
 * @param {...Child} parts
 */
const formulaTerm = (words, ...parts) => h("span", {}, parts, h("small", {}, words));

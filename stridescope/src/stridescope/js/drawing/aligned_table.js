// The table of shapes that are aligned at their last axes: lengths as buttons, a result below.

import { alignedLengths, axisFate, wantedLengths } from "../model/broadcasting.js";
import { signed } from "../model/value_text.js";
import { h } from "./dom.js";

/** @import { Layout } from "../types.js" */

/**
 * What the table shows and what its buttons do.
 * @typedef {object} AlignedTable
 * @property {HTMLTableElement} table
 * @property {{name: string, layout: Layout}[]} operands
 * @property {[operand: number, axis: number]} selected
 * @property {boolean} fits whether there is a result
 * @property {(row: number, axis: number) => void} select
 * @property {(event: KeyboardEvent, row: number, axis: number) => void} key
 */

/**
 * A length of an operand; null where it has no such axis.
 * @typedef {object} LengthCell
 * @property {string} name of the operand
 * @property {number} row
 * @property {number} axis
 * @property {number | null} n
 * @property {number} stride
 */

/**
 * Draw the table anew; the button with the keyboard's focus has it again.
 * @param {AlignedTable} aligned
 */
export function drawAligned(aligned) {
  const { table, operands, fits } = aligned;
  const rows = alignedLengths(operands.map(({ layout }) => layout.shape));
  const axes = rows[0].map((_, k) => rows.map((row) => row[k]));
  const isHeld = table.contains(document.activeElement);
  const names = axes.map((_, k) => h("th", { scope: "col" }, `axis ${k}`));
  const body = rows.map((row, r) => {
    const { name, layout } = operands[r];
    const missing = axes.length - layout.shape.length;
    const cells = row.map((n, k) => {
      const stride = layout.strides[k - missing] ?? 0;
      return lengthCell(aligned, { name, row: r, axis: k, n, stride }, axes[k]);
    });
    return h("tr", {}, h("th", { scope: "row" }, name), cells);
  });
  const results = axes.map((axis) => {
    const wanted = wantedLengths(axis);
    return h("td", {}, h("b", {}, wanted.length > 1 ? "?" : (wanted[0] ?? 1)));
  });
  const foot = h("tr", {}, h("th", { scope: "row" }, fits ? "result" : "no result"), results);
  table.replaceChildren(
    h("thead", {}, h("tr", {}, h("td", {}), names)),
    h("tbody", {}, body),
    h("tfoot", {}, foot),
  );
  const buttons = [...table.querySelectorAll("button")];
  if (isHeld) buttons.find(({ tabIndex }) => tabIndex === 0)?.focus();
}

/**
 * A cell of the table: a button if the operand has the axis.
 * @param {AlignedTable} aligned
 * @param {LengthCell} cell
 * @param {(number | null)[]} lengths on this axis
 */
function lengthCell({ selected, select, key }, { name, row, axis, n, stride }, lengths) {
  const fate = axisFate(n, lengths);
  const target = wantedLengths(lengths)[0] ?? 1;
  const isRepeated = fate === "stretch" || fate === "new";
  const text = {
    match: { length: n, step: signed(stride) },
    stretch: { length: `${n} → ${target}`, step: "+0" },
    new: { length: `none → ${target}`, step: "+0" },
    clash: { length: `✗ ${n}`, step: "clash" },
  }[fate];
  const count = isRepeated ? h("em", {}, `×${target}`) : null;
  const inside = [h("b", {}, text.length), h("i", {}, text.step), count];
  const attributes = { class: `ss-aligned-${fate}` };
  if (n === null) return h("td", attributes, inside);
  const isChosen = selected[0] === row && selected[1] === axis;
  const words = isRepeated ? `stretched to ${target}, stride 0` : fate;
  const cell = h(
    "button",
    {
      type: "button",
      "aria-label": `${name}, axis ${axis}: ${n}, ${words}`,
      "aria-pressed": String(isChosen),
      tabindex: isChosen ? 0 : -1,
      onClick: () => select(row, axis),
      onKeydown: (event) => key(event, row, axis),
    },
    inside,
  );
  return h("td", attributes, cell);
}

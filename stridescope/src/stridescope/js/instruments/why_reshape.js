// `why_reshape` live: the shape asked for is editable; the chain says view or copy.

import { button } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { readStrip, showVerdict, stripOf } from "../drawing/array_strip.js";
import { clear, h } from "../drawing/dom.js";
import {
  chainLinks,
  chainWalk,
  fittingShapes,
  linkEquation,
  linkWords,
  reshapeResult,
} from "../model/reshape_chain.js";
import { cStrides, fStrides, isC, isF, sizeOf } from "../model/strides.js";
import { signed, tuple } from "../model/value_text.js";

/** @import { ChainLink, ReadBox, ReshapeOrder, ReshapeResult, View } from "../types.js" */
/** @import { WhyReshapeState } from "../types.js" */

const LINK_MARKS = { merge: "✓", fail: "✗", apart: "│", free: "·" };
const RESHAPE_AXES = 6;
/** @type {("C" | "F")[]} */
const RESHAPE_ORDERS = ["C", "F"];

/**
 * @typedef {object} Reshape
 * @property {View} view
 * @property {WhyReshapeState} state
 * @property {ReadBox} valueAt
 * @property {number[]} shape asked for
 * @property {ReshapeOrder} order
 * @property {HTMLElement} line
 * @property {HTMLElement} chain
 * @property {HTMLElement} walk
 * @property {HTMLElement} steppers
 * @property {HTMLButtonElement[]} orders
 * @property {HTMLButtonElement[]} fits shapes of the same size
 * @property {HTMLButtonElement} more
 * @property {HTMLButtonElement} fewer
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {WhyReshapeState} state
 * @param {Uint8Array} data
 */
export function mountWhyReshape(view, state, data) {
  const key = linkKey(state);
  const name = { role: "group", "aria-label": "Requested shape" };
  /** @type {Reshape} */
  const me = {
    view,
    state,
    valueAt: readStrip(state, data),
    shape: [],
    order: "C",
    line: h("p", { class: "ss-sum" }),
    chain: h("div", {}),
    walk: h("div", {}),
    steppers: h("div", { class: "ss-ctl ss-chain-steps", ...name }),
    orders: RESHAPE_ORDERS.map((order) =>
      button(`order ${order}`, () => setReshape(me, me.shape, order)),
    ),
    fits: fittingShapes(sizeOf(state.layout)).map((fit) =>
      button(tuple(fit), () => setReshape(me, fit, me.order)),
    ),
    more: button("Add an axis", () => setReshape(me, [...me.shape, 1], me.order)),
    fewer: button("Drop the last axis", () => setReshape(me, me.shape.slice(0, -1), me.order)),
  };
  view.picture.append(me.line, me.chain, me.walk);
  const orders = h("div", { class: "ss-choices" }, me.orders);
  const axes = h("div", { class: "ss-ctl" }, me.more, me.fewer, orders);
  view.controls.append(me.steppers, axes, fittingButtons(me));
  const start = () => setReshape(me, state.shape, state.order);
  view.actions({
    numpy: () => reshapeCode(me),
    link: () => writeLink("why_reshape", key, packNumbers([me.shape, [Number(me.order === "F")]])),
    reset: start,
  });
  view.onResize(() => updateReshape(me));
  const [shape, [order] = []] = unpackNumbers(readLink("why_reshape", key), 2) ?? [];
  const isLinked = shape && shape.length <= RESHAPE_AXES && shape.every((n) => n >= 0);
  if (isLinked && order in RESHAPE_ORDERS) setReshape(me, shape, RESHAPE_ORDERS[order]);
  else start();
}

/**
 * Buttons for shapes with the same number of elements.
 * @param {Reshape} me
 */
function fittingButtons(me) {
  const words = `shapes of ${sizeOf(me.state.layout)} elements`;
  const name = { role: "group", "aria-label": words };
  return h("div", { class: "ss-ctl", ...name }, h("small", {}, words), me.fits);
}

/**
 * The order that is meant: A is the array's own, F if only that is its order.
 * @param {Reshape} me
 */
function orderOf({ order, state }) {
  if (order !== "A") return order;
  return isF(state.layout) && !isC(state.layout) ? "F" : "C";
}

/** @param {Reshape} me */
function reshapeCode({ state, shape, order }) {
  const argument = order === "C" ? "" : `, '${order}'`;
  return `np.reshape(${state.name}, ${tuple(shape)}${argument})`;
}

/**
 * Ask for another shape or order, and make its steppers.
 * @param {Reshape} me
 * @param {number[]} shape
 * @param {ReshapeOrder} order
 */
function setReshape(me, shape, order) {
  me.shape = [...shape];
  me.order = order;
  const steppers = me.shape.map((n, k) => {
    const edit = stepper(`Length of axis ${k}`, n, 1, (value) => {
      if (value < 0) return "Lengths start at 0.";
      me.shape[k] = value;
      return updateReshape(me);
    });
    return h("div", {}, h("small", {}, `axis ${k}`), edit);
  });
  me.steppers.replaceChildren(...steppers);
  me.more.disabled = me.shape.length >= RESHAPE_AXES;
  me.fewer.disabled = me.shape.length === 0;
  updateReshape(me);
}

/**
 * Draw chain, verdict and walk.
 * @param {Reshape} me
 */
function updateReshape(me) {
  const { state, shape } = me;
  const order = orderOf(me);
  const result = reshapeResult(state.layout, shape, order);
  me.orders.forEach((one, k) => {
    one.setAttribute("aria-pressed", String(me.order === RESHAPE_ORDERS[k]));
  });
  for (const one of me.fits)
    one.setAttribute("aria-pressed", String(one.textContent === tuple(shape)));
  const links = result.refused ? [] : chainLinks(state.layout, shape, order);
  const slowFirst = order === "C" ? links : [...links].reverse();
  const failed = slowFirst.find((link) => link.state === "fail");
  const verdict = result.refused ? "refused" : result.view ? "view" : "copy";
  showVerdict(me, reshapeCode(me), verdict, reshapeWords(me, result, failed));
  drawChain(me, links, result, order);
  drawChainWalk(me, failed ?? slowFirst.find((link) => link.state === "merge"));
}

/**
 * @param {Reshape} me
 * @param {ReshapeResult} result
 * @param {ChainLink} [failed]
 */
function reshapeWords(me, result, failed) {
  if (result.refused) return ` is refused. ${result.refused}.`;
  if (result.view) return ` is a view: shape ${tuple(me.shape)}, strides ${tuple(result.view)}.`;
  return ` is a copy: ${failed ? `${linkEquation(failed)} is false` : "no strides describe it"}.`;
}

/**
 * The axes with their links, and the axes asked for.
 * @param {Reshape} me
 * @param {ChainLink[]} links
 * @param {ReshapeResult} result
 * @param {"C" | "F"} order
 */
function drawChain(me, links, result, order) {
  const { layout } = me.state;
  const own = layout.shape.flatMap((n, k) => {
    const box = axisBox(k, n, signed(layout.strides[k]));
    return links[k] ? [box, linkBox(links[k])] : [box];
  });
  const packed = (order === "F" ? fStrides : cStrides)(me.shape, layout.itemsize);
  const strides = result.view ?? result.copy ?? packed;
  const asked = me.shape.map((n, k) => axisBox(k, n, result.refused ? "?" : signed(strides[k])));
  const title = result.refused
    ? "Requested"
    : result.view
      ? "Result: a view, with these strides"
      : "Result: a copy, with its own bytes and strides";
  me.chain.replaceChildren(
    chainHead(`Axes, ${order === "C" ? "first" : "last"} axis slowest`),
    chainList(own),
    chainHead(title),
    chainList(asked),
  );
}

/** @param {string} text */
const chainHead = (text) => h("p", { class: "ss-head" }, text);

/** @param {Node[]} items */
const chainList = (items) =>
  h("ol", { class: "ss-chain" }, items.length ? items : h("li", {}, "no axes: one element"));

/**
 * @param {number} k
 * @param {number} n
 * @param {string} step
 */
function axisBox(k, n, step) {
  const numbers = h("span", {}, h("b", {}, n), h("i", {}, step));
  return h("li", { class: "ss-chain-axis" }, h("small", {}, `axis ${k}`), numbers);
}

/** @param {ChainLink} link */
function linkBox(link) {
  const sign = { merge: "=", fail: "≠", apart: "", free: "" }[link.state];
  const equation = sign && linkEquation(link, sign);
  return h(
    "li",
    { class: `ss-chain-${link.state}` },
    h("b", {}, LINK_MARKS[link.state]),
    h("code", {}, equation),
    h("small", {}, linkWords(link)),
  );
}

/**
 * The walk over the link that decides, above the bytes.
 * @param {Reshape} me
 * @param {ChainLink} [link]
 */
function drawChainWalk({ view, state, valueAt, walk }, link) {
  clear(walk);
  if (!link) return;
  const { arcs, text } = chainWalk(state.layout.offset, link);
  const strip = stripOf(state, state.layout, state.name, view.width(), valueAt, arcs);
  walk.append(h("p", {}, text), strip);
}

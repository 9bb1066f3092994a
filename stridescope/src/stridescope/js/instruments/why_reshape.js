// `why_reshape` live: the shape asked for is editable; the chain says view or copy.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { readStrip, showVerdict, stripOf } from "../drawing/array_strip.js";
import { button, clear, h, stepper } from "../drawing/dom.js";
import { chainLinks, chainWalk, fittingShapes, linkEquation, linkWords, reshapeResult } from "../model/reshape_chain.js";
import { cStrides, fStrides, isC, isF, sizeOf } from "../model/strides.js";
import { signed, tuple } from "../model/value_text.js";

const LINK_MARKS = { merge: "✓", fail: "✗", apart: "│", free: "·" };
const RESHAPE_AXES = 6;

/** Mount the instrument. @param {any} view the frame @param {any} state @param {Uint8Array} data */
export function mountWhyReshape(view, state, data) {
  const key = linkKey(state);
  const me = {
    view,
    state,
    lay: state.layout,
    valueAt: readStrip(state, data),
    shape: [],
    order: "C",
  };
  me.line = h("p", { class: "ss-sum" });
  me.chain = h("div", {});
  me.walk = h("div", {});
  me.steppers = h("div", {
    class: "ss-ctl ss-chain-steps",
    role: "group",
    "aria-label": "Shape asked for",
  });
  me.axes = h("div", { class: "ss-ctl" });
  me.fits = h("div", { class: "ss-ctl", role: "group", "aria-label": "Shapes that fit" });
  view.picture.append(me.line, me.chain, me.walk);
  view.controls.append(me.steppers, me.axes, me.fits);
  fillReshape(me);
  const start = () => setReshape(me, state.shape, state.order);
  view.actions({
    numpy: () => reshapeCode(me),
    link: () => writeLink("why_reshape", key, packNumbers([me.shape, [me.order === "F" ? 1 : 0]])),
    reset: start,
  });
  view.onResize(() => updateReshape(me));
  const linked = unpackNumbers(readLink("why_reshape", key), 2);
  const good =
    linked &&
    linked[0].length <= RESHAPE_AXES &&
    linked[0].every((n) => n >= 0) &&
    [0, 1].includes(linked[1][0]);
  if (good) setReshape(me, linked[0], linked[1][0] ? "F" : "C");
  else start();
}

/** Order A is the array's own: F if only that is its order. */
const wayOf = (me) => (me.order === "A" ? (isF(me.lay) && !isC(me.lay) ? "F" : "C") : me.order);
const reshapeCode = (me) =>
  `np.reshape(${me.state.name}, ${tuple(me.shape)}${me.order === "C" ? "" : `, '${me.order}'`})`;

/** Buttons that stay: more and fewer axes, the two orders, shapes that fit. */
function fillReshape(me) {
  me.orders = ["C", "F"].map((order) =>
    button(`order ${order}`, () => setReshape(me, me.shape, order)),
  );
  me.more = button("Add an axis", () => setReshape(me, [...me.shape, 1], me.order));
  me.fewer = button("Drop the last axis", () => setReshape(me, me.shape.slice(0, -1), me.order));
  me.axes.append(me.more, me.fewer, ...me.orders);
  me.fits.append(
    h("small", {}, "shapes that fit"),
    ...fittingShapes(sizeOf(me.lay)).map((shape) =>
      button(tuple(shape), () => setReshape(me, shape, me.order)),
    ),
  );
}

/** Ask for another shape or order, and make its steppers. */
function setReshape(me, shape, order) {
  me.shape = [...shape];
  me.order = order;
  me.steppers.replaceChildren(
    ...me.shape.map((n, k) =>
      h(
        "div",
        {},
        h("small", {}, `axis ${k}`),
        stepper(`Length of axis ${k}`, n, 1, (value) => {
          if (value < 0) return "Lengths start at 0.";
          me.shape[k] = value;
          updateReshape(me);
          return "";
        }),
      ),
    ),
  );
  me.more.disabled = me.shape.length >= RESHAPE_AXES;
  me.fewer.disabled = me.shape.length === 0;
  updateReshape(me);
}

/** Draw chain, verdict and walk. */
function updateReshape(me) {
  const { lay } = me;
  const way = wayOf(me);
  const found = reshapeResult(lay, me.shape, way);
  const line = reshapeCode(me);
  me.orders.forEach((b, k) => b.setAttribute("aria-pressed", me.order === ["C", "F"][k]));
  const links = found.refused ? [] : chainLinks(lay, me.shape, way);
  const read = way === "C" ? links : [...links].reverse();
  const failed = read.find((link) => link.state === "fail");
  showVerdict(
    me,
    line,
    found.refused ? "refused" : found.view ? "view" : "copy",
    reshapeVerdict(me, found, failed),
  );
  drawChain(me, links, found, way);
  drawReshapeWalk(me, failed ?? read.find((link) => link.state === "merge"));
}

function reshapeVerdict(me, found, failed) {
  if (found.refused) return ` is refused. ${found.refused}.`;
  if (found.view) return ` is a view: shape ${tuple(me.shape)}, strides ${tuple(found.view)}.`;
  return ` is a copy: ${failed ? `${linkEquation(failed)} is false` : "no strides describe it"}.`;
}

/** The axes with their links, and the axes asked for. */
function drawChain(me, links, found, way) {
  const { lay } = me;
  const head = (text) => h("p", { class: "ss-head" }, text);
  const none = h("li", {}, "no axes: one element");
  const own = lay.shape.flatMap((n, k) => [
    axisBox(k, n, signed(lay.strides[k])),
    links[k] ? linkBox(links[k]) : null,
  ]);
  const strides =
    found.view ?? found.copy ?? (way === "F" ? fStrides : cStrides)(me.shape, lay.itemsize);
  const asked = me.shape.map((n, k) => axisBox(k, n, found.refused ? "?" : signed(strides[k])));
  const title = found.refused
    ? "Asked for"
    : found.view
      ? "Asked for: strides of the view"
      : "Asked for: strides of the copy, over its own bytes";
  me.chain.replaceChildren(
    head(`Axes, ${way === "C" ? "first" : "last"} axis slowest`),
    h("ol", { class: "ss-chain" }, lay.shape.length ? own : none),
    head(title),
    h("ol", { class: "ss-chain" }, me.shape.length ? asked : none.cloneNode(true)),
  );
}

const axisBox = (k, n, step) =>
  h(
    "li",
    { class: "ss-chain-axis" },
    h("small", {}, `axis ${k}`),
    h("span", {}, h("b", {}, n), h("i", {}, step)),
  );

function linkBox(link) {
  const equation = link.state === "merge" || link.state === "fail" ? linkEquation(link) : "";
  return h(
    "li",
    { class: `ss-chain-${link.state}` },
    h("b", {}, LINK_MARKS[link.state]),
    h("code", {}, equation),
    h("small", {}, linkWords(link)),
  );
}

/** The walk over the link that decides, above the bytes. */
function drawReshapeWalk(me, link) {
  clear(me.walk);
  if (!link) return;
  const { arcs, text } = chainWalk(me.lay.offset, link);
  me.walk.append(
    h("p", {}, text),
    stripOf(me.state, me.lay, me.state.name, me.view.width(), me.valueAt, undefined, arcs),
  );
}

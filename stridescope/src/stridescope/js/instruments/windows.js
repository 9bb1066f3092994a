// windows: a window over an image, its short runs of bytes, and the sum it makes with a kernel.

import { WIDE } from "../controls/frame.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { drawCells } from "../drawing/cell_table.js";
import { button, h, stepper } from "../drawing/dom.js";
import { VALUE_ROOM, axesOf, drawRuns, laidOn, pixelAt, runWords, windowRange, windowSum } from "../drawing/windows.js";
import { briefNumber, numberOf } from "../model/sum_of_products.js";
import { short, tuple } from "../model/value_text.js";

const MOST_PAD = 7;
const MOST_STEP = 9;

/** @param {object} view @param {object} state */
export function mountWindows(view, state) {
  const key = linkKey(state);
  const first = () => ({ at: [...state.at], pad: state.pad, step: state.step, flip: state.flip });
  const me = { view, state, now: first(), drawn: "" };
  me.values = state.image.map((row) => row.map((v) => numberOf(v, state.dtype[0])));
  me.weights = state.kernel.map((row) => row.map((v) => numberOf(v, state.kernel_dtype[0])));
  const linked = linkedWindow(readLink("windows", key));
  if (linked && !windowTrouble(me, linked)) me.now = linked;
  const flip = button("flip the kernel", () => change({ flip: !me.now.flip }));
  const set = (name, most, least) => (n) =>
    n < least || n > most ? `${name} is ${least} to ${most} here.` : change({ [name]: n });
  const pad = stepper("pad: zeros around the image", me.now.pad, 1, set("pad", MOST_PAD, 0));
  const step = stepper(
    "step: from one window to the next",
    me.now.step,
    1,
    set("step", MOST_STEP, 1),
  );
  const field = (words, node) => h("span", { class: "ss-named" }, h("span", {}, words), node);
  view.controls.append(flip, field("pad", pad), field("step", step));

  /** Go to another state; the window keeps its corner where it can. Returns why not. */
  function change(what) {
    const next = { ...me.now, ...what };
    if (!what.at) next.at = cornerKept(me, next);
    const trouble = windowTrouble(me, next);
    if (trouble) return trouble;
    me.now = next;
    flip.setAttribute("aria-pressed", String(next.flip));
    pad.set(next.pad);
    step.set(next.step);
    return showWindow(me);
  }
  me.change = change;
  view.actions({
    numpy: () => windowCode(me),
    reset: () => change(first()),
    link: () =>
      writeLink(
        "windows",
        key,
        packNumbers([[...me.now.at, me.now.pad, me.now.step, Number(me.now.flip)]]),
      ),
  });
  view.onResize(() => {
    me.drawn = "";
    showWindow(me);
  });
  change({ at: me.now.at });
}

/** The state that a link holds, or null. */
function linkedWindow(text) {
  const [[i, j, pad, step, flip] = []] = unpackNumbers(text, 1) ?? [];
  const good =
    i >= 0 &&
    j >= 0 &&
    pad >= 0 &&
    pad <= MOST_PAD &&
    step >= 1 &&
    step <= MOST_STEP &&
    (flip === 0 || flip === 1);
  return good ? { at: [i, j], pad, step, flip: flip === 1 } : null;
}

/** Why a state cannot be shown; nothing if it can. */
function windowTrouble(me, now) {
  const range = windowRange(me, now);
  if (range.some((r) => r.many < 1))
    return "The kernel does not fit into the image with this border.";
  const outside = range.findIndex((r, k) => now.at[k] < r.first || now.at[k] > r.last);
  if (outside < 0) return "";
  const r = range[outside];
  const axis = outside ? "column" : "row";
  return now.at[outside] < 0 || now.at[outside] >= r.many
    ? `The ${axis}s of windows end here.`
    : "The rest of the image was not sent with this page.";
}

/** The window nearest to the corner of the present one, in another state. */
function cornerKept(me, next) {
  return windowRange(me, next).map((r, k) => {
    const corner = me.now.at[k] * me.now.step - me.now.pad + next.pad;
    return Math.max(r.first, Math.min(r.last, Math.round(corner / next.step)));
  });
}

/** Up to `most` indices of `total` around start … start + length. */
function viewAround(start, length, total, most) {
  const size = Math.max(most, length);
  const from = Math.max(
    0,
    Math.min(start + Math.floor(length / 2) - Math.floor(size / 2), total - size),
  );
  return { from, to: Math.min(total, from + size) };
}

/** The indices drawn, with null at an end where there are more. */
function viewSlots({ from, to }, total) {
  const shown = Array.from({ length: to - from }, (_, k) => from + k);
  return [...(from ? [null] : []), ...shown, ...(to < total ? [null] : [])];
}

/** The part drawn along an axis: as before while the window is inside, so that the picture stays still. */
function keptView(old, start, length, total, most) {
  if (old && old.total === total && start >= old.from && start + length <= old.to) return old;
  return { ...viewAround(start, length, total, most), total };
}

/** Show the state: pictures are drawn anew only when what they span changed. */
function showWindow(me) {
  const { now, view } = me;
  const range = windowRange(me, now);
  const axes = axesOf(me, now);
  const wide = view.width() >= WIDE;
  const most = wide ? 8 : 7;
  const corner = now.at.map((k) => k * now.step);
  const views = range.map((r, k) =>
    keptView(me.drawn && me.views?.[k], corner[k], r.size, axes[k].length, most),
  );
  const sums = range.map((r, k) =>
    keptView(me.drawn && me.sums?.[k], now.at[k], 1, r.many, most - 2),
  );
  const drawn = JSON.stringify([views, sums, now.pad, now.step, now.flip, view.width()]);
  Object.assign(me, { views, sums, range, corner });
  if (drawn !== me.drawn) drawWindowed(me, axes);
  me.drawn = drawn;
  writePixels(me);
  me.total.ring.setAttribute("d", "");
  me.total.around(...now.at, 1, 1);
  me.image.around(...corner, range[0].size, range[1].size);
  me.lit?.write(me.lit.text, "");
  me.lit = me.total.cells.get(now.at.join());
  me.lit.write(me.lit.text, "i");
  const found = windowSum(me, now.at);
  me.formula.replaceChildren(...sumNodes(me, found));
  me.below.replaceChildren(drawRuns(me));
  const [runs, shape] = runWords(me);
  me.words[0].textContent = runs;
  me.words[1].textContent = shape;
  view.say(`Window [${now.at}]: sum ${briefNumber(found.total)}.`);
}

/** Draw image, kernel and sums anew. */
function drawWindowed(me, axes) {
  const { view, state, now, views, sums, range } = me;
  const had = me.image && document.activeElement === me.image.svg;
  const title = now.pad ? `np.pad(${state.name}, ${now.pad})` : state.name;
  me.image = drawCells({
    rows: viewSlots(views[0], axes[0].length),
    cols: viewSlots(views[1], axes[1].length),
    title,
    label: `${title}. Arrows move the window.`,
  });
  me.kernel = drawCells({
    rows: laidOn(me).map((_, k) => k),
    cols: laidOn(me)[0].map((_, k) => k),
    title: now.flip ? "kernel, turned" : "kernel",
    label: "Kernel as it is laid on",
  });
  me.total = drawCells({
    rows: viewSlots(sums[0], range[0].many),
    cols: viewSlots(sums[1], range[1].many),
    title: "sums",
    label: "Sums of the windows",
  });
  for (const cell of me.kernel.cells.values())
    cell.write(short(briefNumber(laidOn(me)[cell.index[0]][cell.index[1]]), VALUE_ROOM), "k");
  for (const cell of me.total.cells.values()) {
    const found = windowSum(me, cell.index);
    cell.text = found ? short(briefNumber(found.total), VALUE_ROOM) : "·";
    cell.write(cell.text);
  }
  me.lit = null;
  me.formula = h("p", { class: "ss-sum" });
  me.below = h("div", { class: "ss-scroll" });
  me.words = [h("p"), h("p", { class: "ss-read" })];
  const head = h("p", {}, headWords(me));
  const scroll = (table) => h("div", { class: "ss-scroll" }, table.svg);
  view.picture.replaceChildren(
    head,
    h("div", { class: "ss-row" }, scroll(me.image), scroll(me.kernel), scroll(me.total)),
    me.formula,
    me.below,
    ...me.words,
  );
  moveByHand(me);
  if (had) me.image.svg.focus({ preventScroll: true });
}

function headWords({ state, now }) {
  const border = now.pad
    ? ` with ${now.pad} zero${now.pad > 1 ? "s" : ""} around it, a new array by np.pad`
    : "";
  const shape = state.whole.map((n) => n + 2 * now.pad);
  return `${state.name}: ${state.dtype_words}, shape ${tuple(shape)}${border}. ${now.flip ? "Convolution, the kernel turned by 180°." : "Correlation, the kernel as it is."}`;
}

/** Write the image's values; those in the window in the colour of the focus, the border's in secondary colour. */
function writePixels(me) {
  const {
    now: { pad },
    state,
    corner,
    range,
  } = me;
  for (const cell of me.image.cells.values()) {
    const [i, j] = cell.index;
    const value = pixelAt(me, i, j);
    const inside = [i, j].every((p, k) => p >= corner[k] && p < corner[k] + range[k].size);
    const border = [i, j].some((p, k) => p < pad || p >= state.whole[k] + pad);
    cell.write(
      value === null ? "·" : short(briefNumber(value), VALUE_ROOM),
      inside ? "i" : border ? "s" : "",
    );
  }
}

/** Arrows, drag and touch move the window. */
function moveByHand(me) {
  const { svg, ring } = me.image;
  const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");
  ring.setAttribute("class", "r ss-grab");
  svg.addEventListener("keydown", (event) => {
    const way = ways[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const trouble = me.change({ at: me.now.at.map((k, axis) => k + way[axis]) });
    if (trouble) me.view.say(trouble);
  });
  let grab = null;
  const cellAt = (event) => {
    const box = svg.getBoundingClientRect();
    return me.image.at(event.clientX - box.left, event.clientY - box.top);
  };
  const moveTo = (cell, held) => {
    const at = me.range.map((r, k) =>
      Math.max(r.first, Math.min(r.last, Math.round((cell[k] - held[k]) / me.now.step))),
    );
    if (at.join() !== me.now.at.join()) me.change({ at });
  };
  svg.addEventListener("pointerdown", (event) => {
    const cell = cellAt(event);
    if (!cell) return;
    const inside = cell.every((p, k) => p >= me.corner[k] && p < me.corner[k] + me.range[k].size);
    grab = inside
      ? cell.map((p, k) => p - me.corner[k])
      : me.range.map((r) => Math.floor(r.size / 2));
    if (!inside) moveTo(cell, grab);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!grab || !event.buttons) return;
    if (!svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    const cell = cellAt(event);
    if (cell) moveTo(cell, grab);
  });
  for (const end of ["pointerup", "pointercancel"])
    svg.addEventListener(end, () => {
      grab = null;
    });
}

const inBrackets = (text) => (text.startsWith("−") ? `(${text})` : text);

/** The sum, each product a span that may not break. */
function sumNodes({ now, state }, { values, weights, total, exact }) {
  const terms = values.flatMap((v, k) => [
    k ? " + " : " ",
    h(
      "span",
      {},
      `${inBrackets(briefNumber(v))}·`,
      h("i", {}, inBrackets(briefNumber(weights[k]))),
    ),
  ]);
  const wraps =
    exact === null
      ? ""
      : ` The products wrap in ${state.product_words}; the true sum is ${briefNumber(exact)}.`;
  return [
    h("b", {}, `[${now.at}]`),
    ...terms,
    " ",
    h("span", {}, "= ", h("b", { dataset: { total: String(total) } }, briefNumber(total))),
    wraps,
  ];
}

/** The lines of NumPy that make this sum. */
function windowCode({ state, now, weights }) {
  const kernel = `np.array([${weights.map((row) => `[${row.map((v) => (typeof v === "bigint" ? v : pythonFloat(v))).join(", ")}]`).join(", ")}])`;
  const image = now.pad ? `np.pad(${state.name}, ${now.pad})` : state.name;
  const jump = now.step > 1 ? `[::${now.step}, ::${now.step}]` : "";
  const shape = tuple([weights.length, weights[0].length]);
  return `kernel = ${kernel}${now.flip ? "[::-1, ::-1]" : ""}\nwindows = np.lib.stride_tricks.sliding_window_view(${image}, ${shape})${jump}\n(windows[${now.at.join(", ")}] * kernel).sum()`;
}

const pythonFloat = (x) =>
  Number.isFinite(x)
    ? Number.isInteger(x)
      ? x.toFixed(1)
      : String(x)
    : Number.isNaN(x)
      ? "np.nan"
      : x < 0
        ? "-np.inf"
        : "np.inf";

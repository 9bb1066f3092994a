// `windows` live: a window over an image, its short runs of bytes, and the sum it makes with a
// kernel.

import { button, namedField } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { stepper } from "../controls/stepper.js";
import { moveByHand } from "../controls/window_drag.js";
import { drawCells } from "../drawing/cell_table.js";
import { h, scrollBox } from "../drawing/dom.js";
import { WIDE } from "../drawing/shapes.js";
import { cellText, drawRuns, runWords } from "../drawing/windows.js";
import { hueOf } from "../model/reading_rows.js";
import {
  forBoth,
  imageAxes,
  laidOn,
  MOST_PAD,
  MOST_STEP,
  nearestWindow,
  partSlots,
  pixelAt,
  visiblePart,
  windowProblem,
  windowRange,
  windowSum,
} from "../model/sliding_windows.js";
import { briefNumber, numberOf } from "../model/sum_of_products.js";
import { tuple } from "../model/value_text.js";
import { imageName, windowCode } from "../model/window_code.js";

/** @import { AxisPart, CellTable, Numeric, Pair, ShownWindow, TableCell } from "../types.js" */
/** @import { View, WindowSetting, WindowSum, WindowsState } from "../types.js" */

/**
 * Pictures of a setting; `lit` is the sum in focus.
 * @typedef {object} WindowPictures
 * @property {CellTable} image
 * @property {CellTable} total
 * @property {TableCell | undefined} lit
 * @property {HTMLElement} formula
 * @property {HTMLElement} runs
 * @property {HTMLElement} runWords
 * @property {HTMLElement} shapeWords
 */

/**
 * @typedef {object} WindowParts
 * @property {View} view
 * @property {WindowPictures | null} pictures
 * @property {string} drawn what the pictures span
 * @property {Pair<AxisPart | undefined>} imageParts
 * @property {Pair<AxisPart | undefined>} sumParts
 * @property {(what: Partial<WindowSetting>) => string} change go to another setting; why not, or ""
 */

/** @typedef {ShownWindow & WindowParts} Windows */

/** @type {Pick<WindowParts, "imageParts" | "sumParts">} */
const NOTHING_DRAWN = { imageParts: [undefined, undefined], sumParts: [undefined, undefined] };

/**
 * Mount the instrument.
 * @param {View} view
 * @param {WindowsState} state
 */
export function mountWindows(view, state) {
  const key = linkKey(state);
  const values = state.image.map((row) => row.map((v) => numberOf(v, state.dtype[0])));
  const weights = state.kernel.map((row) => row.map((v) => numberOf(v, state.kernel_dtype[0])));
  /** @returns {WindowSetting} */
  const first = () => ({ at: [...state.at], pad: state.pad, step: state.step, flip: state.flip });
  const windowed = { state, values, weights, now: first() };
  const linked = parseSetting(readLink("windows", key));
  if (linked && !windowProblem(windowed, linked)) windowed.now = linked;
  /** @type {Windows} */
  const me = {
    ...windowed,
    range: windowRange(windowed, windowed.now),
    corner: [0, 0],
    ...NOTHING_DRAWN,
    ...{ view, pictures: null, drawn: "", change },
  };
  const flip = button("flip the kernel", () => change({ flip: !me.now.flip }));
  const pad = stepper("pad: zeros around the image", me.now.pad, 1, (n) =>
    n < 0 || n > MOST_PAD ? `pad is 0 to ${MOST_PAD} here.` : change({ pad: n }),
  );
  const step = stepper("step: from one window to the next", me.now.step, 1, (n) =>
    n < 1 || n > MOST_STEP ? `step is 1 to ${MOST_STEP} here.` : change({ step: n }),
  );
  view.controls.append(flip, namedField("pad", pad), namedField("step", step));

  /** @type {Windows["change"]} */
  function change(what) {
    const next = { ...me.now, ...what };
    if (!what.at) next.at = nearestWindow(me, next);
    const problem = windowProblem(me, next);
    if (problem) return problem;
    me.now = next;
    flip.setAttribute("aria-pressed", String(next.flip));
    pad.set(next.pad);
    step.set(next.step);
    showWindow(me);
    return "";
  }
  view.actions({
    numpy: () => windowCode(me),
    reset: () => change(first()),
    link: () => writeLink("windows", key, packSetting(me.now)),
  });
  view.onResize(() => {
    me.drawn = "";
    showWindow(me);
  });
  change({ at: me.now.at });
}

/** @param {WindowSetting} setting */
const packSetting = ({ at, pad, step, flip }) => packNumbers([[...at, pad, step, Number(flip)]]);

/**
 * The setting that a link holds, or null.
 * @param {string | null} text
 * @returns {WindowSetting | null}
 */
function parseSetting(text) {
  const [[i, j, pad, step, flip] = []] = unpackNumbers(text, 1) ?? [];
  const isInside = i >= 0 && j >= 0 && pad >= 0 && pad <= MOST_PAD;
  if (!isInside || !(step >= 1 && step <= MOST_STEP)) return null;
  return flip === 0 || flip === 1 ? { at: [i, j], pad, step, flip: flip === 1 } : null;
}

/**
 * Show the setting: pictures are drawn anew only when what they span changed.
 * @param {Windows} me
 */
function showWindow(me) {
  const { now, view } = me;
  const most = view.width() >= WIDE ? 8 : 7;
  const axes = imageAxes(me, now);
  const range = windowRange(me, now);
  me.range = range;
  me.corner = forBoth((k) => now.at[k] * now.step);
  const before = me.drawn ? me : NOTHING_DRAWN;
  const imageParts = forBoth((k) =>
    visiblePart(before.imageParts[k], me.corner[k], range[k].size, axes[k].length, most),
  );
  const sumParts = forBoth((k) =>
    visiblePart(before.sumParts[k], now.at[k], 1, range[k].many, most - 2),
  );
  Object.assign(me, { imageParts, sumParts });
  const span = [imageParts, sumParts, now.pad, now.step, now.flip, view.width()];
  const drawn = JSON.stringify(span);
  if (drawn !== me.drawn || !me.pictures) me.pictures = drawWindowed(me, imageParts, sumParts);
  me.drawn = drawn;
  showFocus(me, me.pictures);
}

/**
 * Show which window is in focus, its sum, and its bytes.
 * @param {Windows} me
 * @param {WindowPictures} pictures
 */
function showFocus(me, pictures) {
  const { now, range, view } = me;
  const { image, total } = pictures;
  const sum = windowSum(me, now.at);
  if (!sum) return;
  writePixels(me, image);
  total.around(...now.at, 1, 1);
  image.around(...me.corner, range[0].size, range[1].size);
  const [[i, j], [{ size: m }, { size: n }]] = [me.corner, range];
  const isInside = (/** @type {number} */ r, /** @type {number} */ c) =>
    r >= i && r < i + m && c >= j && c < j + n;
  image.fill(([r, c]) => (isInside(r, c) ? hueOf(r - i, m) : null));
  pictures.lit?.write(pictures.lit.text, "");
  pictures.lit = total.cells.get(now.at.join());
  pictures.lit?.write(pictures.lit.text, "i");
  pictures.formula.replaceChildren(...sumNodes(me, sum));
  pictures.runs.replaceChildren(drawRuns(me, view.width()));
  const [runs, shape] = runWords(me);
  pictures.runWords.textContent = runs;
  pictures.shapeWords.textContent = shape;
  view.say(`Window [${now.at}]: sum ${briefNumber(sum.total)}.`);
}

/**
 * Draw image, kernel and sums anew.
 * @param {Windows} me
 * @param {Pair<AxisPart>} imageParts
 * @param {Pair<AxisPart>} sumParts
 * @returns {WindowPictures}
 */
function drawWindowed(me, imageParts, sumParts) {
  const { view } = me;
  const isHeld = document.activeElement === me.pictures?.image.svg;
  const title = imageName(me);
  const image = drawCells({
    ...{ rows: partSlots(imageParts[0]), cols: partSlots(imageParts[1]) },
    ...{ title, label: `${title}. Arrows move the window.` },
  });
  const total = drawCells({
    ...{ rows: partSlots(sumParts[0]), cols: partSlots(sumParts[1]) },
    ...{ title: "sums", label: "Sums of the windows" },
  });
  for (const cell of total.cells.values())
    cell.write(cellText(windowSum(me, cell.index)?.total ?? null));
  const formula = h("p", { class: "ss-sum" });
  const runs = h("div", { class: "ss-scroll" });
  const words = { runWords: h("p"), shapeWords: h("p", { class: "ss-read" }) };
  view.picture.replaceChildren(
    h("p", {}, headWords(me)),
    h(
      "div",
      { class: "ss-row" },
      [image, drawKernel(me), total].map(({ svg }) => scrollBox(svg)),
    ),
    ...[formula, runs, words.runWords, words.shapeWords],
  );
  moveByHand(me, image);
  if (isHeld) image.svg.focus({ preventScroll: true });
  return { image, total, lit: undefined, formula, runs, ...words };
}

/** @param {Windows} me */
function drawKernel(me) {
  const kernel = laidOn(me);
  const table = drawCells({
    ...{ rows: kernel.map((_, k) => k), cols: kernel[0].map((_, k) => k) },
    title: me.now.flip ? "kernel, rotated" : "kernel",
    label: "The kernel as it is applied",
  });
  for (const { index, write } of table.cells.values())
    write(cellText(kernel[index[0]][index[1]]), "k");
  table.fill(([r]) => hueOf(r, kernel.length));
  return table;
}

/** @param {ShownWindow} shown */
function headWords({ state, now }) {
  const zeros = `${now.pad} zero${now.pad > 1 ? "s" : ""}`;
  const border = now.pad ? ` with ${zeros} around it, a new array from np.pad` : "";
  const shape = state.whole.map((n) => n + 2 * now.pad);
  const what = now.flip
    ? "Convolution, with the kernel rotated by 180°."
    : "Correlation, with the kernel as it is.";
  return `${state.name}: ${state.dtype_words}, shape ${tuple(shape)}${border}. ${what}`;
}

/**
 * Write the image's values; those in the window in the color of the focus, the border's in the
 * secondary color.
 * @param {Windows} me
 * @param {CellTable} image
 */
function writePixels(me, image) {
  const { now, state, corner, range } = me;
  for (const { index, write } of image.cells.values()) {
    const isInside = index.every((p, k) => p >= corner[k] && p < corner[k] + range[k].size);
    const isBorder = index.some((p, k) => p < now.pad || p >= state.whole[k] + now.pad);
    write(cellText(pixelAt(me, ...index)), isInside ? "i y" : isBorder ? "s" : "");
  }
}

/** @param {Numeric} n */
function factorText(n) {
  const text = briefNumber(n);
  return text.startsWith("−") ? `(${text})` : text;
}

/**
 * The sum, each product a span that may not break.
 * @param {ShownWindow} shown
 * @param {WindowSum} sum
 */
function sumNodes({ now, state }, { values, weights, total, exact }) {
  const terms = values.flatMap((value, k) => [
    k ? " + " : " ",
    h("span", {}, `${factorText(value)}·`, h("i", {}, factorText(weights[k]))),
  ]);
  const result = h("b", { dataset: { total: String(total) } }, briefNumber(total));
  const wrapped =
    exact === null
      ? ""
      : ` The products overflow ${state.product_words}; the exact sum is ${briefNumber(exact)}.`;
  return [h("b", {}, `[${now.at}]`), ...terms, " ", h("span", {}, "= ", result), wrapped];
}

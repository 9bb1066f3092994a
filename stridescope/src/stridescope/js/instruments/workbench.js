// `workbench` live: one buffer, read as any offset, shape and strides say. The bytes never move;
// only the reading does.

import { button } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { linkedPictures } from "../controls/linked_pictures.js";
import { stepper } from "../controls/stepper.js";
import { clear, h } from "../drawing/dom.js";
import { drawTarget } from "../drawing/golf_target.js";
import { changedNumbers, GOLF_BUFFER, golfBytes, HOLES, sameValues, TEE } from "../model/golf.js";
import { bytearrayCode, ndarrayLine } from "../model/numpy_code.js";
import { AXIS_PRESETS, MOST_AXES, PRESETS } from "../model/presets.js";
import { makeLayout } from "../model/strides.js";
import { numpyVerdict, outsideWords, reachWords } from "../model/verdict.js";

/** @import { Layout, LinkedPictures, View, WorkbenchState } from "../types.js" */

/**
 * @typedef {object} Bench
 * @property {View} view
 * @property {WorkbenchState} state
 * @property {Uint8Array} data
 * @property {Layout} layout the reading
 * @property {Layout} start
 * @property {number} nbytes
 * @property {LinkedPictures | null} pictures
 * @property {number | null} hole of stride golf; null off the course
 * @property {number[]} scores
 * @property {Record<BenchPart, HTMLElement>} parts
 */

/** @typedef {"place" | "target" | "line" | "counts" | "verdict"} ReadPart */
/** @typedef {ReadPart | "steps" | "presets" | "game"} BenchPart */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {WorkbenchState} state
 * @param {Uint8Array} data
 */
export function mountWorkbench(view, state, data) {
  const key = linkKey(state);
  const parts = {
    place: h("div"),
    target: h("div", { class: "ss-workbench-target" }),
    line: h("code", {}),
    counts: h("p", {}),
    verdict: h("p", {}),
    steps: h("div", { class: "ss-workbench-steps" }),
    presets: h("div", { class: "ss-ctl" }),
    game: h("div", { class: "ss-workbench-golf" }),
  };
  const { layout, nbytes } = state;
  const game = { hole: null, scores: [] };
  /** @type {Bench} */
  const bench = {
    view,
    state,
    data,
    layout,
    start: layout,
    nbytes,
    pictures: null,
    ...game,
    parts,
  };
  const lines = h("p", {}, parts.line);
  view.picture.append(parts.game, parts.place, parts.counts, lines, parts.verdict);
  view.controls.append(parts.steps, parts.presets);
  openBench(bench, linkedReading(layout, readLink("workbench", key)) ?? layout);
  view.onResize(() => {
    bench.pictures?.draw();
    if (bench.hole !== null) drawTarget(bench.parts.target, HOLES[bench.hole].target);
  });
  view.actions({
    numpy: () => `import numpy as np\n${bufferLine(bench)}\n${readingLine(bench)}`,
    link: () => writeLink("workbench", key, packReading(bench.layout)),
    reset: () => changeReading(bench, bench.start, true),
  });
}

/** @param {Layout} layout */
const packReading = ({ offset, shape, strides }) => packNumbers([[offset], shape, strides]);

/** @param {Bench} bench */
const readingLine = ({ layout, hole, state }) =>
  ndarrayLine(layout, hole === null ? state.code : "'i8'");

/**
 * The reading of a link; null if it is broken or no reading of this buffer.
 * @param {Layout} layout
 * @param {string | null} text
 */
function linkedReading({ itemsize }, text) {
  const lists = unpackNumbers(text, 3);
  if (lists?.[0].length !== 1 || lists[1].length > MOST_AXES) return null;
  const [[offset], shape, strides] = lists;
  try {
    return makeLayout(offset, shape, strides, itemsize);
  } catch {
    return null;
  }
}

/**
 * Lay a buffer on the bench: the reader's own, or that of the golf course.
 * @param {Bench} bench
 * @param {Layout} layout
 */
function openBench(bench, layout) {
  const { view, state, parts } = bench;
  const isGolf = bench.hole !== null;
  const buffer = isGolf ? { ...GOLF_BUFFER, focus: null, beside: parts.target } : state;
  const reading = { ...buffer, layout, name: "the reading", label: "the reading", arcs: false };
  bench.nbytes = reading.nbytes;
  bench.layout = layout;
  clear(parts.place);
  bench.pictures = linkedPictures(view, parts.place, reading, isGolf ? golfBytes() : bench.data);
  const presets = isGolf ? [] : presetButtons(bench, PRESETS);
  const golf = isGolf
    ? button("Back to my bytes", () => leaveGolf(bench))
    : button("Stride golf", () => teeOff(bench, 0));
  parts.presets.replaceChildren(...presets, golf);
  changeReading(bench, layout, true, true);
}

/**
 * @param {Bench} bench
 * @param {typeof PRESETS} presets
 */
const presetButtons = (bench, presets) =>
  Object.entries(presets).map(([name, preset]) =>
    button(name, () => {
      const layout = preset(bench.layout);
      const problem = typeof layout === "string" ? layout : changeReading(bench, layout, true);
      if (problem) bench.view.say(problem);
    }),
  );

/**
 * Read the bytes as `layout`; returns a sentence if that cannot be.
 * @param {Bench} bench
 * @param {Layout} layout
 * @param {boolean} isNew whether other numbers than the one just edited changed
 */
function changeReading(bench, layout, isNew, isQuiet = false) {
  const { view, parts, nbytes } = bench;
  const problem = layoutProblem(layout);
  if (problem) return problem;
  bench.layout = layout;
  bench.pictures?.draw(layout);
  const outside = outsideWords(layout, nbytes);
  const verdict = numpyVerdict(layout, nbytes);
  parts.counts.textContent = `${outside} ${reachWords(layout, nbytes)}`.trim();
  parts.line.textContent = readingLine(bench);
  if (isNew) drawSteps(bench);
  parts.verdict.textContent = verdict;
  const word = verdict.startsWith("→ NumPy refuses") ? "NumPy refuses" : "NumPy accepts";
  if (!isQuiet) view.say(`${word}. ${outside}`);
  if (bench.hole !== null) drawScore(bench, bench.hole);
  return "";
}

/**
 * Why numbers are not a layout, or "".
 * @param {Layout} layout
 */
function layoutProblem({ offset, shape, strides, itemsize }) {
  try {
    makeLayout(offset, shape, strides, itemsize);
    return "";
  } catch (error) {
    if (shape.some((n) => n < 0)) return "ValueError: negative dimensions are not allowed";
    return `${/** @type {Error} */ (error).message}.`;
  }
}

/**
 * A stepper for each number, named as in the line of NumPy.
 * @param {Bench} bench
 */
function drawSteps(bench) {
  const { offset, shape, strides, itemsize } = bench.layout;
  /** @param {(n: number) => Partial<Layout>} change */
  const edit = (change) => (/** @type {number} */ n) =>
    changeReading(bench, { ...bench.layout, ...change(n) }, false);
  /**
   * @param {string} words
   * @param {Node} control
   */
  const named = (words, control) => h("div", {}, h("small", {}, words), control);
  const start = stepper(
    "offset in bytes",
    offset,
    itemsize,
    edit((n) => ({ offset: n })),
  );
  const lengths = shape.map((n, k) => {
    const set = edit((m) => ({ shape: replaceAt(bench.layout.shape, k, m) }));
    return named(`length of axis ${k}`, stepper(`shape, axis ${k}`, n, 1, set));
  });
  const steps = strides.map((st, k) => {
    const set = edit((m) => ({ strides: replaceAt(bench.layout.strides, k, m) }));
    return named(
      `bytes per step, axis ${k}`,
      stepper(`stride in bytes, axis ${k}`, st, itemsize, set),
    );
  });
  const axes = presetButtons(bench, AXIS_PRESETS);
  bench.parts.steps.replaceChildren(
    stepRow("offset", [named("first byte", start), ...axes]),
    stepRow("shape", lengths),
    stepRow("strides", steps),
  );
}

/**
 * @param {number[]} list
 * @param {number} at
 * @param {number} n
 */
const replaceAt = (list, at, n) => list.map((old, k) => (k === at ? n : old));

/**
 * @param {string} word
 * @param {Node[]} controls
 */
const stepRow = (word, controls) =>
  h("div", { class: "ss-workbench-row" }, h("span", {}, word), h("div", {}, controls));

/**
 * The line that makes the buffer `b`.
 * @param {Bench} bench
 */
function bufferLine({ state, hole, pictures }) {
  if (hole !== null) return "b = np.arange(12)";
  const code = pictures && bytearrayCode(state.nbytes, pictures.hexAt);
  return code ? `b = ${code}` : `# b: your ${state.nbytes} bytes`;
}

// Golf --------------------------------------------------------------------------------------------

/**
 * @param {Bench} bench
 * @param {number} hole
 */
function teeOff(bench, hole) {
  bench.hole = hole;
  bench.start = TEE;
  if (hole === 0) bench.scores = [];
  openBench(bench, TEE);
  drawTarget(bench.parts.target, HOLES[hole].target);
}

/** @param {Bench} bench */
function leaveGolf(bench) {
  bench.hole = null;
  bench.start = bench.state.layout;
  clear(bench.parts.target);
  clear(bench.parts.game);
  openBench(bench, bench.start);
}

/**
 * Hole, par and what was changed; the next hole once the target is reached.
 * @param {Bench} bench
 * @param {number} hole
 */
function drawScore(bench, hole) {
  const { view, layout, parts, scores } = bench;
  const { words, target, par } = HOLES[hole];
  const used = changedNumbers(TEE, layout);
  const isDone = sameValues(layout, target);
  parts.target.classList.toggle("ss-workbench-done", isDone);
  const title = h("b", {}, `Hole ${hole + 1} of ${HOLES.length}`);
  const score = h("p", {}, title, ` · ${words} · par ${par} · you ${used}`);
  if (!isDone) return parts.game.replaceChildren(score);
  scores[hole] = used;
  const isLast = hole === HOLES.length - 1;
  const total = scores.reduce((a, b) => a + b, 0);
  const next = button(isLast ? "Play again" : "Next hole", () => {
    teeOff(bench, isLast ? 0 : hole + 1);
    parts.steps.querySelector("input")?.focus();
  });
  const numbers = `${used} changed number${used === 1 ? "" : "s"}`;
  const round = isLast ? ` The round: ${total}.` : "";
  const result = `✓ Reached with ${numbers}, par ${par}.${round}`;
  parts.game.replaceChildren(score, h("p", {}, result, " ", next));
  view.say(result);
}

// `workbench` live: one buffer, read as any offset, shape and strides say. The bytes never move;
// only the reading does.

import { benchParts, placeControls, stepRow, withSign } from "../controls/bench_parts.js";
import { benchTasks } from "../controls/bench_tasks.js";
import { button, choiceButtons, keepButton } from "../controls/buttons.js";
import { firstOpen, holeList, keepScore, readScores } from "../controls/golf_card.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { linkedPictures } from "../controls/linked_pictures.js";
import { bytesButton, playButton } from "../controls/play_order.js";
import { stepper } from "../controls/stepper.js";
import { clear, h } from "../drawing/dom.js";
import { drawTarget } from "../drawing/golf_target.js";
import { ownerCode } from "../model/array_code.js";
import { changedNumbers, GOLF_BUFFER, golfBytes, HOLES, sameValues, TEE } from "../model/golf.js";
import { bytearrayCode, ndarrayLine } from "../model/numpy_code.js";
import { addAxis, dropAxis, MOST_AXES, PRESETS } from "../model/presets.js";
import { byteHues } from "../model/reading_rows.js";
import { makeLayout } from "../model/strides.js";
import { sentValues } from "../model/value_text.js";
import { numpyVerdict, outsideWords, reachWords } from "../model/verdict.js";

/** @import { BenchParts } from "../controls/bench_parts.js" */
/** @import { Layout, LinkedPictures, View, WorkbenchState } from "../types.js" */

/** Most of the width for the grid, px; the numbers are beside it. */
const ROOM = 352;
/** The sets of numbers; a phone shows one at a time. */
const SETS = ["offset", "shape", "strides"];
const HINT = "Drag a number, type it, or press ↑ or ↓ in it.";

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
 * @property {(number | null)[]} scores fewest changed numbers by hole
 * @property {BenchParts} parts
 * @property {string} shown the set of numbers that a phone shows
 * @property {boolean} isTurned whether the reader has changed a number
 * @property {(layout: Layout) => void} showTask
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {WorkbenchState} state
 * @param {Uint8Array} data
 */
export function mountWorkbench(view, state, data) {
  const key = linkKey(state);
  const parts = benchParts(view);
  const { layout, nbytes } = state;
  const game = { hole: null, scores: readScores() };
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
    shown: "strides",
    isTurned: false,
    showTask: () => undefined,
  };
  bench.showTask = taskOf(bench);
  openBench(bench, linkedReading(layout, readLink("workbench", key)) ?? layout);
  view.onResize(() => {
    bench.pictures?.draw();
    placeControls(view, bench.parts);
    if (bench.hole !== null) drawTarget(bench.parts.target, HOLES[bench.hole].target);
  });
  view.actions({
    numpy: () => `${bufferLine(bench)}\na = ${readingLine(bench)}`,
    link: () => writeLink("workbench", key, packReading(bench.layout)),
    reset: () => changeReading(bench, bench.start, "operation"),
  });
}

/**
 * What shows the task that is open; nothing if there are none.
 * @param {Bench} bench
 */
function taskOf(bench) {
  const { parts, state, view } = bench;
  if (!state.tasks?.length) return () => undefined;
  const go = (/** @type {Layout} */ start) => operate(bench, start);
  return benchTasks(parts.tasks, state.tasks, go, view.say);
}

/** @param {Layout} layout */
const packReading = ({ offset, shape, strides }) => packNumbers([[offset], shape, strides]);

/** @param {Bench} bench */
const readingLine = ({ layout, hole, state }) =>
  hole === null
    ? ndarrayLine(layout, state.code, bufferName(state))
    : ndarrayLine(layout, "'i8'", "b");

/** @param {WorkbenchState} state */
const bufferName = (state) => state.buffer ?? "b";

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
  const reading = {
    ...buffer,
    layout,
    name: "the reading",
    bar: "bytes that are read",
    arcs: false,
    room: ROOM,
    hues: byteHues(bench.start, buffer.nbytes),
  };
  bench.nbytes = reading.nbytes;
  bench.layout = layout;
  clear(parts.place);
  bench.pictures = linkedPictures(view, parts.place, reading, isGolf ? golfBytes() : bench.data);
  const hex = isGolf ? null : bytesButton(bench.pictures, { ...layout, isOn: false });
  const presets = isGolf ? {} : PRESETS;
  const golf = isGolf
    ? button("Back to my bytes", () => leaveGolf(bench))
    : button("Stride golf", () => teeOff(bench, firstOpen(bench.scores)));
  const play = playButton(view, () => bench.pictures);
  parts.presets.replaceChildren(...presetButtons(bench, presets));
  keepButton(parts.buttons, () => parts.buttons.replaceChildren(play, hex ?? ""));
  const words = isGolf ? "" : "A game: reach twelve readings, each with as few changes as you can.";
  keepButton(parts.invite, () => parts.invite.replaceChildren(h("p", {}, words), golf));
  placeControls(view, bench.parts);
  view.say("");
  changeReading(bench, layout, "operation", true);
}

/**
 * @param {Bench} bench
 * @param {typeof PRESETS} presets
 */
const presetButtons = (bench, presets) =>
  Object.entries(presets).map(([name, preset]) =>
    withSign(
      button(name, () => operate(bench, preset(bench.layout))),
      name,
    ),
  );

/**
 * Go over to a layout that an operation made, or say why there is none.
 * @param {Bench} bench
 * @param {Layout | string} layout
 */
function operate(bench, layout) {
  const problem = typeof layout === "string" ? layout : changeReading(bench, layout, "operation");
  if (problem) bench.view.say(problem);
  showPicture(bench);
}

/**
 * On a phone the operations stay at the foot of the screen: bring the picture into sight.
 * @param {Bench} bench
 */
function showPicture({ view }) {
  const { top } = view.picture.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) view.picture.scrollIntoView({ block: "start" });
}

/**
 * Read the bytes as `layout`; returns a sentence if that cannot be.
 * @param {Bench} bench
 * @param {Layout} layout
 * @param {"edit" | "operation"} change whether one number was edited, or more may have changed
 */
function changeReading(bench, layout, change, isQuiet = false) {
  const { view, parts, nbytes } = bench;
  const problem = layoutProblem(layout);
  if (problem) return problem;
  bench.layout = layout;
  bench.pictures?.draw(layout, change);
  bench.isTurned ||= change === "edit";
  parts.steps.classList.toggle("ss-turned", bench.isTurned);
  const outside = outsideWords(layout, nbytes);
  const verdict = numpyVerdict(layout, nbytes);
  parts.counts.textContent = verdict.includes(outside)
    ? ""
    : `${outside} ${reachWords(layout, nbytes)}`.trim();
  parts.line.textContent = readingLine(bench);
  if (change === "operation") keepButton(parts.steps, () => drawSteps(bench));
  parts.verdict.textContent = verdict.replace("→ ", "");
  const isRefused = verdict.startsWith("→ NumPy refuses");
  parts.state.classList.toggle("ss-refuses", isRefused);
  if (!isQuiet) view.say("");
  parts.tasks.hidden = bench.hole !== null;
  if (bench.hole === null) bench.showTask(layout);
  else drawScore(bench, bench.hole);
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
    changeReading(bench, { ...bench.layout, ...change(n) }, "edit");
  /**
   * @param {number} axis
   * @param {Node} control
   * @param {Node} [drop]
   */
  const named = (axis, control, drop) => {
    const name = h("small", { "aria-hidden": "true" }, `axis ${axis}`);
    return h("div", {}, h("span", { class: "ss-wb-axis" }, name, drop), control);
  };
  const start = stepper(
    "offset in bytes",
    offset,
    itemsize,
    edit((n) => ({ offset: n })),
    true,
  );
  const lengths = shape.map((n, k) => {
    const set = edit((m) => ({ shape: replaceAt(bench.layout.shape, k, m) }));
    const drop = button("Drop", () => operate(bench, dropAxis(bench.layout, k)));
    drop.setAttribute("aria-label", `Drop axis ${k}`);
    return named(k, stepper(`shape, axis ${k}`, n, 1, set, true), drop);
  });
  const steps = strides.map((st, k) => {
    const set = edit((m) => ({ strides: replaceAt(bench.layout.strides, k, m) }));
    return named(k, stepper(`stride in bytes, axis ${k}`, st, itemsize, set, true));
  });
  const choices = SETS.map((word) => /** @type {const} */ ([word, word]));
  const sets = choiceButtons("Numbers to change", choices, (word) => showSet(word));
  const showSet = (/** @type {string} */ word) => {
    bench.shown = word;
    for (const [k, row] of rows.entries()) row.classList.toggle("ss-on", word === SETS[k]);
    sets.press(word);
  };
  const add = button("+ axis", () => operate(bench, addAxis(bench.layout)));
  const hint = h("small", { class: "ss-wb-hint" }, HINT);
  const rows = [
    stepRow("offset", "in bytes", [h("div", {}, start)]),
    stepRow("shape", "", lengths),
    stepRow("strides", "in bytes", steps),
  ];
  const foot = h("div", { class: "ss-wb-sets" }, sets.root, add, hint);
  bench.parts.steps.replaceChildren(...rows, foot);
  bench.parts.steps.dataset.axes = String(shape.length);
  showSet(bench.shown);
}

/**
 * @param {number[]} list
 * @param {number} at
 * @param {number} n
 */
const replaceAt = (list, at, n) => list.map((old, k) => (k === at ? n : old));

/**
 * The line that makes the buffer.
 * @param {Bench} bench
 */
function bufferLine({ state, hole, pictures, data }) {
  if (hole !== null) return "b = np.arange(12)";
  const code = ownerCode(state, sentValues(state, data));
  const bytes = code ?? (pictures && bytearrayCode(state.nbytes, pictures.hexAt));
  const name = bufferName(state);
  return bytes ? `${name} = ${bytes}` : `# ${name}: your ${state.nbytes} bytes`;
}

// Golf --------------------------------------------------------------------------------------------

/**
 * @param {Bench} bench
 * @param {number} hole
 */
function teeOff(bench, hole) {
  bench.hole = hole;
  bench.start = TEE;
  openBench(bench, TEE);
  drawTarget(bench.parts.target, HOLES[hole].target);
  showPicture(bench);
}

/** @param {Bench} bench */
function leaveGolf(bench) {
  bench.hole = null;
  bench.start = bench.state.layout;
  clear(bench.parts.target);
  clear(bench.parts.game);
  openBench(bench, bench.start);
  showPicture(bench);
}

/**
 * The card: hole, par and what was changed; the next hole once the target is reached.
 * @param {Bench} bench
 * @param {number} hole
 */
function drawScore(bench, hole) {
  const { view, layout, parts } = bench;
  const { words, target, par } = HOLES[hole];
  const used = changedNumbers(TEE, layout);
  const isDone = sameValues(layout, target);
  parts.target.classList.toggle("ss-wb-done", isDone);
  if (isDone) bench.scores = keepScore(bench.scores, hole, used);
  const title = h("b", {}, `Hole ${hole + 1} of ${HOLES.length}`);
  const score = h("p", {}, title, ` · ${words} · par ${par} · you ${used}`);
  const list = holeList(bench.scores, hole, (next) => teeOff(bench, next));
  const draw = (/** @type {Node[]} */ ...more) =>
    keepButton(parts.game, () => parts.game.replaceChildren(score, ...more, list));
  if (!isDone) return draw();
  const next = button("Next hole", () => {
    teeOff(bench, (hole + 1) % HOLES.length);
    parts.steps.querySelector("input")?.focus();
  });
  const numbers = `${used} changed number${used === 1 ? "" : "s"}`;
  const result = `✓ Reached with ${numbers}, par ${par}.`;
  draw(h("p", {}, result, " ", next));
  view.say(result);
}

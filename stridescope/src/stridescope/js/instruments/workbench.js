// workbench: one buffer, read as any offset, shape and strides say. The bytes never move; only the reading does.

import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { createPair } from "../controls/linked_pictures.js";
import { button, clear, h, stepper } from "../drawing/dom.js";
import { drawGrid } from "../drawing/grid.js";
import { HOLES, TEE, changedNumbers, golfBytes, sameValues } from "../model/golf.js";
import { makeLayout, transposed } from "../model/strides.js";
import { tuple, valueReader } from "../model/value_text.js";
import { numpyVerdict, outsideWords, reachWords } from "../model/verdict.js";
import { ndarrayLine } from "./layout.js";

const MOST_AXES = 6;

/** Readings made of a reading, or a sentence why not. */
const PRESETS = {
  Transpose: (lay) => transposed(lay),
  Reverse: (lay) =>
    axisFirst(lay) ?? {
      ...lay,
      offset: lay.offset + (lay.shape[0] - 1) * lay.strides[0],
      strides: [-lay.strides[0] || 0, ...lay.strides.slice(1)],
    },
  Diagonal: (lay) =>
    lay.shape.length < 2
      ? "A diagonal needs two axes."
      : {
          ...lay,
          shape: [...lay.shape.slice(0, -2), Math.min(...lay.shape.slice(-2))],
          strides: [...lay.strides.slice(0, -2), lay.strides.at(-2) + lay.strides.at(-1)],
        },
  Windows: (lay) =>
    (lay.shape.at(-1) ?? 0) < 3
      ? "Windows of three need a last axis of three or more."
      : (axesFull(lay) ?? {
          ...lay,
          shape: [...lay.shape.slice(0, -1), lay.shape.at(-1) - 2, 3],
          strides: [...lay.strides, lay.strides.at(-1)],
        }),
  Broadcast: (lay) =>
    axesFull(lay) ?? { ...lay, shape: [3, ...lay.shape], strides: [0, ...lay.strides] },
};
const AXES = {
  "+ axis": (lay) =>
    axesFull(lay) ?? { ...lay, shape: [1, ...lay.shape], strides: [0, ...lay.strides] },
  "\u2212 axis": (lay) =>
    lay.shape.length
      ? { ...lay, shape: lay.shape.slice(1), strides: lay.strides.slice(1) }
      : "There is no axis to drop.",
};
const axesFull = (lay) =>
  lay.shape.length >= MOST_AXES ? `${MOST_AXES} axes are the most that fit here.` : null;
const axisFirst = (lay) =>
  lay.shape.length && lay.shape[0] ? null : "There is no element to start from.";

/** @param {object} view @param {object} state @param {Uint8Array} data */
export function mountWorkbench(view, state, data) {
  const key = linkKey(state);
  const bench = { view, state, data, hole: null, start: state.layout, scores: [] };
  bench.place = h("div");
  bench.target = h("div", { class: "ss-workbench-target" });
  bench.line = h("code", {});
  bench.counts = h("p", {});
  bench.said = h("p", {});
  bench.steps = h("div", { class: "ss-workbench-steps" });
  bench.presets = h("div", { class: "ss-ctl" });
  bench.game = h("div", { class: "ss-workbench-golf" });
  view.picture.append(bench.game, bench.place, bench.counts, h("p", {}, bench.line), bench.said);
  view.controls.append(bench.steps, bench.presets);
  openBench(bench, linkedReading(state.layout, readLink("workbench", key)) ?? state.layout);
  view.onResize(() => {
    bench.pair.draw();
    if (bench.hole !== null) drawTarget(bench);
  });
  view.actions({
    numpy: () =>
      `import numpy as np\n${bufferLine(bench)}\n${ndarrayLine(bench.lay, bench.hole === null ? state.code : "'i8'")}`,
    link: () =>
      writeLink(
        "workbench",
        key,
        packNumbers([[bench.lay.offset], bench.lay.shape, bench.lay.strides]),
      ),
    reset: () => changeReading(bench, bench.start, true),
  });
}

/** The reading of a link; null if it is broken or no reading of this buffer. */
function linkedReading({ itemsize }, text) {
  const lists = unpackNumbers(text, 3);
  if (!lists || lists[0].length !== 1 || lists[1].length > MOST_AXES) return null;
  try {
    return makeLayout(lists[0][0], lists[1], lists[2], itemsize);
  } catch {
    return null;
  }
}

/** Lay a buffer on the bench: the reader's own, or that of the golf course. */
function openBench(bench, lay) {
  const { view, state } = bench;
  const golf = bench.hole !== null;
  const about = golf ? { nbytes: 96, dtype: { kind: "i", itemsize: 8, little: true } } : state;
  bench.nbytes = about.nbytes;
  clear(bench.place);
  bench.lay = lay;
  bench.pair = createPair(
    view,
    bench.place,
    {
      ...about,
      layout: lay,
      name: "the reading",
      label: "the reading",
      arcs: false,
      focus: golf ? null : state.focus,
      beside: golf ? bench.target : undefined,
    },
    golf ? golfBytes() : bench.data,
  );
  bench.presets.replaceChildren(
    ...(golf ? [] : presetButtons(bench, PRESETS)),
    button(golf ? "Back to my bytes" : "Stride golf", () =>
      golf ? leaveGolf(bench) : teeOff(bench, 0),
    ),
  );
  changeReading(bench, lay, true, true);
}

const presetButtons = (bench, presets) =>
  Object.entries(presets).map(([name, make]) => button(name, () => applyPreset(bench, make)));

function applyPreset(bench, make) {
  const made = make(bench.lay);
  if (typeof made === "string") return bench.view.say(made);
  const no = changeReading(bench, made, true);
  return no && bench.view.say(no);
}

/** Read the bytes as `lay`; returns a sentence if that cannot be. `anew`: other numbers than the one just edited changed. */
function changeReading(bench, lay, anew, quiet = false) {
  try {
    makeLayout(lay.offset, lay.shape, lay.strides, lay.itemsize);
  } catch (error) {
    return lay.shape.some((n) => n < 0)
      ? "ValueError: negative dimensions are not allowed"
      : `${error.message}.`;
  }
  bench.lay = lay;
  bench.pair.draw(lay);
  const outside = outsideWords(lay, bench.nbytes);
  const said = numpyVerdict(lay, bench.nbytes);
  bench.counts.textContent = `${outside} ${reachWords(lay, bench.nbytes)}`.trim();
  bench.line.textContent = ndarrayLine(lay, bench.hole === null ? bench.state.code : "'i8'");
  if (anew) drawSteps(bench);
  bench.said.textContent = said;
  if (!quiet)
    bench.view.say(
      `${said.startsWith("→ NumPy refuses") ? "NumPy refuses" : "NumPy accepts"}. ${outside}`,
    );
  if (bench.hole !== null) drawScore(bench);
  return "";
}

/** A stepper for each number, named as in the line of NumPy. */
function drawSteps(bench) {
  const { lay } = bench;
  const byteStep = lay.itemsize;
  const edit = (make) => (n) => changeReading(bench, { ...bench.lay, ...make(n) }, false);
  const replaced = (list, k, n) => list.map((old, axis) => (axis === k ? n : old));
  const row = (word, ...steps) =>
    h("div", { class: "ss-workbench-row" }, h("span", {}, word), h("div", {}, steps));
  const named = (words, step) => h("div", {}, h("small", {}, words), step);
  const shape = lay.shape.map((n, k) =>
    named(
      `length of axis ${k}`,
      stepper(
        `shape, axis ${k}`,
        n,
        1,
        edit((m) => ({ shape: replaced(bench.lay.shape, k, m) })),
      ),
    ),
  );
  const strides = lay.strides.map((st, k) =>
    named(
      `bytes a step, axis ${k}`,
      stepper(
        `stride in bytes, axis ${k}`,
        st,
        byteStep,
        edit((m) => ({ strides: replaced(bench.lay.strides, k, m) })),
      ),
    ),
  );
  const offset = named(
    "first byte",
    stepper(
      "offset in bytes",
      lay.offset,
      byteStep,
      edit((at) => ({ offset: at })),
    ),
  );
  bench.steps.replaceChildren(
    row("offset", offset, presetButtons(bench, AXES)),
    row("shape", shape),
    row("strides", strides),
  );
}

/** The lines that make the buffer `b`. */
function bufferLine({ state, hole, pair }) {
  if (hole !== null) return "b = np.arange(12)";
  const hex =
    state.nbytes <= 512
      ? Array.from({ length: state.nbytes }, (_, k) => pair.hexAt(k)).join("")
      : "·";
  return hex.includes("·") ? `# b: your ${state.nbytes} bytes` : `b = bytearray.fromhex('${hex}')`;
}

// Golf ---------------------------------------------------------------------------------------------

function teeOff(bench, hole) {
  bench.hole = hole;
  bench.start = TEE;
  if (hole === 0) bench.scores = [];
  openBench(bench, TEE);
  drawTarget(bench);
}

function leaveGolf(bench) {
  bench.hole = null;
  bench.start = bench.state.layout;
  clear(bench.target);
  clear(bench.game);
  openBench(bench, bench.start);
}

/** The target as a ghost: the same bytes, read as they should be. */
function drawTarget(bench) {
  const { target } = HOLES[bench.hole];
  const value = valueReader({ kind: "i", itemsize: 8, little: true }, golfBytes(), { nbytes: 96 });
  const { svg } = drawGrid(target, value, null, 358, {
    label: `Target: ${targetWords(target, value)}`,
  });
  bench.target.replaceChildren(
    h("p", { class: "ss-read" }, "Target, shape ", h("b", {}, tuple(target.shape))),
    svg,
  );
}

/** The target row by row, for those who listen. */
function targetWords({ offset, shape, strides }, value) {
  const row = (i) =>
    Array.from({ length: shape[1] }, (_, j) =>
      value(offset + i * strides[0] + j * strides[1]),
    ).join(", ");
  return Array.from({ length: shape[0] }, (_, i) => `row ${i}: ${row(i)}`).join("; ");
}

/** Hole, par and what was changed; the next hole once the target is reached. */
function drawScore(bench) {
  const { words, target, par } = HOLES[bench.hole];
  const used = changedNumbers(TEE, bench.lay);
  const done = sameValues(bench.lay, target);
  bench.target.classList.toggle("ss-workbench-done", done);
  const score = h(
    "p",
    {},
    h("b", {}, `Hole ${bench.hole + 1} of ${HOLES.length}`),
    ` · ${words} · par ${par} · you ${used}`,
  );
  if (!done) return bench.game.replaceChildren(score);
  bench.scores[bench.hole] = used;
  const last = bench.hole === HOLES.length - 1;
  const total = bench.scores.reduce((a, b) => a + b, 0);
  const next = button(last ? "Play again" : "Next hole", () => {
    teeOff(bench, last ? 0 : bench.hole + 1);
    bench.steps.querySelector("input").focus();
  });
  const said = `✓ Reached with ${used} changed number${used === 1 ? "" : "s"}, par ${par}.${last ? ` The round: ${total}.` : ""}`;
  bench.game.replaceChildren(score, h("p", {}, said, " ", next));
  return bench.view.say(said);
}

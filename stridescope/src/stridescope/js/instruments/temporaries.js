// `temporaries` live: the intermediates of an expression as blocks of memory, one row for each
// step.

import { choiceButtons } from "../controls/buttons.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { playbackControls } from "../controls/playback.js";
import { h, pointIn, prose } from "../drawing/dom.js";
import { drawBlocks } from "../drawing/temporaries.js";
import { peakWords, programCode, readProgram, stepWords } from "../model/allocations.js";

/** @import { OutMode, Program, TemporariesState, View } from "../types.js" */

/** @type {OutMode[]} */
const OUT_MODES = ["", "reuse", "buffers"];
/** @type {Record<OutMode, string>} */
const MODE_NAMES = { "": "as written", reuse: "out= temporaries", buffers: "out= buffers" };
/** @type {Record<OutMode, string>} */
const MODE_WORDS = {
  "": "as written",
  reuse: "`out=` into temporaries",
  buffers: "`out=` into preallocated buffers",
};

/**
 * @typedef {object} Temporaries
 * @property {View} view
 * @property {TemporariesState} state
 * @property {Program[]} programs one for each use of `out=`
 * @property {OutMode} mode
 * @property {number} step
 * @property {ReturnType<typeof drawBlocks> | null} picture
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {TemporariesState} state
 */
export function mountTemporaries(view, state) {
  const key = linkKey(state);
  const programs = state.programs.map((program) => readProgram(program, state.before));
  const linked = parseStep(programs, readLink("temporaries", key));
  const { mode } = linked ?? state;
  /** @type {Temporaries} */
  const me = { view, state, programs, mode, step: 1, picture: null };
  me.step = linked?.step ?? programOf(me).peakStep;
  const choices = OUT_MODES.map((one) => /** @type {const} */ ([one, MODE_NAMES[one]]));
  const modes = choiceButtons("Use of out=", choices, change);
  const playback = playbackControls({
    label: "Step",
    first: 1,
    last: () => programOf(me).steps.length,
    read: () => me.step,
    go: (step) => showProgramStep(me, step),
    words: (step) => `step ${step} of ${programOf(me).steps.length}`,
  });
  view.controls.append(modes.root, h("span", { class: "ss-walk" }, playback.nodes));
  const draw = () => drawProgram(me, playback);
  const show = () => {
    modes.press(me.mode);
    draw();
    playback.update();
  };
  /** @param {OutMode} next */
  function change(next) {
    playback.stop();
    me.mode = next;
    me.step = programOf(me).peakStep;
    show();
  }
  view.actions({
    numpy: () => programCode(programOf(me)),
    reset: () => change(state.mode),
    link: () => writeLink("temporaries", key, packStep(me)),
  });
  view.onResize(draw);
  show();
  return playback.stop;
}

/** @param {Temporaries} me */
const programOf = ({ programs, mode }) => programs[OUT_MODES.indexOf(mode)];

/** @param {Temporaries} me */
const packStep = ({ mode, step }) => packNumbers([[OUT_MODES.indexOf(mode), step]]);

/**
 * Draw the program; touching a row goes to its step.
 * @param {Temporaries} me
 * @param {ReturnType<typeof playbackControls>} playback
 */
function drawProgram(me, playback) {
  const { view, state } = me;
  const program = programOf(me);
  const picture = drawBlocks(program, view.width());
  const { svg } = picture;
  svg.addEventListener("click", (event) => {
    const step = picture.stepAt(pointIn(event, svg)[1]);
    if (step < 1 || step > program.steps.length) return;
    playback.stop();
    showProgramStep(me, step);
    playback.update();
  });
  me.picture = picture;
  view.picture.replaceChildren(
    h("p", {}, h("code", {}, state.expression), ", ", prose(MODE_WORDS[me.mode]), "."),
    svg,
    h("p", { class: "ss-peak" }, peakWords(program)),
    h("p", { class: "ss-read" }, state.note),
  );
  showProgramStep(me, Math.min(me.step, program.steps.length));
}

/**
 * @param {Temporaries} me
 * @param {number} step
 */
function showProgramStep(me, step) {
  me.step = step;
  me.picture?.show(step);
  me.view.say(stepWords(programOf(me), step));
}

/**
 * The state that a link holds, or null.
 * @param {Program[]} programs
 * @param {string | null} text
 */
function parseStep(programs, text) {
  const [[mode, step] = []] = unpackNumbers(text, 1) ?? [];
  const isStep = step >= 1 && step <= (programs[mode]?.steps.length ?? 0);
  return isStep ? { mode: OUT_MODES[mode], step } : null;
}

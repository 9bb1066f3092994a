// temporaries: the intermediates of an expression as blocks of memory, one row for each step.

import { WIDE } from "../controls/frame.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { choiceButtons, walkControls } from "../controls/playback.js";
import { h, s } from "../drawing/dom.js";
import { rectPath } from "../drawing/grid.js";
import { short } from "../model/value_text.js";

const MODES = ["", "reuse", "buffers"];
const ROW_PITCH = 36;
const ROW_TOP = 26;
const CODE_ROOM = 250;
const MODE_WORDS = {
  "": "as written",
  reuse: "`out=` into temporaries",
  buffers: "`out=` into buffers made before",
};

/** @param {object} view @param {object} state */
export function mountTemporaries(view, state) {
  const key = linkKey(state);
  const me = { view, state, programs: state.programs.map((p) => readProgram(p, state.before)) };
  const first = () => ({ mode: state.mode, step: programOf(me, state.mode).peakStep });
  me.now = linkedStep(me, readLink("temporaries", key)) ?? first();
  const modes = choiceButtons(
    "Use of out=",
    [
      ["", "as written"],
      ["reuse", "out= temporaries"],
      ["buffers", "out= buffers"],
    ],
    (mode) => change({ mode, step: programOf(me, mode).peakStep }),
  );
  me.walk = walkControls({
    label: "Step",
    first: 1,
    last: () => me.program.steps.length,
    read: () => me.now.step,
    go: (step) => showRow(me, step),
    words: (step) => `step ${step} of ${me.program.steps.length}`,
  });
  view.controls.append(modes.root, h("span", { class: "ss-walk" }, me.walk.nodes));

  function change(what) {
    me.walk.stop();
    Object.assign(me.now, what);
    me.program = programOf(me, me.now.mode);
    modes.press(me.now.mode);
    drawBlocks(me);
    me.walk.update();
  }
  view.actions({
    numpy: () => programCode(me.program),
    reset: () => change(first()),
    link: () =>
      writeLink("temporaries", key, packNumbers([[MODES.indexOf(me.now.mode), me.now.step]])),
  });
  view.onResize(() => drawBlocks(me));
  change({});
  return me.walk.stop;
}

const programOf = (me, mode) => me.programs[MODES.indexOf(mode)];

/** The state that a link holds, or null. */
function linkedStep(me, text) {
  const [[mode, step] = []] = unpackNumbers(text, 1) ?? [];
  return me.programs[mode] && step >= 1 && step <= me.programs[mode].steps.length
    ? { mode: MODES[mode], step }
    : null;
}

/** A program as Python sent it, with what is held at each step and the peak. */
function readProgram({ steps, blocks, buffers }, before) {
  const block = ([name, nbytes, birth, death, code]) => ({ name, nbytes, birth, death, code });
  const given = before.map((b) => block([b.name, b.nbytes, 0, steps.length]));
  const made = buffers.map(([name, nbytes, code]) => block([name, nbytes, 0, steps.length, code]));
  const program = { steps, there: [...given, ...made], buffers: made, blocks: blocks.map(block) };
  program.held = steps.map((_, k) =>
    program.blocks
      .filter((b) => b.birth <= k + 1 && k + 1 <= b.death)
      .reduce((n, b) => n + b.nbytes, 0),
  );
  program.peak = Math.max(...program.held);
  program.peakStep = program.held.indexOf(program.peak) + 1;
  return program;
}

/** The lines of NumPy: buffers first, then the steps. */
const programCode = ({ buffers, steps }) =>
  [...buffers.map((b) => `${b.name} = ${b.code}`), ...steps.map((step) => step.code)].join("\n");

/** A size in powers of 1000 with three digits: 8 B, 2.4 kB. */
export function sizeWords(nbytes) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let size = nbytes;
  let k = 0;
  while (size >= 999.5 && k < units.length - 1) {
    size /= 1000;
    k += 1;
  }
  return `${size >= 99.95 ? Math.round(size).toLocaleString("en") : Number(size.toPrecision(3))} ${units[k]}`;
}

const blockMeets = (a, b) => a.birth <= b.death && b.birth <= a.death;
const blockName = (block) => Math.round(7.9 * block.name.length) + 9;
const blockWords = (block) =>
  Math.round(7.3 * Math.max(block.name.length, sizeWords(block.nbytes).length)) + 10;

/** Left end and width of each block: as many px as bytes allow in `room`. The mirror of temporaries.placed. */
function placeBlocks(blocks, room, wide) {
  const most = Math.max(
    0,
    ...blocks.map((b) =>
      blocks
        .filter((o) => o.birth <= b.birth && b.birth <= o.death)
        .reduce((n, o) => n + o.nbytes, 0),
    ),
  );
  let scale = most ? room / most : 1;
  let found;
  for (let k = 0; k < 40; k++) {
    found = packBlocks(blocks, scale, wide);
    if (found.end <= room) break;
    scale *= 0.9;
  }
  return found.spots;
}

/** Lay each block at the first gap that is free for its whole life. */
function packBlocks(blocks, scale, wide) {
  const spots = new Map();
  const taken = [];
  for (const block of blocks) {
    const width = Math.max(4, Math.round(block.nbytes * scale));
    const words = wide ? blockWords(block) : blockName(block);
    const need = words <= width ? width : width + words;
    const free = (x) =>
      !taken.some((t) => blockMeets(block, t.block) && x < t.right && t.left < x + need);
    const left = [0, ...taken.map((t) => t.right)].sort((a, b) => a - b).find(free);
    spots.set(block, { x: left, width });
    taken.push({ block, left, right: left + need + 4 });
  }
  return { spots, end: Math.max(0, ...taken.map((t) => t.right)) };
}

/** Draw steps downwards, bytes to the right. */
function drawBlocks(me) {
  const { program, view, state, now } = me;
  const width = view.width();
  const wide = width >= WIDE;
  const last = program.steps.length;
  const left = wide ? CODE_ROOM + 14 : 22;
  const right = width - (wide ? 104 : 66);
  const spots = placeBlocks([...program.there, ...program.blocks], right - left - 8, wide);
  const svg = s("svg", {
    width,
    height: ROW_TOP + ROW_PITCH * last + 4 + (wide ? 0 : 22 * last + 6),
    role: "img",
    "aria-label": "Memory of the expression, step by step",
  });
  const words = (cls, x, y, text) => {
    const g = s("g", { class: cls }, s("text", { x, y }, text));
    svg.append(g);
    return g;
  };
  me.band = s("path", { class: "ss-band" });
  svg.append(
    me.band,
    s("path", {
      class: "g",
      d: program.steps.map((_, k) => `M0 ${ROW_TOP + ROW_PITCH * k}H${width}`).join(""),
    }),
  );
  if (program.there.length) words("z", left, 14, "there before");
  words("z", right, 14, "new, held");
  me.lines = program.steps.map((step, k) => {
    const y = ROW_TOP + ROW_PITCH * k + 23;
    const at = wide ? y : ROW_TOP + ROW_PITCH * last + 22 * (k + 1);
    const peak = k + 1 === program.peakStep && program.peak > 0;
    for (const line of new Set([y, at])) words("s x", 12, line, k + 1);
    const held = sizeWords(program.held[k]);
    if (peak && !wide) {
      words("i b", right, y - 6, held);
      words("i b", right, y + 8, "peak");
    } else words(peak ? "i b" : "z", right, y, held + (peak ? " peak" : ""));
    return words(
      "b",
      20,
      at,
      short(step.code, Math.floor(((wide ? CODE_ROOM : width) - 20) / 7.9)),
    );
  });
  me.boxes = [...program.there, ...program.blocks].map((block) => ({
    block,
    box: drawBlock(svg, words, block, spots.get(block), left, wide),
  }));
  svg.addEventListener("click", (event) =>
    stepAt(me, event.clientY - svg.getBoundingClientRect().top),
  );
  const peak = h("p", { class: "ss-peak" }, peakWords(program));
  view.picture.replaceChildren(
    h(
      "p",
      {},
      h("code", {}, state.expression),
      ", ",
      ...MODE_WORDS[now.mode].split("`").map((t, k) => (k % 2 ? h("code", {}, t) : t)),
      ".",
    ),
    svg,
    peak,
    h("p", { class: "ss-read" }, state.note),
  );
  showRow(me, Math.min(now.step, last));
}

/** One block through the steps at which it is held, with its label at the first. */
function drawBlock(svg, words, block, spot, left, wide) {
  const from = Math.max(block.birth, 1);
  const x = left + spot.x;
  const top = ROW_TOP + ROW_PITCH * (from - 1) + 4;
  const box = s("path", {
    class: block.birth ? "n" : "b",
    d: rectPath(x, top, spot.width - 1, ROW_PITCH * (block.death - from + 1) - 7),
    dataset: { block: block.name, nbytes: block.nbytes },
  });
  svg.append(box);
  const whole = blockWords(block) <= spot.width;
  const start = x + (whole || (!wide && blockName(block) <= spot.width) ? 5 : spot.width + 4);
  words("b", start, top + 13, block.name);
  if (wide || whole) words("z", start, top + 26, sizeWords(block.nbytes));
  return box;
}

/** Touching a row goes to its step. */
function stepAt(me, y) {
  const step = Math.floor((y - ROW_TOP) / ROW_PITCH) + 1;
  if (step < 1 || step > me.program.steps.length) return;
  me.walk.stop();
  showRow(me, step);
  me.walk.update();
}

/** Show a step: its row, and the blocks that are held during it; others stand empty. */
function showRow(me, step) {
  const { program, view, now } = me;
  now.step = step;
  me.band.setAttribute("d", rectPath(0, ROW_TOP + ROW_PITCH * (step - 1), view.width(), ROW_PITCH));
  me.lines.forEach((line, k) => line.setAttribute("class", k + 1 === step ? "i b" : "b"));
  for (const { block, box } of me.boxes) {
    if (block.birth)
      box.setAttribute("class", block.birth <= step && step <= block.death ? "n" : "ss-gone");
  }
  const held = program.blocks
    .filter((b) => b.birth <= step && step <= b.death)
    .map((b) => `${b.name} ${sizeWords(b.nbytes)}`);
  const sum = sizeWords(program.held[step - 1]);
  const peak = program.held[step - 1] === program.peak ? ", the peak" : "";
  view.say(
    `Step ${step} of ${program.steps.length}: ${program.steps[step - 1].code}. New memory held: ${held.length ? `${held.join(", ")}; ${sum} in all${peak}` : "none"}.`,
  );
}

/** The most that is held at a time. */
function peakWords(program) {
  const there = program.there.map((b) => `${b.name} (${sizeWords(b.nbytes)})`);
  return `Peak: ${sizeWords(program.peak)} of new memory, first at step ${program.peakStep}${there.length ? `; before it there is ${there.join(", ")}` : ""}.`;
}

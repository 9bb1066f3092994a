// Blocks of memory, one row for each step of an expression. The mirror of drawing/temporaries.py.

import { heldAt } from "../model/allocations.js";
import { sum } from "../model/strides.js";
import { sizeWords } from "../model/units.js";
import { short } from "../model/value_text.js";
import { s } from "./dom.js";
import { rectPath, WIDE } from "./shapes.js";

/** @import { Block, Program } from "../types.js" */

const ROW_PITCH = 36;
const ROW_TOP = 26;
/** Room for the code of a step in the wide form, px. */
const CODE_ROOM = 250;
const CODE_PITCH = 22;
const BOLD_W = 7.9;
const PLAIN_W = 7.9;

/** @typedef {{x: number, width: number}} Spot left end and width of a block, px */

/**
 * Where a program is drawn, px.
 * @typedef {object} BlockPlan
 * @property {Program} program
 * @property {SVGSVGElement} svg
 * @property {number} width
 * @property {boolean} wide
 * @property {number} left of the blocks
 * @property {number} right of the blocks
 */

/**
 * Blocks that are drawn.
 * @typedef {object} BlockPicture
 * @property {SVGSVGElement} svg
 * @property {(y: number) => number} stepAt the step at a height in px
 * @property {(step: number) => void} show
 */

/** @param {Block} block */
const nameWidth = ({ name }) => Math.round(BOLD_W * name.length) + 9;

/** @param {Block} block */
const labelWidth = ({ name, nbytes }) =>
  Math.round(PLAIN_W * Math.max(name.length, sizeWords(nbytes).length)) + 10;

/**
 * Left end and width of each block: as many px as bytes allow in `room`.
 * @param {Block[]} blocks
 * @param {number} room
 * @param {boolean} wide
 */
function placeBlocks(blocks, room, wide) {
  const held = blocks.map(({ birth }) => sum(heldAt(blocks, birth).map(({ nbytes }) => nbytes)));
  const most = Math.max(0, ...held);
  let scale = most ? room / most : 1;
  let packed = packBlocks(blocks, scale, wide);
  for (let k = 1; k < 40 && packed.end > room; k++) {
    scale *= 0.9;
    packed = packBlocks(blocks, scale, wide);
  }
  return packed.spots;
}

/**
 * Lay each block at the first gap that is free for its whole life.
 * @param {Block[]} blocks
 * @param {number} scale px of a byte
 * @param {boolean} wide
 */
function packBlocks(blocks, scale, wide) {
  /** @type {Spot[]} */
  const spots = [];
  /** @type {{block: Block, left: number, right: number}[]} */
  const taken = [];
  for (const block of blocks) {
    const width = Math.max(4, Math.round(block.nbytes * scale));
    const label = wide ? labelWidth(block) : nameWidth(block);
    const need = label <= width ? width : width + label;
    const others = taken.filter((t) => livesWith(block, t.block));
    /** @param {number} x */
    const isFree = (x) => others.every((t) => x >= t.right || t.left >= x + need);
    const starts = [0, ...taken.map((t) => t.right)].sort((a, b) => a - b);
    const left = starts.find(isFree) ?? 0;
    spots.push({ x: left, width });
    taken.push({ block, left, right: left + need + 4 });
  }
  return { spots, end: Math.max(0, ...taken.map((t) => t.right)) };
}

/**
 * Whether two blocks are held at the same time.
 * @param {Block} a
 * @param {Block} b
 */
const livesWith = (a, b) => a.birth <= b.death && b.birth <= a.death;

/**
 * Draw steps downwards, bytes to the right.
 * @param {Program} program
 * @param {number} width
 * @returns {BlockPicture}
 */
export function drawBlocks(program, width) {
  const { steps } = program;
  const wide = width >= WIDE;
  const left = wide ? CODE_ROOM + 14 : 22;
  const right = width - (wide ? 104 : 66);
  const height = ROW_TOP + ROW_PITCH * steps.length + 4;
  const below = wide ? 0 : CODE_PITCH * steps.length + 6;
  const name = { role: "img", "aria-label": "Memory of the expression, step by step" };
  const svg = s("svg", { width, height: height + below, ...name });
  const band = s("path", { class: "ss-band" });
  const edges = steps.map((_, k) => `M0 ${ROW_TOP + ROW_PITCH * k}H${width}`).join("");
  svg.append(band, s("path", { class: "g", d: edges }));
  if (program.there.length) svg.append(label("z", left, 14, "existing"));
  svg.append(label("z", right, 14, "held"));
  /** @type {BlockPlan} */
  const plan = { program, svg, width, wide, left, right };
  const lines = steps.map((_, k) => drawStep(plan, k));
  const blocks = [...program.there, ...program.blocks];
  const spots = placeBlocks(blocks, right - left - 8, wide);
  const boxes = blocks.map((block, k) => drawBlock(plan, block, spots[k]));
  return {
    svg,
    stepAt: (y) => Math.floor((y - ROW_TOP) / ROW_PITCH) + 1,
    show: (step) => {
      const top = ROW_TOP + ROW_PITCH * (step - 1);
      band.setAttribute("d", rectPath(0, top, width, ROW_PITCH));
      lines.forEach((line, k) => {
        line.setAttribute("class", k + 1 === step ? "i b" : "b");
      });
      const held = heldAt(blocks, step);
      boxes.forEach((box, k) => {
        const { birth } = blocks[k];
        if (birth) box.setAttribute("class", held.includes(blocks[k]) ? "n" : "ss-gone");
      });
    },
  };
}

/**
 * @param {string} cls
 * @param {number} x
 * @param {number} y
 * @param {string | number} text
 */
const label = (cls, x, y, text) => s("g", { class: cls }, s("text", { x, y }, text));

/**
 * The numbers and the code of a step; returns the group of the code.
 * @param {BlockPlan} plan
 * @param {number} k
 */
function drawStep({ program, svg, width, wide, right }, k) {
  const y = ROW_TOP + ROW_PITCH * k + 23;
  const below = ROW_TOP + ROW_PITCH * program.steps.length + CODE_PITCH * (k + 1);
  const at = wide ? y : below;
  const isPeak = k + 1 === program.peakStep && program.peak > 0;
  for (const line of new Set([y, at])) svg.append(label("s x", 12, line, k + 1));
  const held = sizeWords(program.held[k]);
  if (isPeak && !wide)
    svg.append(label("i b", right, y - 6, held), label("i b", right, y + 8, "peak"));
  else svg.append(label(isPeak ? "i b" : "z", right, y, held + (isPeak ? " peak" : "")));
  const room = Math.floor(((wide ? CODE_ROOM : width) - 20) / BOLD_W);
  const code = label("b", 20, at, short(program.steps[k].code, room));
  svg.append(code);
  return code;
}

/**
 * One block through the steps at which it is held, with its label at the first.
 * @param {BlockPlan} plan
 * @param {Block} block
 * @param {Spot} spot
 */
function drawBlock({ svg, left, wide }, block, spot) {
  const from = Math.max(block.birth, 1);
  const x = left + spot.x;
  const top = ROW_TOP + ROW_PITCH * (from - 1) + 4;
  const box = s("path", {
    class: block.birth ? "n" : "b",
    d: rectPath(x, top, spot.width - 1, ROW_PITCH * (block.death - from + 1) - 7),
    dataset: { block: block.name, nbytes: block.nbytes },
  });
  svg.append(box);
  const fits = labelWidth(block) <= spot.width;
  const isInside = fits || (!wide && nameWidth(block) <= spot.width);
  const start = x + (isInside ? 5 : spot.width + 4);
  svg.append(label("b", start, top + 13, block.name));
  if (wide || fits) svg.append(label("z", start, top + 26, sizeWords(block.nbytes)));
  return box;
}

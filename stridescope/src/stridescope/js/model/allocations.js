// The blocks of memory that an expression makes, step by step. The mirror of model/allocations.py.

import { sum } from "./strides.js";
import { sizeWords } from "./units.js";

/** @import { Block, Program, ProgramState, TemporariesState } from "../types.js" */

/**
 * A program as Python sent it, with what is held at each step and the peak.
 * @param {ProgramState} state
 * @param {TemporariesState["before"]} before arrays that are there already
 * @returns {Program}
 */
export function readProgram({ steps, ...state }, before) {
  const last = steps.length;
  /** @type {Block[]} */
  const buffers = state.buffers.map(([name, nbytes, code]) => {
    return { name, nbytes, birth: 0, death: last, code };
  });
  const arrays = before.map(({ name, nbytes }) => ({ name, nbytes, birth: 0, death: last }));
  /** @type {Block[]} */
  const blocks = state.blocks.map(([name, nbytes, birth, death]) => {
    return { name, nbytes, birth, death };
  });
  const held = steps.map((_, k) => sum(heldAt(blocks, k + 1).map(({ nbytes }) => nbytes)));
  const peak = Math.max(...held);
  // as far as three digits show, as in Python
  const peakStep = held.map(sizeWords).indexOf(sizeWords(peak)) + 1;
  return { steps, there: [...arrays, ...buffers], buffers, blocks, held, peak, peakStep };
}

/**
 * The blocks that are held at a step.
 * @param {Block[]} blocks
 * @param {number} step
 */
export const heldAt = (blocks, step) =>
  blocks.filter(({ birth, death }) => birth <= step && step <= death);

/**
 * The lines of NumPy: buffers first, then the steps.
 * @param {Program} program
 */
export const programCode = ({ buffers, steps }) =>
  [...buffers.map(({ name, code }) => `${name} = ${code}`), ...steps.map(({ code }) => code)].join(
    "\n",
  );

/**
 * What is held at a step, in words.
 * @param {Program} program
 * @param {number} step
 */
export function stepWords({ steps, blocks, held, peak }, step) {
  const names = heldAt(blocks, step).map(({ name, nbytes }) => `${name} ${sizeWords(nbytes)}`);
  const nbytes = held[step - 1];
  const words = sizeWords(nbytes);
  const all = `${words} in all${words === sizeWords(peak) ? ", the peak" : ""}`;
  const memory = names.length ? `${names.join(", ")}; ${all}` : "none";
  return `Step ${step} of ${steps.length}: ${steps[step - 1].code}. New memory held: ${memory}.`;
}

/**
 * The most that is held at a time.
 * @param {Program} program
 */
export function peakWords({ peak, peakStep, there }) {
  const blocks = there.map(({ name, nbytes }) => `${name} (${sizeWords(nbytes)})`);
  const before = blocks.length ? `; already in memory: ${blocks.join(", ")}` : "";
  return `Peak: ${sizeWords(peak)} of new memory, first at step ${peakStep}${before}.`;
}

// Layouts made of a layout by one change, or a sentence why there is none.

import { transposed } from "./strides.js";

/** @import { Layout } from "../types.js" */

/** @typedef {(lay: Layout) => Layout | string} Preset */

/** Most axes of a reading. */
export const MOST_AXES = 6;

/** @type {Record<string, Preset>} */
export const PRESETS = {
  Transpose: (lay) => transposed(lay),
  Reverse: reverseFirst,
  Diagonal: diagonalOf,
  Windows: windowsOfThree,
  Broadcast: (lay) => withFirstAxis(lay, 3),
};

/** A first axis of length 1. @type {Preset} */
export const addAxis = (lay) => withFirstAxis(lay, 1);

/**
 * The layout at index 0 of an axis.
 * @param {Layout} lay
 * @param {number} axis
 */
export const dropAxis = ({ shape, strides, ...lay }, axis) => ({
  ...lay,
  shape: shape.filter((_, k) => k !== axis),
  strides: strides.filter((_, k) => k !== axis),
});

const NO_ROOM = `At most ${MOST_AXES} axes fit here.`;

/** @type {Preset} */
function reverseFirst(lay) {
  const [length] = lay.shape;
  const [stride, ...others] = lay.strides;
  if (!length) return "There is no element to start from.";
  const offset = lay.offset + (length - 1) * stride;
  return { ...lay, offset, strides: [-stride || 0, ...others] };
}

/** @type {Preset} */
function diagonalOf(lay) {
  const { shape, strides } = lay;
  if (shape.length < 2) return "A diagonal needs two axes.";
  const [down, right] = strides.slice(-2);
  return {
    ...lay,
    shape: [...shape.slice(0, -2), Math.min(...shape.slice(-2))],
    strides: [...strides.slice(0, -2), down + right],
  };
}

/** @type {Preset} */
function windowsOfThree(lay) {
  const { shape, strides } = lay;
  const length = shape.at(-1) ?? 0;
  if (length < 3) return "Windows of three need a last axis of three or more.";
  if (shape.length >= MOST_AXES) return NO_ROOM;
  return {
    ...lay,
    shape: [...shape.slice(0, -1), length - 2, 3],
    strides: [...strides, ...strides.slice(-1)],
  };
}

/**
 * @param {Layout} lay
 * @param {number} length
 */
function withFirstAxis(lay, length) {
  if (lay.shape.length >= MOST_AXES) return NO_ROOM;
  return { ...lay, shape: [length, ...lay.shape], strides: [0, ...lay.strides] };
}

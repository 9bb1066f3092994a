// Reshape as NumPy does it: a view where groups of axes merge into one stride, else a copy.

import { axesOfLayout, cStrides, isC, product, sizeOf, tupleText } from "./strides.js";

/** @import { Axis, FailedMerge, Layout, Reshaped } from "../types.js" */

/**
 * The layout of reshape(shape) in C order as a view, or the first equation that does not hold.
 * @param {Layout} lay
 * @param {number[]} shape
 * @returns {Reshaped}
 */
export function reshaped(lay, shape) {
  /**
   * @param {number[]} strides
   * @returns {Reshaped}
   */
  const asView = (strides) => ({ layout: { ...lay, shape: [...shape], strides } });
  if (product(shape) !== sizeOf(lay)) {
    return {
      fails: {
        outer: null,
        inner: null,
        text: `${sizeOf(lay)} elements do not fill shape ${tupleText(shape)}`,
      },
    };
  }
  if (shape.length === lay.shape.length && shape.every((n, k) => n === lay.shape[k]))
    return asView([...lay.strides]);
  if (isC(lay)) return asView(cStrides(shape, lay.itemsize));
  return regroup(lay, shape, asView);
}

/**
 * Whether two neighboring axes read as one in C order: s₀ = n₁·s₁.
 * @param {Axis} outer
 * @param {Axis} inner
 */
export function merges(outer, inner) {
  return outer[0] === 1 || inner[0] === 1 || outer[1] === inner[0] * inner[1];
}

/**
 * NumPy's _attempt_nocopy_reshape: axes of a group must merge into one; that one is then split.
 * @param {Layout} lay
 * @param {number[]} shape
 * @param {(strides: number[]) => Reshaped} asView
 * @returns {Reshaped}
 */
function regroup(lay, shape, asView) {
  const axes = axesOfLayout(lay).filter(([n]) => n !== 1);
  /** @type {number[]} */
  const strides = [];
  let next = 0;
  while (next < axes.length && strides.length < shape.length) {
    const start = strides.length;
    const first = next++;
    let stop = start + 1;
    let have = axes[first][0];
    let want = shape[start];
    while (want !== have) {
      if (want < have) want *= shape[stop++];
      else have *= axes[next++][0];
    }
    const group = axes.slice(first, next);
    const bad = group.findIndex((axis, k) => k + 1 < group.length && !merges(axis, group[k + 1]));
    if (bad >= 0) return { fails: notMerged(group[bad], group[bad + 1]) };
    const step = group[group.length - 1][1];
    for (let k = start; k < stop; k++) strides.push(product(shape.slice(k + 1, stop)) * step || 0);
  }
  const last = strides.at(-1) ?? lay.itemsize;
  return asView([...strides, ...Array(shape.length - strides.length).fill(last)]);
}

/**
 * @param {Axis} outer
 * @param {Axis} inner
 * @returns {FailedMerge}
 */
function notMerged(outer, inner) {
  const equation = `${inner[0]}·${inner[1]} = ${inner[0] * inner[1] || 0}`;
  const text = `to merge two of its axes ${outer[1]} would have to equal ${equation}`;
  return { outer, inner, text };
}

// The strides model says what NumPy says.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as lookup from "../../stridescope/src/stridescope/js/model/byte_lookup.js";
import * as reshape from "../../stridescope/src/stridescope/js/model/reshape.js";
import * as strides from "../../stridescope/src/stridescope/js/model/strides.js";
import { cases } from "./cases.mjs";

/** @import { ArrayCase } from "./cases.mjs" */

const model = { ...strides, ...lookup, ...reshape };

/**
 * @param {string} name
 * @param {(one: ArrayCase) => void} check
 */
const each = (name, check) =>
  test(`${name}, on ${cases.length} cases`, () => {
    for (const c of cases) {
      try {
        check(c);
      } catch (error) {
        throw new Error(`layout ${JSON.stringify(c.layout)}`, { cause: error });
      }
    }
  });
/** @param {() => void} act */
const refuses = (act) => assert.throws(act, RangeError);

test("there are at least 2 000 cases", () => assert.ok(cases.length >= 2000));

each("each element lies where NumPy puts it", ({ layout, starts }) => {
  for (const [index, byte] of starts) assert.equal(model.byteOf(layout, index), byte);
});

each("negative indices count from the end, others are refused", ({ layout, starts }) => {
  for (const [index, byte] of starts.slice(0, 3)) {
    assert.equal(
      model.byteOf(
        layout,
        index.map((i, k) => i - layout.shape[k]),
      ),
      byte,
    );
  }
  refuses(() => model.normalIndex(layout, [...layout.shape, 0]));
  if (layout.shape.length) refuses(() => model.normalIndex(layout, layout.shape));
});

each("the extent is NumPy's byte_bounds", ({ layout, extent }) =>
  assert.deepEqual(model.extent(layout), extent),
);

each("fits is NumPy's own check", ({ layout, fits }) => {
  if (fits)
    assert.equal(model.fits({ ...layout, offset: fits.offset }, fits.nbytes), fits.accepted);
});

each("the flags are NumPy's", ({ layout, flags }) =>
  assert.deepEqual([model.isC(layout), model.isF(layout)], flags),
);

each("elements read at a byte are counted and found", ({ layout, byte, indices }) => {
  assert.equal(model.timesRead(layout, byte), indices.length);
  assert.deepEqual(model.indicesAt(layout, byte, 5000), indices);
});

each("basic indexing makes NumPy's layout", ({ layout, key, taken }) => {
  if (taken) assert.deepEqual(model.take(layout, ...key), taken);
  else refuses(() => model.take(layout, ...key));
});

each("transpose makes NumPy's layout", ({ layout, axes, transposed }) => {
  assert.deepEqual(model.transposed(layout, axes), transposed);
});

each("broadcasting makes NumPy's layout", ({ layout, broadcast }) => {
  if (broadcast.layout)
    assert.deepEqual(model.broadcastTo(layout, broadcast.shape), broadcast.layout);
  else refuses(() => model.broadcastTo(layout, broadcast.shape));
});

each("reshape is a view exactly where NumPy needs no copy", ({ layout, reshape }) => {
  const made = model.reshaped(layout, reshape.shape);
  if (reshape.layout) assert.deepEqual(made.layout, reshape.layout);
  else assert.ok(made.fails?.text);
});

each("packed strides are NumPy's", ({ layout, packed }) => {
  // NumPy 2.4 gives arrays without elements strides of 0, where it makes them; they read nothing.
  if (packed)
    assert.deepEqual(
      [model.cStrides, model.fStrides].map((f) => f(layout.shape, layout.itemsize)),
      packed,
    );
});

test("a reshape that must copy names the first equation that fails", () => {
  const { fails } = model.reshaped(
    { offset: 0, shape: [3, 2], strides: [8, 24], itemsize: 8 },
    [2, 3],
  );
  assert.deepEqual(
    [fails?.outer, fails?.inner],
    [
      [3, 8],
      [2, 24],
    ],
  );
  assert.match(fails?.text ?? "", /8 would have to equal 2·24 = 48/);
});

test("a huge view is counted exactly, or given up honestly", () => {
  /**
   * @param {number[]} shape
   * @param {number[]} strides
   */
  const huge = (shape, strides) => ({ offset: 0, shape, strides, itemsize: 8 });
  assert.equal(model.timesRead(huge([5, 1e11], [8, 0]), 16), 1e11);
  assert.equal(model.timesRead(huge([1e9, 1e9], [8, 8]), 8e8), 1e8 + 1);
  assert.equal(model.timesRead(huge([1e6, 1e6, 1e6, 1e6], [11, 10, 9, 8]), 1e7), null);
});

test("what cannot be counted exactly, or is no layout, is refused", () => {
  refuses(() => model.makeLayout(0, [3], [8, 8], 8));
  refuses(() => model.makeLayout(0, [-1], [8], 8));
  refuses(() => model.makeLayout(0, [2 ** 40], [2 ** 20], 8));
  assert.deepEqual(model.makeLayout(1, [2], [-8], 8), {
    offset: 1,
    shape: [2],
    strides: [-8],
    itemsize: 8,
  });
});

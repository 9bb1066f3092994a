// The workbench says what np.ndarray says, and stride golf is fair.

import assert from "node:assert/strict";
import { test } from "node:test";
import { boardLines } from "../../stridescope/src/stridescope/js/drawing/board_layout.js";
import {
  changedNumbers,
  golfBytes,
  HOLES,
  sameValues,
  TEE,
} from "../../stridescope/src/stridescope/js/model/golf.js";
import { ndarrayLine } from "../../stridescope/src/stridescope/js/model/numpy_code.js";
import { valueReader } from "../../stridescope/src/stridescope/js/model/value_text.js";
import {
  numpyVerdict,
  outsideWords,
  reachWords,
} from "../../stridescope/src/stridescope/js/model/verdict.js";
import { boards, golf, readings } from "./cases.mjs";

/** @import { Layout } from "../../stridescope/src/stridescope/js/types.js" */

test(`NumPy's verdict in NumPy's words, on ${readings.length} readings`, () => {
  assert.ok(readings.length >= 2000);
  for (const { layout, nbytes, code, line, verdict, outside, reach } of readings) {
    assert.equal(ndarrayLine(layout, code), line);
    assert.equal(numpyVerdict(layout, nbytes), verdict, `${line} of ${nbytes} bytes`);
    assert.equal(outsideWords(layout, nbytes), outside);
    assert.equal(reachWords(layout, nbytes), reach);
  }
});

test("each hole's target is what NumPy makes of 0 to 11", () => {
  const read = valueReader({ kind: "i", itemsize: 8, little: true }, golfBytes(), { nbytes: 96 });
  /** @param {Layout} layout */
  const rows = ({ offset, shape, strides }) =>
    [...Array(shape[0]).keys()].map((i) =>
      [...Array(shape[1]).keys()].map((j) =>
        Number(read(offset + i * strides[0] + j * strides[1])),
      ),
    );
  assert.ok(HOLES.length >= 9);
  assert.deepEqual(
    HOLES.map(({ target }) => rows(target)),
    golf,
  );
});

test("par is the fewest numbers that can be changed", () => {
  const steps = [...Array(25).keys()].map((k) => 8 * (k - 12));
  for (const { words, target, par } of HOLES) {
    let least = Infinity;
    for (let offset = 0; offset < 96; offset += 8)
      for (const down of steps)
        for (const right of steps) {
          const tried = { ...target, offset, strides: [down, right] };
          if (sameValues(tried, target)) least = Math.min(least, changedNumbers(TEE, tried));
        }
    assert.equal(least, par, words);
  }
});

test("another shape, or the same bytes elsewhere, is no hit", () => {
  const { target } = HOLES[0];
  assert.ok(!sameValues(TEE, target));
  assert.ok(!sameValues({ ...target, offset: 8 }, target));
  assert.equal(changedNumbers(TEE, { ...TEE, shape: [1, 3, 4], strides: [0, 32, 8] }), 6);
});

test("boards stand in the lines that the static form gives them", () => {
  assert.ok(boards.length > 500);
  for (const { lengths, fit, places } of boards)
    assert.deepEqual(
      places.map((_, k) => boardLines(lengths, fit).place(k)),
      places,
    );
});

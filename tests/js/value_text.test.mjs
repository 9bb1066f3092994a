// Values read as NumPy prints them, and nothing is read that was not sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  countWords,
  decode,
  plain,
  short,
  signed,
  tuple,
  valueReader,
} from "../../stridescope/src/stridescope/js/model/value_text.js";
import { floats, values } from "./cases.mjs";

/** @param {string} hex */
const viewOf = (hex) =>
  new DataView(Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16)).buffer);

test(`floats of 2, 4 and 8 bytes read as NumPy's str, on ${floats.length} values`, () => {
  for (const { itemsize, hex, text } of floats) {
    assert.equal(
      decode(viewOf(hex), 0, { kind: "f", itemsize, little: true }),
      text,
      `float${itemsize * 8} ${hex}`,
    );
  }
});

test(`every dtype in both byte orders reads as NumPy's str, on ${values.length} values`, () => {
  for (const { dtype, hex, text } of values)
    assert.equal(decode(viewOf(hex), 0, dtype), text, JSON.stringify(dtype));
});

test("outside is ?, what was not sent is ·, at any byte", () => {
  const read = valueReader({ kind: "u", itemsize: 2, little: true }, Uint8Array.of(1, 0, 2, 0), {
    nbytes: 8,
    runs: [[2, 6]],
  });
  assert.deepEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7].map(read), [
    "?",
    "·",
    "·",
    "1",
    "512",
    "2",
    "·",
    "·",
    "?",
  ]);
});

test("short texts never look like another number", () => {
  assert.equal(short("1e-300", 5), "1e…");
  assert.equal(short("1.2345e+16", 8), "1.2…e+16");
  assert.equal(short("123456", 5), "1234…");
  assert.deepEqual(
    [signed(24), signed(-8), signed(0), plain(-3)],
    ["+24", "\u22128", "+0", "(\u22123)"],
  );
  assert.deepEqual([tuple([3]), tuple([3, 4]), tuple([])], ["(3,)", "(3, 4)", "()"]);
  assert.deepEqual([12, 1e11, 3234567890, null].map(countWords), ["12", "1e11", "≈3.2e9", "many"]);
});

// Links: what is written is read back, and what is broken is nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  linkKey,
  packNumbers,
  readLink,
  unpackNumbers,
  writeLink,
} from "../../stridescope/src/stridescope/js/controls/link.js";

/** @param {string} href */
const at = (href) => Object.assign(globalThis, { location: new URL(href) });

test("a state written into the address is read back by the same instrument only", () => {
  at("file:///page.html#old");
  const key = linkKey({ shape: [3, 4] });
  at(writeLink("workbench", key, packNumbers([[0], [3, 4], [-8, 0], []])));
  assert.match(location.href, /^file:\/\/\/page\.html#ss\.workbench\.[0-9a-z]+=0;3,4;-8,0;$/);
  assert.deepEqual(unpackNumbers(readLink("workbench", key), 4), [[0], [3, 4], [-8, 0], []]);
  assert.equal(readLink("layout", key), null);
  assert.equal(readLink("workbench", linkKey({ shape: [4, 3] })), null);
});

test("broken numbers are nothing", () => {
  for (const text of [
    null,
    "1,",
    "a",
    "1;2;",
    "1,2",
    "1e5;2",
    "1;99999999999999999",
    ";;;;",
    "--1;2",
    "<b>;1",
    "1,,2;3",
  ]) {
    assert.equal(unpackNumbers(text, 2), null, String(text));
  }
});

test("a hash that is no text at all is nothing", () => {
  at("file:///page.html#ss.layout.k=%E0%A4%A");
  assert.equal(readLink("layout", "k"), null);
});

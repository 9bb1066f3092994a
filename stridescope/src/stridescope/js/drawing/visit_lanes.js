// Visits: numerals that count the steps in which an array reads its elements, under the bytes. The mirror of visits.py.

import { timesRead } from "../model/byte_lookup.js";
import { byteOf, extent, isAligned, sizeOf } from "../model/strides.js";
import { short } from "../model/value_text.js";
import { s } from "./dom.js";
import { SHOWN, crossed } from "./grid.js";
import { BOX_H, bracketPath } from "./strip.js";

/** Height of one lane under a strip, px: a line of text, numerals or bars, and a bracket. */
export const LANE_H = 46;

/** By the byte where an element starts, its first visit and how many, as text; empty where there is no room for it. */
export function visitNumerals(lay, room = Infinity) {
  if (!sizeOf(lay) || sizeOf(lay) > SHOWN || !isAligned(lay)) return new Map();
  const seen = new Map();
  crossed(lay.shape.map((n) => [...Array(n).keys()])).forEach((index, k) => {
    const byte = byteOf(lay, index);
    const [first, count] = seen.get(byte) ?? [k + 1, 0];
    seen.set(byte, [first, count + 1]);
  });
  const texts = new Map(
    [...seen].map(([byte, [first, count]]) => [
      byte,
      count === 1 ? `${first}` : `${first}×${count}`,
    ]),
  );
  return [...texts.values()].every((text) => text.length * 8 <= room) ? texts : new Map();
}

/**
 * Draw lane `k` into a strip that left room `below`: label, numerals or bars, bracket.
 * @param {{name: string, label: string, layout: object, solid?: boolean, picked?: Map<number, string>}} lane `picked`: numerals by byte of
 *   what another array takes from here, which no bracket spans
 */
export function drawLane(strip, { name, label, layout, solid, picked }, k) {
  const drop = BOX_H + 18 + LANE_H * (k + 1) - 5;
  const pieces = strip.pieces(...extent(layout));
  const texts = picked ?? visitNumerals(layout, layout.itemsize * strip.u);
  const words = s("g", { class: "y" });
  for (const [byte, text] of texts) {
    const piece = widestPiece(strip.pieces(byte, byte + layout.itemsize));
    if (piece)
      words.append(
        s(
          "text",
          {
            x: piece.x + Math.floor(piece.width / 2),
            y: strip.tops.get(piece.row) + drop - 9,
            dataset: { byte },
          },
          text,
        ),
      );
  }
  const labels = s("g", { class: "z" });
  [
    ...new Set(pieces.map((piece) => piece.row)),
    ...(pieces.length ? [] : strip.rows.slice(0, 1)),
  ].forEach((row, n) => {
    labels.append(
      s(
        "text",
        { x: 1, y: strip.tops.get(row) + drop - 27 },
        short(n ? name : label, Math.floor(Math.max(strip.width, 358) / 7.3)),
      ),
    );
  });
  const bars = texts.size || picked ? "" : laneBars(strip, layout, drop - 6);
  strip.svg.append(
    picked
      ? ""
      : s("path", {
          class: solid ? "b" : "w",
          d: pieces.map((piece) => bracketPath(strip, piece, drop, -5)).join(""),
        }),
    s("path", { class: "k", d: bars }),
    words,
    labels,
  );
}

/** The numerals of a copy by the byte that each element was picked from; `reads` pairs the bytes. */
export function pickedNumerals(own, reads, room) {
  const visits = visitNumerals(own);
  const seen = new Map();
  for (const { from, to } of reads)
    seen.set(from, [...(seen.get(from) ?? []), Number(visits.get(to))]);
  const texts = new Map(
    [...seen].map(([byte, all]) => [
      byte,
      all.length === 1 ? `${all[0]}` : `${Math.min(...all)}×${all.length}`,
    ]),
  );
  return visits.size && [...texts.values()].every((text) => text.length * 8 <= room)
    ? texts
    : new Map();
}

/** The owner's bracket, right under its bytes. */
export function drawOwner(strip) {
  strip.svg.append(
    s("path", {
      class: "b",
      d: strip
        .pieces(0, strip.nbytes)
        .map((piece) => bracketPath(strip, piece, BOX_H + 3, -3))
        .join(""),
    }),
  );
}

const widestPiece = (pieces) =>
  pieces.reduce((best, piece) => (!best || piece.width > best.width ? piece : best), null);

/** A bar under each element that an array sees, where numerals have no room. */
function laneBars(strip, lay, drop) {
  const step = isAligned(lay) && lay.itemsize ? lay.itemsize : 1;
  const [low, high] = extent(lay);
  let path = "";
  for (const row of strip.rows) {
    const from = Math.max(row * strip.perRow, low);
    for (
      let p = from - ((((from - lay.offset) % step) + step) % step);
      p < Math.min((row + 1) * strip.perRow, high);
      p += step
    ) {
      if (timesRead(lay, p) === 0) continue;
      for (const piece of strip.pieces(p, p + lay.itemsize)) {
        const left = 3 * piece.first;
        if (piece.row === row)
          path += `M${piece.x + left} ${strip.tops.get(row) + drop}h${piece.width - left - 3 * piece.last}`;
      }
    }
  }
  return path;
}

// The card of stride golf: the fewest changed numbers by hole, kept in this browser.

import { h } from "../drawing/dom.js";
import { HOLES } from "../model/golf.js";
import { button } from "./buttons.js";

const CARD_KEY = "stridescope/golf";

/** @typedef {(number | null)[]} Scores by hole; null where the target was not reached */

/**
 * The scores that this browser keeps.
 * @returns {Scores}
 */
export function readScores() {
  try {
    /** @type {unknown} */
    const kept = JSON.parse(localStorage.getItem(CARD_KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    return HOLES.map((_, k) => (Number.isInteger(kept[k]) && kept[k] > 0 ? kept[k] : null));
  } catch {
    return [];
  }
}

/**
 * The scores with that of a hole, which is kept if it is the best.
 * @param {Scores} scores
 * @param {number} hole
 * @param {number} used changed numbers
 */
export function keepScore(scores, hole, used) {
  const best = HOLES.map((_, k) => scores[k] ?? null);
  best[hole] = Math.min(best[hole] ?? used, used);
  try {
    localStorage.setItem(CARD_KEY, JSON.stringify(best));
  } catch {
    // A private window or a full disk: the game works, it is not kept.
  }
  return best;
}

/**
 * The first hole whose target was not reached, or the first.
 * @param {Scores} scores
 */
export const firstOpen = (scores) =>
  Math.max(
    0,
    HOLES.findIndex((_, k) => !scores[k]),
  );

/**
 * All holes as buttons, with the scores and their sum.
 * @param {Scores} scores
 * @param {number} hole that is played
 * @param {(hole: number) => void} play
 */
export function holeList(scores, hole, play) {
  const items = HOLES.map(({ par }, k) => {
    const score = scores[k] ?? null;
    const one = button("", () => play(k));
    one.append(String(k + 1), h("small", {}, score === null ? "·" : `✓ ${score}`));
    const words = score === null ? "open" : `reached with ${score}`;
    one.setAttribute("aria-label", `Hole ${k + 1}, par ${par}: ${words}`);
    one.setAttribute("aria-pressed", String(k === hole));
    return h("li", {}, one);
  });
  const played = HOLES.filter((_, k) => scores[k]);
  const total = scores.reduce((/** @type {number} */ sum, n) => sum + (n ?? 0), 0);
  const par = played.reduce((sum, one) => sum + one.par, 0);
  const words = `${played.length} of ${HOLES.length} holes: ${total}, par ${par}`;
  const list = h("ol", { class: "ss-wb-holes", "aria-label": "Holes" }, items);
  return h("div", {}, list, played.length > 0 && h("p", { class: "ss-read" }, words));
}

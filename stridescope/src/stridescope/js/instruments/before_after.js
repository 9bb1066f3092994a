// `before_after` live: the same ideas asked twice; what the reader said before and after, side by
// side.

import { inPage, readLog } from "../controls/answer_log.js";
import { h, prose } from "../drawing/dom.js";

/** @import { BeforeAfterRow, BeforeAfterState, Reply, Try, View } from "../types.js" */

/** @typedef {{tries: (Partial<Try> | null)[]}} Tries */

const WHEN = ["before", "after"];

/**
 * Mount the table. In a page the browser knows the answers; elsewhere Python sent those up to now,
 * and the others are heard.
 * @param {View} view
 * @param {BeforeAfterState} state
 */
export function mountBeforeAfter(view, state) {
  /** @type {Map<string, Reply>} */
  const replies = new Map();
  const draw = () => {
    const rows = state.rows.map((row) => ({
      idea: row.idea,
      tries: row.keys.map((key, k) => firstTry(key, row.tries[k], replies)),
    }));
    view.picture.replaceChildren(answerTable(rows));
    view.say(sumsOf(rows));
  };
  /** @param {CustomEvent<Reply>} event */
  const hear = ({ detail }) => {
    if (!replies.has(detail.key)) replies.set(detail.key, detail);
    draw();
  };
  draw();
  document.addEventListener("ss-predict", hear);
  return () => document.removeEventListener("ss-predict", hear);
}

/**
 * The first try of a question, or null: later ones knew the answer.
 * @param {string} key
 * @param {Try | null} sent
 * @param {Map<string, Reply>} replies
 */
function firstTry(key, sent, replies) {
  const kept = inPage() ? readLog()[key]?.tries[0] : sent;
  return kept ?? replies.get(key) ?? null;
}

/** @param {(Pick<BeforeAfterRow, "idea"> & Tries)[]} rows */
function answerTable(rows) {
  const heads = ["idea", ...WHEN].map((name) => h("th", { scope: "col" }, name));
  const body = rows.map(({ idea, tries }) => {
    const cells = tries.map((one) => h("td", {}, verdictOf(one)));
    return h("tr", {}, h("th", { scope: "row" }, prose(idea)), cells);
  });
  return h("table", {}, h("thead", {}, h("tr", {}, heads)), h("tbody", {}, body));
}

/**
 * What is said of a try in a cell of the table.
 * @param {Partial<Try> | null} one
 */
export function verdictOf(one) {
  if (!one) return "no answer";
  if (one.said === null) return "shown";
  return `${one.right ? "✓" : "not yet"}, ${one.sure ? "sure" : "think so"}`;
}

/**
 * Both sums as words.
 * @param {Tries[]} rows
 */
export function sumsOf(rows) {
  const [before, after] = WHEN.map((_, k) => sumWords(rows.map(({ tries }) => tries[k])));
  return `Before: ${before}. After: ${after}.`;
}

/** @param {(Partial<Try> | null)[]} tries */
function sumWords(tries) {
  const given = tries.filter((one) => one && one.said !== null);
  if (!given.length) return "no answers yet";
  const right = given.filter((one) => one?.right).length;
  const misled = given.filter((one) => one?.sure && !one.right).length;
  return `${right} of ${given.length} right; wrong and sure: ${misled}`;
}

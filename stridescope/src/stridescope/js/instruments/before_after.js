// The same ideas asked twice: what the reader said before and after, side by side.

import { inPage, readLedger } from "../controls/answer_log.js";
import { h, prose } from "../drawing/dom.js";

const WHEN = ["before", "after"];

/** Mount the table. In a page the browser knows the answers; elsewhere Python told those up to now, the rest is heard. */
export function mountBeforeAfter(view, state) {
  const heard = new Map();
  const draw = () => {
    const rows = state.rows.map((row) => ({
      ...row,
      tries: row.keys.map((key, k) => firstTry(key, row.tries[k], heard)),
    }));
    view.picture.replaceChildren(table(rows));
    view.say(sumsOf(rows));
  };
  const hear = ({ detail }) => {
    if (!heard.has(detail.key)) heard.set(detail.key, detail);
    draw();
  };
  draw();
  document.addEventListener("ss-predict", hear);
  return () => document.removeEventListener("ss-predict", hear);
}

/** The first try of a question, or null: later ones knew the answer. */
function firstTry(key, told, heard) {
  if (inPage()) return readLedger()[key]?.tries[0] ?? heard.get(key) ?? null;
  return told ?? heard.get(key) ?? null;
}

function table(rows) {
  const head = h(
    "tr",
    {},
    ["idea", ...WHEN].map((name) => h("th", { scope: "col" }, name)),
  );
  const body = rows.map(({ idea, tries }) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, prose(idea)),
      tries.map((one) => h("td", {}, verdictOf(one))),
    ),
  );
  return h("table", {}, h("thead", {}, head), h("tbody", {}, body));
}

/** What is said of a try in a cell of the table. */
export function verdictOf(one) {
  if (!one) return "no answer";
  if (one.said === null) return "shown";
  return `${one.right ? "✓" : "not yet"}, ${one.sure ? "sure" : "think so"}`;
}

/** Both sums as words. */
export function sumsOf(rows) {
  const [before, after] = WHEN.map((_, k) => sumOf(rows.map((row) => row.tries[k])));
  return `Before: ${before}. After: ${after}.`;
}

function sumOf(tries) {
  const given = tries.filter((one) => one && one.said !== null);
  if (!given.length) return "no answers yet";
  const right = given.filter((one) => one.right).length;
  const misled = given.filter((one) => one.sure && !one.right).length;
  return `${right} of ${given.length} right; wrong and sure: ${misled}`;
}

// What a reader answered. A page keeps it in the browser; in JupyterLab Python writes it to a file.

const SHELF = "stridescope/ledger";
const CODE_PREFIX = "ss1.";

/** Whether this is a page of the course: there the browser remembers, elsewhere Python does. */
export const inPage = () => document.documentElement.dataset.page === "course";

/** The ledger of this browser: {key: {ask, tries: [{said, sure, right, seed}]}}; empty outside a page. */
export function readLedger() {
  if (!inPage()) return {};
  try {
    const found = JSON.parse(localStorage.getItem(SHELF) ?? "{}");
    const sound = Object.values(found).every((entry) => Array.isArray(entry.tries));
    return sound ? found : {};
  } catch {
    return {};
  }
}

/** Keep a reply, in the browser or through the model; where neither may remember, it is forgotten. */
export function keepReply(model, reply) {
  if (!inPage()) {
    // A count makes two equal replies two changes.
    model.set("reply", { ...reply, count: (model.get("reply")?.count ?? 0) + 1 });
    model.save_changes();
    return;
  }
  const { key, ask, said, sure, right, seed } = reply;
  const ledger = readLedger();
  const entry = (ledger[key] ??= { ask, tries: [] });
  entry.tries.push({ said, sure, right, seed });
  try {
    localStorage.setItem(SHELF, JSON.stringify(ledger));
  } catch {
    // A private window or a full disk: the prediction works, it is not remembered.
  }
}

/** The last answer to a question with its first numbers, or undefined. */
export const lastAnswer = (key) =>
  readLedger()
    [key]?.tries.filter((one) => one.seed === 0)
    .at(-1);

/** Whether an idea comes back: its last answer was wrong, or right by "think so". */
export function isDue(entry) {
  const last = entry?.tries.filter((one) => one.said !== null).at(-1);
  return Boolean(last) && !(last.right && last.sure);
}

/** All answers as one word that `ss.review("…")` in a notebook reads. */
export function ledgerCode() {
  const bytes = new TextEncoder().encode(JSON.stringify(readLedger()));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return CODE_PREFIX + text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

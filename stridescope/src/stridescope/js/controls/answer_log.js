// What a reader answered. A page keeps it in the browser; in JupyterLab Python writes it to a file.

/** @import { AnswerLog, LogEntry, Model, Reply, Try } from "../types.js" */

// The name is older than this file, and browsers hold answers under it.
const STORAGE_KEY = "stridescope/ledger";
const CODE_PREFIX = "ss1.";

/** Whether this is a page of the course: there the browser remembers, elsewhere Python does. */
export const inPage = () => document.documentElement.dataset.page === "course";

/**
 * The answers that this browser keeps, by the key of the question; empty outside a page.
 * @returns {AnswerLog}
 */
export function readLog() {
  if (!inPage()) return {};
  try {
    /** @type {AnswerLog} */
    const log = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
    return Object.values(log).every((entry) => Array.isArray(entry.tries)) ? log : {};
  } catch {
    return {};
  }
}

/**
 * Keep a reply, in the browser or through the model; where neither may remember, it is forgotten.
 * @param {Model} model
 * @param {Reply} reply
 */
export function keepReply(model, reply) {
  if (!inPage()) {
    // A count makes two equal replies two changes.
    model.set("reply", { ...reply, count: (model.get("reply")?.count ?? 0) + 1 });
    model.save_changes();
    return;
  }
  const { key, ask, said, sure, right, seed } = reply;
  const log = readLog();
  log[key] ??= { ask, tries: [] };
  log[key].tries.push({ said, sure, right, seed });
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(log));
  } catch {
    // A private window or a full disk: the prediction works, it is not remembered.
  }
}

/**
 * The last answer to a question with its first numbers, or undefined.
 * @param {string} key
 */
export function lastAnswer(key) {
  const tries = readLog()[key]?.tries ?? [];
  return tries.filter(({ seed }) => seed === 0).at(-1);
}

/**
 * The answer that a model was saved with, if it is one to this question.
 * @param {Model} model
 * @param {string} key
 * @returns {Try | undefined}
 */
export function replyOf(model, key) {
  const { key: answered, said, sure, right, seed } = model.get("reply") ?? {};
  if (answered !== key || seed !== 0 || said === undefined) return undefined;
  return { said, sure: Boolean(sure), right: Boolean(right), seed };
}

/**
 * Whether an idea comes back: its last answer was wrong, or right by "think so".
 * @param {Partial<LogEntry>} [entry]
 */
export function isDue(entry) {
  const last = entry?.tries?.filter(({ said }) => said !== null).at(-1);
  return last !== undefined && !(last.right && last.sure);
}

/** All answers as one word that `ss.review("…")` in a notebook reads. */
export function logCode() {
  const bytes = new TextEncoder().encode(JSON.stringify(readLog()));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return CODE_PREFIX + text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

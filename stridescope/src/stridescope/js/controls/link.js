// Links to a state: #ss.<kind>.<key>=<value>, where key is a digest of the initial state, so that a
// link finds its instrument.

/** @import { Kind } from "../types.js" */

/**
 * A short digest of a JSON-able value (FNV-1a, 32 bits, base 36).
 * @param {unknown} value
 */
export function linkKey(value) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(JSON.stringify(value)))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(36);
}

/**
 * The value that the page's address holds for this instrument; null if there is none to read.
 * @param {Kind} kind
 * @param {string} key
 */
export function readLink(kind, key) {
  const start = `#ss.${kind}.${key}=`;
  const hash = typeof location === "undefined" ? "" : location.hash;
  if (!hash.startsWith(start)) return null;
  try {
    return decodeURIComponent(hash.slice(start.length));
  } catch {
    return null;
  }
}

/**
 * Whether the page's address leads to this instrument.
 * @param {Kind} kind
 * @param {string} key
 */
const isLinked = (kind, key) =>
  typeof location !== "undefined" && location.hash.startsWith(`#ss.${kind}.${key}=`);

/**
 * Go to the instrument that the page's address leads to, and let it stand out for a moment; of
 * several equal ones it is the first.
 * @param {HTMLElement} root
 * @param {Kind} kind
 * @param {unknown} state
 */
export function goToLinked(root, kind, state) {
  const key = linkKey(state);
  root.dataset.link = `${kind}.${key}`;
  const first = document.querySelector(`[data-link="${kind}.${key}"]`);
  if (!isLinked(kind, key) || first !== root) return;
  // A page opens the cover that an instrument may be under.
  root.dispatchEvent(new CustomEvent("ss-linked", { bubbles: true }));
  const isTall = root.getBoundingClientRect().height > innerHeight;
  root.scrollIntoView({ block: isTall ? "start" : "center", behavior: "instant" });
  root.classList.add("ss-linked");
  root.addEventListener("animationend", () => root.classList.remove("ss-linked"));
}

/**
 * Call back when the page's address begins to lead to this instrument; returns what ends it.
 * @param {Kind} kind
 * @param {unknown} state
 * @param {() => void} listener
 */
export function whenLinked(kind, state, listener) {
  const key = linkKey(state);
  const hear = () => isLinked(kind, key) && listener();
  addEventListener("hashchange", hear);
  return () => removeEventListener("hashchange", hear);
}

/**
 * The page's address with a state in its hash.
 * @param {Kind} kind
 * @param {string} key
 * @param {string} value
 */
export function writeLink(kind, key, value) {
  const page = typeof location === "undefined" ? "" : location.href.split("#")[0];
  const text = encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";");
  return `${page}#ss.${kind}.${key}=${text}`;
}

/**
 * Lists of integers as text: [[0], [3, 4]] ↔ "0;3,4".
 * @param {readonly (readonly number[])[]} lists
 */
export const packNumbers = (lists) => lists.map((list) => list.join(",")).join(";");

/**
 * The lists of integers of a link's value; null unless there are `count` of them, all integers.
 * @param {string | null} text
 * @param {number} count
 */
export function unpackNumbers(text, count) {
  if (text === null || !/^-?\d*(?:[,;]-?\d+|;)*$/.test(text)) return null;
  const lists = text.split(";").map((part) => (part === "" ? [] : part.split(",").map(Number)));
  return lists.length === count && lists.flat().every(Number.isSafeInteger) ? lists : null;
}

/** Whether this is a page of the course, where a link leads back to the instrument. */
export const canLink = () => document.documentElement.dataset.page === "course";

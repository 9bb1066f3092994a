// Links to a state: #ss.<kind>.<key>=<value>, where key is a digest of the initial state, so that a link finds its instrument.

/** A short digest of a JSON-able value (FNV-1a, 32 bits, base 36). */
export function linkKey(value) {
  let hash = 0x811c9dc5;
  for (const c of new TextEncoder().encode(JSON.stringify(value)))
    hash = Math.imul(hash ^ c, 0x01000193) >>> 0;
  return hash.toString(36);
}

/** The value that the page's address holds for this instrument, or null; a broken one is null too. */
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

/** The page's address with a state in its hash. @param {string} value */
export function writeLink(kind, key, value) {
  const page = typeof location === "undefined" ? "" : location.href.split("#")[0];
  return `${page}#ss.${kind}.${key}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";")}`;
}

/** Lists of integers as text: [[0], [3, 4]] ↔ "0;3,4". */
export const packNumbers = (lists) => lists.map((list) => list.join(",")).join(";");

/** The lists of integers of a link's value; null unless there are `count` of them, all whole. */
export function unpackNumbers(text, count) {
  if (text === null || !/^-?\d*(?:[,;]-?\d+|;)*$/.test(text)) return null;
  const lists = text.split(";").map((part) => (part === "" ? [] : part.split(",").map(Number)));
  return lists.length === count && lists.flat().every(Number.isSafeInteger) ? lists : null;
}

/** Whether this is a page of the course, where a link leads back to the instrument. */
export const canLink = () => document.documentElement.dataset.page === "course";

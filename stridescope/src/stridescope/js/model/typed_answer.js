// What a typed answer means, so that forms of the same answer count as the same.

/** @typedef {string | Nested[]} Nested words and numbers in brackets */

/**
 * Read a typed answer: (24, 8), [24,8], 24 8 and 24×8 are one; so are 3 and (3,), 'int16' and
 * np.int16.
 * @param {string} text
 * @returns {string | null} a form to compare; null if brackets do not match
 */
export function readAnswer(text) {
  const plainer = text
    .trim()
    .toLowerCase()
    .replace(/\u2212/g, "-")
    .replace(/\b(np|numpy)\.(?=[a-z])/g, "")
    .replace(/\bdtype\(([^()]*)\)/g, "$1")
    .replace(/(\d)\s*[x×]\s*(?=\d)/g, "$1 ");
  const parts = plainer.match(/[()[\]]|[^\s,;()[\]]+/g) ?? [];
  /** @type {Nested[]} */
  let items = [];
  /** @type {{bracket: string, items: Nested[]}[]} */
  const outer = [];
  for (const part of parts) {
    if (part === "(" || part === "[") {
      outer.push({ bracket: part, items });
      items = [];
    } else if (part === ")" || part === "]") {
      const open = outer.pop();
      if (open?.bracket !== (part === ")" ? "(" : "[")) return null;
      items = [...open.items, items];
    } else items.push(readItem(part));
  }
  return outer.length ? null : JSON.stringify(unwrapped(items));
}

/**
 * A number in its plainest form, or a word without its quotes.
 * @param {string} part
 */
function readItem(part) {
  const digits = part.replace(/(?<=\d)_(?=\d)/g, "");
  if (/^[+-]?\d+$/.test(digits)) return BigInt(digits).toString();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(digits)) return String(Number(digits));
  return part.replace(/^(['"])(.*)\1$/, "$2");
}

/**
 * A list of one thing is that thing.
 * @param {Nested} item
 * @returns {Nested}
 */
function unwrapped(item) {
  if (!Array.isArray(item)) return item;
  const inside = item.map(unwrapped);
  return inside.length === 1 ? inside[0] : inside;
}

/**
 * Whether a form of an answer holds numbers only.
 * @param {string | null} form
 */
export const isNumeric = (form) =>
  form !== null && /^[\s\d[\]",.e+-]*$/.test(form) && /\d/.test(form);

// The search: a list of places, filtered as the reader types. Loaded when it is first opened; the
// index comes beside it as a classic script, because a page on file:// may fetch nothing.
"use strict";

(() => {
  const MOST = 20;
  const SNIPPET = 130;
  const root = document.body.dataset.root ?? "";

  /** @typedef {Record<"page" | "where" | "anchor" | "heading" | "text", string>} Place */

  /**
   * What the index holds: pages, and places with the number of their page.
   * @typedef {object} Index
   * @property {[page: string, where: string][]} pages
   * @property {[number: number, anchor: string, heading: string, text: string][]} places
   */

  /**
   * @param {string} packed
   * @returns {Promise<Place[]>}
   */
  async function placesOf(packed) {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    /** @type {Index} */
    const { pages, places } = await new Response(stream).json();
    return places.map(([number, anchor, heading, text]) => {
      const [page, where] = pages[number];
      return { page, where, anchor, heading, text };
    });
  }

  // A word of one or two letters is found at the start of a word only: `0` is not in `40`.
  const SHORT = 2;
  /** Endings that a word may have or not: `copies` finds `copy`, `indexing` finds `index`. */
  const ENDING = /(?:ies|y|ing|ed|es|s|e)$/u;
  const STEM = 3;
  /** Words between the words that matter, as in "view vs copy". */
  const SMALL = new Set(
    "a an and do does how in is of or the to versus vs what when why".split(" "),
  );
  /** Words that readers use for the same thing. */
  const ALIKE = [
    ["fancy", "advanced"],
    ["dimension", "axis", "axes"],
    ["alias", "share", "overlap"],
    ["endian", "byte order"],
    ["cast", "astype", "convert"],
    ["wrap", "overflow"],
    ["type", "dtype"],
    ["duplicate", "copy"],
    ["row-major", "c order"],
    ["column-major", "fortran"],
  ];

  /** @param {string} text */
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /** What is left of a word without its ending, as a pattern. @param {string} word */
  function stem(word) {
    const start = word.replace(ENDING, "").replace(/([bdgmnprt])\1$/u, "$1"); // stepping
    if (start.length < STEM || start === word) return escaped(word);
    return escaped(start) + (/(?:ies|y)$/u.test(word) ? "[iy]" : "");
  }

  /** A word and what is found in its place. @param {string} word */
  function alternatives(word) {
    const same = ALIKE.filter((group) => group.some((one) => stem(one) === stem(word)));
    return [stem(word), ...same.flat().map(stem)];
  }

  /** @param {string} word */
  function pattern(word) {
    const letters = word.length > SHORT ? alternatives(word).join("|") : escaped(word);
    const start = word.length > SHORT ? "" : "(?<![\\p{L}\\p{N}_])";
    return new RegExp(`${start}(?:${letters})`, "giu");
  }

  /**
   * How well a text holds a word: 0 not at all, 1 inside a word or by another word, 2 at the start
   * of one, 3 as a whole.
   * @param {string} text
   * @param {string} word
   */
  function fit(text, word) {
    let best = 0;
    for (const { index } of text.matchAll(pattern(word))) {
      if (!text.slice(index).toLowerCase().startsWith(word)) {
        best = Math.max(best, 1);
        continue;
      }
      const starts = !/[\p{L}\p{N}_]/u.test(text[index - 1] ?? "");
      const ends = !/[\p{L}\p{N}_]/u.test(text[index + word.length] ?? "");
      best = Math.max(best, starts ? (ends ? 3 : 2) : 1);
    }
    return best;
  }

  /** A term without the ending of its plural. @param {string} term */
  const singular = (term) =>
    term
      .toLowerCase()
      .replace(/ies$/u, "y")
      .replace(/(?<=x)(?:es|is)$|(?<=[^s])s$/u, "");

  /**
   * How well a place fits; 0 unless every word is found.
   * @param {Place} place
   * @param {string[]} words
   */
  function score(place, words) {
    let sum = singular(place.heading) === singular(words.join(" ")) ? 20 : 0;
    for (const word of words) {
      const points = 5 * fit(place.heading, word) + fit(place.text, word);
      if (!points) return 0;
      sum += points;
    }
    return sum;
  }

  /**
   * @param {Place[]} places
   * @param {string} query
   * @returns {{words: string[], matches: Place[]}}
   */
  function find(places, query) {
    const all = query.toLowerCase().split(/\s+/).filter(Boolean);
    const large = all.filter((word) => !SMALL.has(word));
    const words = large.length ? large : all;
    if (!words.length) return { words, matches: [] };
    const scored = places.map((place, k) => ({ place, k, points: score(place, words) }));
    const matches = scored
      .filter(({ points }) => points)
      .sort((a, b) => b.points - a.points || a.k - b.k);
    return { words, matches: matches.map(({ place }) => place) };
  }

  /**
   * Where a part of a text begins that holds as many of the words as any.
   * @param {string} text
   * @param {string[]} words
   */
  function start(text, words) {
    const hits = words.flatMap((word, k) =>
      [...text.matchAll(pattern(word))].map(({ index }) => ({ index, k })),
    );
    let [best, most] = [0, 0];
    for (const { index } of hits) {
      const near = hits.filter((hit) => hit.index >= index && hit.index < index + SNIPPET / 2);
      const count = new Set(near.map(({ k }) => k)).size;
      if (count > most) [best, most] = [index, count];
    }
    return best;
  }

  /**
   * The part of a text that shows why it was found.
   * @param {string} text
   * @param {string[]} words
   */
  function snippet(text, words) {
    let from = Math.max(0, start(text, words) - SNIPPET / 3);
    if (from) from = text.indexOf(" ", from) + 1;
    const part = text.slice(from, from + SNIPPET);
    const cut = from + SNIPPET < text.length;
    return (from ? "… " : "") + (cut ? `${part.slice(0, part.lastIndexOf(" "))} …` : part);
  }

  /**
   * Put a text into an element, with the words marked.
   * @template {HTMLElement} E
   * @param {E} element
   * @param {string} text
   * @param {string[]} words
   */
  function marked(element, text, words) {
    /** @param {string} word */
    const whole = (word) => pattern(word).source + (word.length > SHORT ? "[\\p{L}\\p{N}]*" : "");
    const any = new RegExp(`(${words.map(whole).join("|")})`, "giu");
    for (const [k, piece] of text.split(any).entries()) {
      if (k % 2)
        element.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      else element.append(piece);
    }
    return element;
  }

  /**
   * A new element with these properties.
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Record<string, string>} attributes
   * @param {...(Node | string)} children
   */
  function create(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  const input = create("input", {
    type: "text",
    role: "combobox",
    "aria-label": "Search the course",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-controls": "places",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: "Search the course",
  });
  const close = create("button", { class: "quiet", type: "button" }, "Close");
  const count = create("p", { class: "count", role: "status" });
  const list = create("ul", { id: "places", role: "listbox", "aria-label": "Places" });
  const attributes = { class: "search", "aria-label": "Search the course" };
  const ask = create("div", { class: "ask" }, input, close);
  const dialog = create("dialog", attributes, ask, count, list);
  /** @type {Place[]} */
  let all = [];
  /** @type {Place[]} */
  let shown = [];
  let at = -1;

  /** @param {number} k */
  function go(k) {
    const { page, anchor } = shown[k];
    dialog.close();
    location.href = `${root}${page}#${encodeURIComponent(anchor)}`;
  }

  /** @param {number} k */
  function choose(k) {
    at = k;
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(i === k));
      if (i === k) option.scrollIntoView({ block: "nearest" });
    }
    if (k < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `place-${k}`);
  }

  /**
   * @param {Place} place
   * @param {number} k
   * @param {string[]} words
   */
  function option(place, k, words) {
    const item = document.createElement("li");
    item.id = `place-${k}`;
    item.setAttribute("role", "option");
    const heading = marked(document.createElement("b"), place.heading, words);
    const where = Object.assign(document.createElement("span"), { textContent: place.where });
    const text = marked(document.createElement("p"), snippet(place.text, words), words);
    item.append(heading, " ", where, text);
    item.addEventListener("click", () => go(k));
    return item;
  }

  function look() {
    const { words, matches } = find(all, input.value);
    shown = matches.slice(0, MOST);
    list.replaceChildren(...shown.map((place, k) => option(place, k, words)));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    choose(shown.length ? 0 : -1);
    const more = matches.length > MOST ? `, the best ${MOST} shown` : "";
    count.textContent = !words.length
      ? "Words of a heading, a text, a term or a name in the code."
      : matches.length
        ? `${matches.length} ${matches.length === 1 ? "place" : "places"}${more}`
        : "Nothing found. Try fewer letters or another word.";
  }

  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step && shown.length) {
      event.preventDefault();
      choose((at + step + shown.length) % shown.length);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      go(at);
    }
  });
  close.addEventListener("click", () => dialog.close());
  // A click beside the box, on the veil behind it, closes it.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  self.openSearch = async () => {
    if (!dialog.isConnected) document.body.append(dialog);
    if (!dialog.open) dialog.showModal();
    input.select();
    if (!all.length) all = await placesOf(self.searchIndex);
    look();
  };
})();

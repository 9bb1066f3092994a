// The search: a list of places, filtered as the reader types. Loaded when it is first opened; the index comes
// beside it as a classic script, because a page on file:// may fetch nothing.
"use strict";

(() => {
  const MOST = 20;
  const SNIPPET = 130;
  const root = document.body.dataset.root;

  /** @typedef {{page: string, where: string, anchor: string, heading: string, text: string}} Place */

  /** @returns {Promise<Place[]>} */
  async function placesOf(packed) {
    const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const { pages, places } = await new Response(stream).json();
    return places.map(([number, anchor, heading, text]) => {
      const [page, where] = pages[number];
      return { page, where, anchor, heading, text };
    });
  }

  // A word of one or two letters is found at the start of a word only: `0` is not in `40`.
  const SHORT = 2;

  /** @param {string} word @returns {RegExp} */
  function pattern(word) {
    const letters = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(word.length > SHORT ? letters : `(?<![\\p{L}\\p{N}_])${letters}`, "giu");
  }

  /** How well a text holds a word: 0 not at all, 1 inside a word, 2 at the start of one, 3 as a whole. */
  function fit(text, word) {
    let best = 0;
    for (const { index } of text.matchAll(pattern(word))) {
      const starts = !/[\p{L}\p{N}_]/u.test(text[index - 1] ?? "");
      const ends = !/[\p{L}\p{N}_]/u.test(text[index + word.length] ?? "");
      best = Math.max(best, starts ? (ends ? 3 : 2) : 1);
    }
    return best;
  }

  /** @param {Place} place @param {string[]} words @returns {number} 0 unless every word is found */
  function score(place, words) {
    let sum = place.heading.toLowerCase() === words.join(" ") ? 20 : 0;
    for (const word of words) {
      const found = 5 * fit(place.heading, word) + fit(place.text, word);
      if (!found) return 0;
      sum += found;
    }
    return sum;
  }

  /** @param {Place[]} places @param {string} query @returns {{words: string[], found: Place[]}} */
  function find(places, query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return { words, found: [] };
    const scored = places.map((place, k) => ({ place, k, points: score(place, words) }));
    const found = scored
      .filter(({ points }) => points)
      .sort((a, b) => b.points - a.points || a.k - b.k);
    return { words, found: found.map(({ place }) => place) };
  }

  /** Where a part of a text begins that holds as many of the words as any. */
  function start(text, words) {
    const hits = words.flatMap((word, k) =>
      [...text.matchAll(pattern(word))].map(({ index }) => [index, k]),
    );
    let [best, most] = [0, 0];
    for (const [index] of hits) {
      const near = hits.filter(([other]) => other >= index && other < index + SNIPPET / 2);
      const held = new Set(near.map(([, k]) => k)).size;
      if (held > most) [best, most] = [index, held];
    }
    return best;
  }

  /** The part of a text that shows why it was found. */
  function snippet(text, words) {
    let from = Math.max(0, start(text, words) - SNIPPET / 3);
    if (from) from = text.indexOf(" ", from) + 1;
    const part = text.slice(from, from + SNIPPET);
    const cut = from + SNIPPET < text.length;
    return (from ? "… " : "") + (cut ? `${part.slice(0, part.lastIndexOf(" "))} …` : part);
  }

  /** Put a text into an element, with the words marked. */
  function marked(element, text, words) {
    const any = new RegExp(`(${words.map((word) => pattern(word).source).join("|")})`, "giu");
    for (const [k, piece] of text.split(any).entries()) {
      if (k % 2)
        element.append(Object.assign(document.createElement("mark"), { textContent: piece }));
      else element.append(piece);
    }
    return element;
  }

  const dialog = document.createElement("dialog");
  dialog.className = "search";
  dialog.setAttribute("aria-label", "Search the course");
  dialog.innerHTML = `
    <div class="ask">
      <input type="text" role="combobox" aria-label="Search the course" aria-expanded="false" aria-autocomplete="list"
        aria-controls="places" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="Search the course">
      <button class="quiet" type="button">Close</button>
    </div>
    <p class="count" role="status"></p>
    <ul id="places" role="listbox" aria-label="Places"></ul>`;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const count = dialog.querySelector(".count");
  /** @type {Place[]} */
  let all = [];
  /** @type {Place[]} */
  let shown = [];
  let at = -1;

  function go(k) {
    const { page, anchor } = shown[k];
    dialog.close();
    location.href = `${root}${page}#${encodeURIComponent(anchor)}`;
  }

  function choose(k) {
    at = k;
    for (const [i, option] of [...list.children].entries()) {
      option.setAttribute("aria-selected", String(i === k));
      if (i === k) option.scrollIntoView({ block: "nearest" });
    }
    if (k < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `place-${k}`);
  }

  /** @param {Place} place @param {number} k @param {string[]} words */
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
    const { words, found } = find(all, input.value);
    shown = found.slice(0, MOST);
    list.replaceChildren(...shown.map((place, k) => option(place, k, words)));
    list.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(shown.length > 0));
    choose(shown.length ? 0 : -1);
    const more = found.length > MOST ? `, the best ${MOST} shown` : "";
    count.textContent = !words.length
      ? "Words of a heading, a text, a term or a name in the code."
      : found.length
        ? `${found.length} ${found.length === 1 ? "place" : "places"}${more}`
        : "Nothing found. Try fewer letters or another word.";
  }

  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && shown.length) {
      event.preventDefault();
      choose((at + steps[event.key] + shown.length) % shown.length);
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      go(at);
    }
  });
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
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

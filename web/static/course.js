// The life of a page: colors, sections seen, search. Every page reads well without it.
// A classic script in the head, because modules do not load from file://.
"use strict";

(() => {
  const SHELF = "inside-the-ndarray/";

  /**
   * Whether a value that was kept, or came from a file, has the form of another one.
   * @param {any} found
   * @param {any} wanted
   * @returns {boolean}
   */
  function isLike(found, wanted) {
    if (wanted === null || found === null) return found?.lesson !== undefined;
    if (Array.isArray(wanted) !== Array.isArray(found)) return false;
    if (Array.isArray(wanted)) return found.every((/** @type {any} */ one) => `${one}` === one);
    if (typeof wanted !== "object") return typeof found === typeof wanted;
    return Object.keys(wanted).every((key) => isLike(found[key] ?? null, wanted[key]));
  }

  /**
   * What this browser remembers; nothing where it must not remember.
   * @template T
   * @param {string} name
   * @param {T} otherwise
   * @returns {T}
   */
  function recall(name, otherwise) {
    try {
      const found = JSON.parse(localStorage.getItem(SHELF + name) ?? "null");
      return isLike(found, otherwise) ? found : otherwise;
    } catch {
      return otherwise;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  function remember(name, value) {
    try {
      localStorage.setItem(SHELF + name, JSON.stringify(value));
    } catch {
      // A private window or a full disk: the page works, it forgets.
    }
  }

  /**
   * The elements of the page that a selector finds.
   * @param {string} selector
   * @returns {NodeListOf<HTMLElement>}
   */
  const elements = (selector) => document.querySelectorAll(selector);

  /**
   * The first element in a part of the page that a selector finds.
   * @param {ParentNode} part
   * @param {string} selector
   * @returns {HTMLElement | null}
   */
  const element = (part, selector) => part.querySelector(selector);

  /**
   * Say something to a screen reader.
   * @param {string} text
   */
  function say(text) {
    const said = document.getElementById("said");
    if (said) said.textContent = text;
  }

  // Colors ----------------------------------------------------------------------------------------

  const SCHEMES = ["auto", "light", "dark"];

  /** @returns {string} */
  const chosenScheme = () => {
    const scheme = recall("colours", "auto");
    return SCHEMES.includes(scheme) ? scheme : "auto";
  };

  /**
   * The instruments follow JupyterLab's attribute, the page its own.
   * @param {string} scheme
   */
  function paint(scheme) {
    const root = document.documentElement;
    if (scheme === "auto") {
      delete root.dataset.theme;
      delete root.dataset.jpThemeLight;
    } else {
      root.dataset.theme = scheme;
      root.dataset.jpThemeLight = String(scheme === "light");
    }
  }

  function startColors() {
    const button = document.getElementById("theme");
    const label = button?.querySelectorAll("span")[1];
    if (!button || !label) return;
    const show = () => {
      const scheme = chosenScheme();
      paint(scheme);
      label.textContent = scheme[0].toUpperCase() + scheme.slice(1);
    };
    button.addEventListener("click", () => {
      const next = SCHEMES[(SCHEMES.indexOf(chosenScheme()) + 1) % SCHEMES.length];
      remember("colours", next);
      paint(next);
      label.textContent = next[0].toUpperCase() + next.slice(1);
      say(`Colours: ${next}`);
    });
    button.hidden = false;
    show();
  }

  // What is recalled where nothing was remembered.
  /** @type {{seen: string[], of: number}} */
  const NOTHING_SEEN = { seen: [], of: 0 };

  /** @typedef {{lesson: string, section: string}} LastPlace where the reader was */

  // Sections seen ---------------------------------------------------------------------------------

  /**
   * Draw one cell per section, filled where seen.
   * @param {HTMLElement} place
   */
  function drawProgress(place) {
    const { seen, of } = recall(`${place.dataset.progress}/sections`, NOTHING_SEEN);
    place.querySelector(".cells")?.remove();
    if (!seen.length) return;
    const cells = document.createElement("span");
    cells.className = "cells";
    cells.setAttribute("role", "img");
    cells.setAttribute("aria-label", `${Math.min(seen.length, of)} of ${of} sections seen`);
    for (let k = 0; k < Math.min(of, 99); k += 1) {
      const cell = document.createElement("i");
      if (k < seen.length) cell.className = "on";
      cells.append(cell);
    }
    (place.querySelector("a")?.closest("div, li") ?? place).append(cells);
    place.querySelector("a + ol")?.before(cells);
  }

  function startProgress() {
    for (const place of elements("[data-progress]")) drawProgress(place);
    const lesson = document.body.dataset.lesson;
    const headings = [...document.querySelectorAll("main h2[id]")];
    if (!lesson || !headings.length) return;
    const place = element(document, `[data-progress="${CSS.escape(lesson)}"]`);
    const name = `${lesson}/sections`;
    const ids = headings.map((heading) => heading.id);
    const watch = new IntersectionObserver((entries) => {
      const now = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target.id);
      if (!now.length) return;
      const before = recall(name, NOTHING_SEEN).seen;
      const seen = ids.filter((id) => now.includes(id) || before.includes(id));
      remember(name, { seen, of: ids.length });
      if (place) drawProgress(place);
    });
    for (const heading of headings) watch.observe(heading);
    const mark = () => markSection(headings);
    addEventListener("scroll", mark, { passive: true });
    mark();
  }

  /** The first page leads a reader who has begun back to where they were. */
  function startGoingOn() {
    if (document.getElementById("go-on") && recall("exercises/begun", false))
      load("live/index.js").then(() => load(`live/${self.courseLive.firstPage}`));
    const button = document.querySelector(".start .button");
    const last = recall("last", /** @type {LastPlace | null} */ (null));
    const link =
      last && document.querySelector(`.map [data-progress="${CSS.escape(last.lesson)}"] a`);
    if (!button || !link) return;
    const again = document.createElement("a");
    again.className = "button again";
    again.href = `${link.getAttribute("href")}#${encodeURIComponent(last.section)}`;
    again.textContent = `Go on with ${link.textContent}`;
    button.before(again);
    if (link.getAttribute("href") === button.getAttribute("href")) button.remove();
    else button.classList.add("second");
  }

  /**
   * Mark in the contents where the reader is.
   * @param {Element[]} headings
   */
  function markSection(headings) {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 160);
    const here = passed.at(-1)?.id;
    if (here) remember("last", { lesson: document.body.dataset.lesson, section: here });
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll(".contents ol ol a");
    for (const link of links) {
      if (decodeURIComponent(link.hash.slice(1)) === here)
        link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Small comforts --------------------------------------------------------------------------------

  /** What scrolls sideways is reachable with the keyboard; what does not is no stop on the way. */
  function startScrollers() {
    const boxes = document.querySelectorAll(
      "main :is(pre, .scroll, .html, .picture, math[display=block])",
    );
    /** @param {Element} box */
    const look = (box) => {
      if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
      else box.removeAttribute("tabindex");
    };
    const watch = new ResizeObserver((entries) => {
      for (const { target } of entries) look(target);
    });
    for (const box of boxes) watch.observe(box);
  }

  /** The list on a phone goes away when it has led somewhere. */
  function startContents() {
    const list = document.getElementById("contents");
    list?.addEventListener("click", (event) => {
      const isLink = event.target instanceof Element && event.target.closest("a");
      if (isLink && list.matches(":popover-open")) list.hidePopover();
    });
  }

  // Cells that run --------------------------------------------------------------------------------

  /** @type {Promise<void> | undefined} */
  let client;

  /** Whether Python has run on an earlier page of this tab; then it starts by itself here. */
  function ranPython() {
    try {
      return sessionStorage.getItem(`${SHELF}python`) !== null;
    } catch {
      return false;
    }
  }

  /** Nothing of what runs cells loads before the first press in this tab. */
  function loadClient() {
    client ??= (async () => {
      await load("live/index.js");
      const { style, client: script } = self.courseLive;
      loadStyle(`live/${style}`);
      await load(`live/${script}`);
    })();
    return client;
  }

  /**
   * The buttons below the code of a cell.
   * @param {string} name
   */
  function cellBar(name) {
    const bar = document.createElement("div");
    bar.className = "bar";
    for (const label of ["Run", "Edit"])
      bar.innerHTML +=
        `<button class="quiet" type="button" data-do="${label.toLowerCase()}">` +
        `<b>${label}</b><span class="unseen"> cell ${name}</span></button>`;
    return bar;
  }

  /**
   * Do what a button of a cell says.
   * @param {HTMLElement} button
   * @param {{x: number, y: number}} [point] where it was pressed
   */
  async function actOnCell(button, point) {
    try {
      await loadClient();
      const { act } = self.courseLive;
      if (!act) throw new Error("the client has not started");
      await act(button, point);
    } catch {
      client = undefined;
      button.after("Files of this site are missing. Copy all of it again.");
    }
  }

  function startLive() {
    const { lesson, exercise, live } = document.body.dataset;
    const page = lesson ?? (exercise && `exercises/${exercise}`);
    if (live === undefined || !page) return;
    if (lesson)
      for (const code of elements("main .cell .in"))
        code.append(cellBar(code.closest(".cell")?.getAttribute("data-cell") ?? ""));
    for (const part of elements(":is(.bar, .handin)[hidden]")) part.hidden = false;
    // A notebook that is dropped on the page should be opened by it.
    if (exercise) addEventListener("dragenter", () => loadClient(), { once: true });
    document.querySelector("main")?.addEventListener("click", (event) => {
      const { target, detail, clientX: x, clientY: y } = /** @type {MouseEvent} */ (event);
      const button = target instanceof Element ? target.closest("[data-do]") : null;
      // The second click of a double click on Run finds Stop in its place.
      if (!(button instanceof HTMLElement) || (detail > 1 && button.dataset.do === "stop")) return;
      actOnCell(button, detail ? { x, y } : undefined);
    });
    if (recall(`${page}/edited`, false) || ranPython()) loadClient();
  }

  // Search ----------------------------------------------------------------------------------------

  /**
   * Load a classic script once.
   * @param {string} name
   * @returns {Promise<void>}
   */
  function load(name) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root}static/${name}`;
      script.addEventListener("load", () => done());
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  /**
   * Load a style sheet.
   * @param {string} name
   */
  function loadStyle(name) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${document.body.dataset.root}static/${name}`;
    document.head.append(style);
    return new Promise((done) => style.addEventListener("load", done));
  }

  /** Open the search, and fetch it from beside the page the first time. */
  async function openSearch() {
    if (!self.openSearch) {
      await Promise.all([loadStyle("search.css"), load("search-index.js"), load("search.js")]);
    }
    await self.openSearch?.();
  }

  function startSearch() {
    const button = document.getElementById("find");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", openSearch);
    addEventListener("keydown", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const typing = target?.closest("input, textarea, select, [contenteditable], dialog");
      // Just after the search has closed, the focus may still be in it, unseen.
      const busy = typing && target?.checkVisibility();
      if (event.key !== "/" || busy || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      openSearch();
    });
  }

  /** The id that the page's address names; empty if it cannot be read. */
  function addressed() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  /** A link to a folded box opens it. */
  function startFolds() {
    const open = () => {
      const summary = document.getElementById(addressed());
      const box = summary?.parentElement;
      if (summary?.matches("summary") && box instanceof HTMLDetailsElement) box.open = true;
    };
    addEventListener("hashchange", open);
    open();
  }

  // What the other scripts of a page use.
  self.coursePage = { recall, remember, say, element, elements, addressed };

  // Before the first line is drawn: no flash of the wrong colors, no glimpse of a covered answer.
  paint(chosenScheme());
  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    startColors();
    startProgress();
    startGoingOn();
    startScrollers();
    startContents();
    startSearch();
    startLive();
    startFolds();
  });
})();

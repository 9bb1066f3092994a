// The life of a page: colors, covers over answers, sections seen. Every page reads well without it.
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
  /** @type {string[]} */
  const NONE = [];
  /** @type {{seen: string[], of: number}} */
  const NOTHING_SEEN = { seen: [], of: 0 };

  /** @typedef {{lesson: string, section: string}} LastPlace where the reader was */

  // Covers ----------------------------------------------------------------------------------------

  /** Cover each answer that follows a prediction, unless the reader has opened it before. */
  function startCovers() {
    const lesson = document.body.dataset.lesson ?? "";
    const name = `${lesson}/opened`;
    for (const cell of elements("[data-covered-by]")) {
      const key = cell.dataset.coveredBy ?? "";
      const question = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (recall(name, NONE).includes(key)) continue;
      cell.classList.add("covered");
      const open = () => {
        if (!cell.classList.contains("covered")) return;
        cell.classList.remove("covered");
        remember(name, [...new Set([...recall(name, NONE), key])]);
        say("The answer is open below the code.");
      };
      cell.querySelector(".cover button")?.addEventListener("click", () => {
        open();
        element(cell, ".out")?.focus({ preventScroll: true });
      });
      // `toggle` does not bubble, but it can be caught on its way down.
      question?.addEventListener(
        "toggle",
        (event) => {
          const { target } = event;
          if (target instanceof HTMLDetailsElement && target.open && target.closest(".ss-predict"))
            open();
        },
        true,
      );
      question?.addEventListener("ss-predict", open);
      cell.addEventListener("course-run", open);
    }
  }

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

  // The array on the first page -------------------------------------------------------------------

  const SIDE = 3;
  const ITEM = 8;

  /** Where the pieces of the table and its strip of bytes are; none on other pages. */
  function findTouch() {
    const figure = document.getElementById("touch");
    if (!figure) return null;
    const body = figure.querySelector("tbody");
    return {
      cells: [...(body?.querySelectorAll("td") ?? [])],
      boxes: [...(element(figure, ".strip")?.querySelectorAll("li") ?? [])],
      formula: element(figure, ".formula"),
      strides: element(figure, ".numbers i"),
      body,
      table: figure.querySelector("table"),
      transpose: element(figure, "#transpose"),
      live: /** @type {NodeListOf<HTMLElement>} */ (figure.querySelectorAll(".live")),
    };
  }

  function startTouch() {
    const parts = findTouch();
    if (!parts) return;
    const { cells, boxes } = parts;
    const state = { strides: [SIDE * ITEM, ITEM], at: 5 };
    /** @param {number} k */
    const byteOf = (k) => Math.floor(k / SIDE) * state.strides[0] + (k % SIDE) * state.strides[1];

    const draw = () => {
      const byte = byteOf(state.at);
      for (const [k, cell] of cells.entries()) {
        cell.textContent = String(byteOf(k) / ITEM + 1);
        cell.classList.toggle("on", k === state.at);
        cell.tabIndex = k === state.at ? 0 : -1;
      }
      for (const [k, box] of boxes.entries()) box.classList.toggle("on", k === byte / ITEM);
      if (parts.formula) parts.formula.innerHTML = formula(state, byte);
      if (parts.strides) parts.strides.textContent = `(${state.strides.join(", ")})`;
    };

    /** @param {number} k */
    const choose = (k) => {
      state.at = k;
      draw();
      const byte = byteOf(k);
      say(
        `row ${Math.floor(k / SIDE)}, column ${k % SIDE}: value ${byte / ITEM + 1}, ` +
          `bytes ${byte} to ${byte + ITEM - 1}`,
      );
    };

    for (const [k, cell] of cells.entries()) {
      cell.setAttribute("role", "gridcell");
      cell.addEventListener("pointerenter", () => choose(k));
      cell.addEventListener("click", () => choose(k));
    }
    for (const [k, box] of boxes.entries())
      box.addEventListener("pointerenter", () => {
        choose(cells.findIndex((_cell, other) => byteOf(other) === k * ITEM));
      });
    parts.body?.addEventListener("keydown", (event) => {
      const next = step(state.at, event.key);
      if (next === null) return;
      event.preventDefault();
      choose(next);
      cells[next].focus();
    });
    parts.transpose?.addEventListener("click", () => {
      state.strides.reverse();
      draw();
      say(`Transposed: strides ${state.strides.join(", ")}. The bytes have not moved.`);
    });
    parts.table?.setAttribute("role", "grid");
    for (const control of parts.live) control.hidden = false;
    draw();
  }

  /**
   * @param {{strides: number[], at: number}} state
   * @param {number} byte
   * @returns {string}
   */
  function formula({ strides, at }, byte) {
    const [i, j] = [Math.floor(at / SIDE), at % SIDE];
    const sum = `0 + ${i}·<i>${strides[0]}</i> + ${j}·<i>${strides[1]}</i>`;
    return `<b>[${i},${j}]</b> → ${sum} = byte <i>${byte}</i>`;
  }

  /** @type {Record<string, [rows: number, columns: number]>} */
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  /**
   * Where an arrow key leads on the board, or null.
   * @param {number} at
   * @param {string} key
   * @returns {number | null}
   */
  function step(at, key) {
    const move = MOVES[key];
    if (!move) return null;
    /** @param {number} n */
    const within = (n) => Math.min(SIDE - 1, Math.max(0, n));
    const [i, j] = [Math.floor(at / SIDE), at % SIDE];
    return within(i + move[0]) * SIDE + within(j + move[1]);
  }

  // Before the first line is drawn: no flash of the wrong colors, no glimpse of a covered answer.
  paint(chosenScheme());
  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    startColors();
    startCovers();
    startProgress();
    startGoingOn();
    startScrollers();
    startContents();
    startSearch();
    startLive();
    startFolds();
    startTouch();
  });
})();

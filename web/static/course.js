// The life of a page: colours, covers over answers, sections seen. Every page reads well without it.
// A classic script in the head, because modules do not load from file://.
"use strict";

(() => {
  const SHELF = "inside-the-ndarray/";

  /**
   * What this browser remembers; nothing where it must not remember.
   * @template T
   * @param {string} name
   * @param {T} otherwise
   * @returns {T}
   */
  function recall(name, otherwise) {
    try {
      const text = localStorage.getItem(SHELF + name);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  }

  /** @param {string} name @param {unknown} value */
  function remember(name, value) {
    try {
      localStorage.setItem(SHELF + name, JSON.stringify(value));
    } catch {
      // A private window or a full disk: the page works, it forgets.
    }
  }

  /** Say something to a screen reader. @param {string} text */
  function say(text) {
    const said = document.getElementById("said");
    if (said) said.textContent = text;
  }

  // Colours ----------------------------------------------------------------------------------------

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

  function startColours() {
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

  // Covers -----------------------------------------------------------------------------------------

  /** Cover each answer that follows a prediction, unless the reader has opened it before. */
  function startCovers() {
    const lesson = document.body.dataset.lesson ?? "";
    const name = `${lesson}/opened`;
    for (const cell of document.querySelectorAll("[data-covered-by]")) {
      const key = cell.dataset.coveredBy;
      const question = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (recall(name, []).includes(key)) continue;
      cell.classList.add("covered");
      const open = () => {
        if (!cell.classList.contains("covered")) return;
        cell.classList.remove("covered");
        remember(name, [...new Set([...recall(name, []), key])]);
        say("The answer is open below the code.");
      };
      cell.querySelector(".cover button")?.addEventListener("click", () => {
        open();
        cell.querySelector(".out")?.focus({ preventScroll: true });
      });
      // `toggle` does not bubble, but it can be caught on its way down.
      question?.addEventListener(
        "toggle",
        (event) => {
          if (event.target.open && event.target.closest(".ss-predict")) open();
        },
        true,
      );
      question?.addEventListener("ss-predict", open);
      cell.addEventListener("course-run", open);
    }
  }

  // Sections seen -----------------------------------------------------------------------------------

  /** Draw one cell per section, filled where seen. @param {Element} place */
  function drawProgress(place) {
    const { seen, of } = recall(`${place.dataset.progress}/sections`, { seen: [], of: 0 });
    place.querySelector(".cells")?.remove();
    if (!seen.length) return;
    const cells = document.createElement("span");
    cells.className = "cells";
    cells.setAttribute("role", "img");
    cells.setAttribute("aria-label", `${Math.min(seen.length, of)} of ${of} sections seen`);
    for (let k = 0; k < of; k += 1) {
      const cell = document.createElement("i");
      if (k < seen.length) cell.className = "on";
      cells.append(cell);
    }
    (place.querySelector("a")?.closest("div, li") ?? place).append(cells);
    place.querySelector("a + ol")?.before(cells);
  }

  function startProgress() {
    for (const place of document.querySelectorAll("[data-progress]")) drawProgress(place);
    const lesson = document.body.dataset.lesson;
    const headings = [...document.querySelectorAll("main h2[id]")];
    if (!lesson || !headings.length) return;
    const place = document.querySelector(`[data-progress="${CSS.escape(lesson)}"]`);
    const name = `${lesson}/sections`;
    const ids = headings.map((heading) => heading.id);
    const watch = new IntersectionObserver((entries) => {
      const now = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target.id);
      if (!now.length) return;
      const before = recall(name, { seen: [] }).seen;
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
    const button = document.querySelector(".start .button");
    const last = recall("last", null);
    const link =
      last && document.querySelector(`.map [data-progress="${CSS.escape(last.lesson)}"] a`);
    if (!button || !link) return;
    const again = document.createElement("a");
    again.className = "button";
    again.href = `${link.getAttribute("href")}#${encodeURIComponent(last.section)}`;
    again.textContent = `Go on with ${link.textContent}`;
    button.before(again);
    if (link.getAttribute("href") === button.getAttribute("href")) button.remove();
    else button.classList.add("second");
  }

  /** Mark in the contents where the reader is. @param {Element[]} headings */
  function markSection(headings) {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < 160);
    const here = passed.at(-1)?.id;
    if (here) remember("last", { lesson: document.body.dataset.lesson, section: here });
    for (const link of document.querySelectorAll(".contents ol ol a")) {
      if (decodeURIComponent(link.hash.slice(1)) === here)
        link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  // Small comforts ------------------------------------------------------------------------------------

  /** What scrolls sideways is reachable with the keyboard; what does not is no stop on the way. */
  function startScrollers() {
    const boxes = document.querySelectorAll(
      "main :is(pre, .scroll, .html, .picture, math[display=block])",
    );
    const look = (box) => {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    };
    const watch = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));
    for (const box of boxes) watch.observe(box);
  }

  /** The list on a phone goes away when it has led somewhere. */
  function startContents() {
    const list = document.getElementById("contents");
    list?.addEventListener("click", (event) => {
      if (event.target.closest("a") && list.matches(":popover-open")) list.hidePopover();
    });
  }

  // Cells that run --------------------------------------------------------------------------------------

  /** @type {Promise<void> | undefined} */
  let client;

  /** Nothing of what runs cells loads before the first press. */
  function loadClient() {
    client ??= (async () => {
      await load("live/index.js");
      const { style, client: script } = self.courseLive;
      loadStyle(`live/${style}`);
      await load(`live/${script}`);
    })();
    return client;
  }

  function startLive() {
    const lesson = document.body.dataset.lesson;
    if (document.body.dataset.live === undefined || !lesson) return;
    for (const code of document.querySelectorAll("main .cell .in")) {
      const bar = document.createElement("div");
      bar.className = "bar";
      const name = code.closest(".cell").dataset.cell;
      for (const label of ["Run", "Edit"]) {
        bar.innerHTML += `<button class="quiet" type="button" data-do="${label.toLowerCase()}"><b>${label}</b><span class="unseen"> cell ${name}</span></button>`;
      }
      code.append(bar);
    }
    document.querySelector("main").addEventListener("click", async (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      try {
        await loadClient();
        await self.courseLive.act(button);
      } catch {
        client = undefined;
        button.after("Files of this site are missing. Copy all of it again.");
      }
    });
    if (recall(`${lesson}/edited`, false)) loadClient();
  }

  // Search -------------------------------------------------------------------------------------------

  /** Load a classic script once. @param {string} name @returns {Promise<void>} */
  function load(name) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root}static/${name}`;
      script.addEventListener("load", () => done());
      script.addEventListener("error", failed);
      document.head.append(script);
    });
  }

  /** Load a style sheet. @param {string} name */
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
    self.openSearch();
  }

  function startSearch() {
    const button = document.getElementById("find");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", openSearch);
    addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
      // Just after the search has closed, the focus may still be in it, unseen.
      const busy = typing && event.target.checkVisibility();
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
      if (summary?.matches("summary")) summary.parentElement.open = true;
    };
    addEventListener("hashchange", open);
    open();
  }

  // The array on the first page ---------------------------------------------------------------------------

  const SIDE = 3;
  const ITEM = 8;

  function startTouch() {
    const figure = document.getElementById("touch");
    if (!figure) return;
    const cells = [...figure.querySelectorAll("tbody td")];
    const boxes = [...figure.querySelectorAll(".strip li")];
    const state = { strides: [SIDE * ITEM, ITEM], at: 5 };
    const byteOf = (k) => Math.floor(k / SIDE) * state.strides[0] + (k % SIDE) * state.strides[1];

    const draw = () => {
      const byte = byteOf(state.at);
      cells.forEach((cell, k) => {
        cell.textContent = String(byteOf(k) / ITEM + 1);
        cell.classList.toggle("on", k === state.at);
        cell.tabIndex = k === state.at ? 0 : -1;
      });
      boxes.forEach((box, k) => box.classList.toggle("on", k === byte / ITEM));
      figure.querySelector(".formula").innerHTML = formula(state, byte);
      figure.querySelector(".numbers i").textContent = `(${state.strides.join(", ")})`;
    };

    const choose = (k) => {
      state.at = k;
      draw();
      const byte = byteOf(k);
      say(
        `row ${Math.floor(k / SIDE)}, column ${k % SIDE}: value ${byte / ITEM + 1}, ` +
          `bytes ${byte} to ${byte + ITEM - 1}`,
      );
    };

    cells.forEach((cell, k) => {
      cell.setAttribute("role", "gridcell");
      cell.addEventListener("pointerenter", () => choose(k));
      cell.addEventListener("click", () => choose(k));
    });
    boxes.forEach((box, k) =>
      box.addEventListener("pointerenter", () => {
        choose(cells.findIndex((_cell, other) => byteOf(other) === k * ITEM));
      }),
    );
    figure.querySelector("tbody").addEventListener("keydown", (event) => {
      const to = step(state.at, event.key);
      if (to === null) return;
      event.preventDefault();
      choose(to);
      cells[to].focus();
    });
    figure.querySelector("#transpose").addEventListener("click", () => {
      state.strides.reverse();
      draw();
      say(`Transposed: strides ${state.strides.join(", ")}. The bytes have not moved.`);
    });
    figure.querySelector("table").setAttribute("role", "grid");
    for (const hidden of figure.querySelectorAll(".live")) hidden.hidden = false;
    draw();
  }

  /**
   * @param {{strides: number[], at: number}} state
   * @param {number} byte
   * @returns {string}
   */
  function formula({ strides, at }, byte) {
    const [i, j] = [Math.floor(at / SIDE), at % SIDE];
    return `<b>[${i},${j}]</b> → 0 + ${i}·<i>${strides[0]}</i> + ${j}·<i>${strides[1]}</i> = byte <i>${byte}</i>`;
  }

  /**
   * Where an arrow key leads on the board, or null.
   * @param {number} at
   * @param {string} key
   * @returns {number | null}
   */
  function step(at, key) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (!(key in moves)) return null;
    const within = (n) => Math.min(SIDE - 1, Math.max(0, n));
    const [i, j] = [Math.floor(at / SIDE), at % SIDE];
    return within(i + moves[key][0]) * SIDE + within(j + moves[key][1]);
  }

  // Before the first line is drawn: no flash of the wrong colours, no glimpse of a covered answer.
  paint(chosenScheme());
  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    startColours();
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

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
    const label = button?.querySelector(".of");
    if (!button || !label) return;
    const show = () => {
      const scheme = chosenScheme();
      paint(scheme);
      label.textContent = scheme;
    };
    button.addEventListener("click", () => {
      const next = SCHEMES[(SCHEMES.indexOf(chosenScheme()) + 1) % SCHEMES.length];
      remember("colours", next);
      paint(next);
      label.textContent = next;
      say(`Theme: ${next}`);
    });
    show();
  }

  // What is recalled where nothing was remembered.
  /** @type {{seen: string[], of: number}} */
  const NOTHING_SEEN = { seen: [], of: 0 };

  /** @typedef {{lesson: string, section: string}} LastPlace where the reader was */

  // Sections seen ---------------------------------------------------------------------------------

  /**
   * Draw one cell per section, filled where seen; none for a lesson of which nothing was seen.
   * @param {HTMLElement} place
   * @param {number} [sections] of the lesson that is open: it has its cells from the start
   */
  function drawProgress(place, sections = 0) {
    const { seen, of: known } = recall(`${place.dataset.progress}/sections`, NOTHING_SEEN);
    const of = seen.length ? known : sections;
    if (place.closest(".contents")) return listProgress(place, seen, of);
    place.querySelector(".cells")?.remove();
    if (!of) return;
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
  }

  /**
   * In the list of lessons: mark the sections that were seen, and say how many they are.
   * @param {HTMLElement} place
   * @param {string[]} seen
   * @param {number} of
   */
  function listProgress(place, seen, of) {
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = place.querySelectorAll("ol a");
    for (const link of links)
      link.classList.toggle("seen", seen.includes(decodeURIComponent(link.hash.slice(1))));
    place.querySelector("[role=img]")?.remove();
    if (!of) return;
    const count = Math.min(seen.length, of);
    const far = document.createElement("span");
    far.className = links.length ? "unseen" : "far";
    far.setAttribute("role", "img");
    far.setAttribute("aria-label", `${count} of ${of} sections seen`);
    far.textContent = count === of ? "✓" : `${count}/${of}`;
    place.querySelector("a")?.after(far);
  }

  function startProgress() {
    for (const place of elements("[data-progress]")) drawProgress(place);
    const lesson = document.body.dataset.lesson;
    const headings = [...document.querySelectorAll("main h2[id]")];
    if (!lesson || !headings.length) return;
    const place = element(document, `[data-progress="${CSS.escape(lesson)}"]`);
    const name = `${lesson}/sections`;
    const ids = headings.map((heading) => heading.id);
    if (place) drawProgress(place, ids.length);
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
      load("live/index.js", () => self.courseLive !== undefined)
        .then(() => load(`live/${self.courseLive.firstPage}`, () => true))
        .catch((error) => complain(null, error));
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
    const passed = headings.filter(
      (heading) => heading.getBoundingClientRect().top < 0.4 * innerHeight,
    );
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

  /** @type {Promise<unknown> | undefined} */
  let client;
  /** The style of what the client adds; a page works without it. @type {Promise<void>} */
  let styled = Promise.resolve();
  const AGAIN =
    "Reload the page, and if that does not help, unzip or upload the whole site again. " +
    "Your edits stay in this browser.";
  const COMPLAINT = ":scope > .trouble[role=alert]";

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
      await load("live/index.js", () => self.courseLive !== undefined);
      const { style, client: script } = self.courseLive;
      styled = loadStyle(`live/${style}`);
      styled.catch(() => {}); // is said after the press
      await load(`live/${script}`, () => self.courseLive.ready !== undefined);
      await self.courseLive.ready;
    })();
    client.catch(() => {
      client = undefined; // the next press tries again
    });
    return client;
  }

  /**
   * Say what is wrong with the files of the page.
   * @param {Element | null} place inside the cell whose button was pressed
   * @param {unknown} error
   */
  function complain(place, error) {
    const bar = place?.closest(".bar, .handin") ?? element(document, "main");
    if (!bar) return;
    const said = element(bar, COMPLAINT) ?? document.createElement("p");
    said.className = "trouble";
    said.setAttribute("role", "alert");
    const known = error instanceof Error && error.name === "LiveError";
    said.textContent = known ? error.message : `Something failed in this page: ${error}. ${AGAIN}`;
    if (bar.matches("main")) bar.querySelector("h1")?.after(said);
    else bar.append(said);
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
      await self.courseLive.act?.(button, point);
      await styled;
      button.closest(".bar, .handin")?.querySelector(COMPLAINT)?.remove();
    } catch (error) {
      complain(button, error);
    }
  }

  /** Some pages have the scripts of the client in their text; say so if one did not start. */
  function lookAtScripts() {
    /** @type {NodeListOf<HTMLScriptElement>} */
    const scripts = document.querySelectorAll('script[src*="static/live/"]');
    if (!scripts.length || self.courseLive?.ready) return;
    const { src } = scripts[self.courseLive ? 1 : 0];
    complain(null, troubleWith(src.slice(src.indexOf("static/")), "is missing or damaged"));
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
    if (exercise) addEventListener("dragenter", loadForEdits, { once: true });
    document.querySelector("main")?.addEventListener("click", (event) => {
      const { target, detail, clientX: x, clientY: y } = /** @type {MouseEvent} */ (event);
      const button = target instanceof Element ? target.closest("[data-do]") : null;
      // The second click of a double click on Run finds Stop in its place.
      if (!(button instanceof HTMLElement) || (detail > 1 && button.dataset.do === "stop")) return;
      actOnCell(button, detail ? { x, y } : undefined);
    });
    if (recall(`${page}/edited`, false) || ranPython()) loadForEdits();
  }

  /** Show what the reader wrote on earlier visits, before anything is pressed. */
  function loadForEdits() {
    loadClient().catch((error) => complain(null, error));
  }

  // Search ----------------------------------------------------------------------------------------

  /**
   * @param {string} file
   * @param {string} what
   */
  const troubleWith = (file, what) =>
    Object.assign(new Error(`The file ${file} ${what}. ${AGAIN}`), { name: "LiveError" });

  /**
   * Load a classic script once.
   * @param {string} name
   * @param {() => boolean} isThere tells whether it has done what it is for
   * @returns {Promise<void>}
   */
  function load(name, isThere) {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root}static/${name}`;
      script.addEventListener("load", () => {
        if (isThere()) done();
        else failed(troubleWith(`static/${name}`, "is damaged"));
      });
      script.addEventListener("error", () => {
        failed(troubleWith(`static/${name}`, "cannot be loaded"));
      });
      document.head.append(script);
    });
  }

  /**
   * Load a style sheet.
   * @param {string} name
   * @returns {Promise<void>}
   */
  function loadStyle(name) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${document.body.dataset.root}static/${name}`;
    document.head.append(style);
    return new Promise((done, failed) => {
      style.addEventListener("load", () => done());
      style.addEventListener("error", () => {
        failed(troubleWith(`static/${name}`, "cannot be loaded"));
      });
    });
  }

  /** Open the search, and fetch it from beside the page the first time. */
  async function openSearch() {
    try {
      if (!self.openSearch) {
        await Promise.all([
          loadStyle("search.css"),
          load("search-index.js", () => self.searchIndex !== undefined),
          load("search.js", () => self.openSearch !== undefined),
        ]);
      }
      await self.openSearch?.();
    } catch (error) {
      complain(null, error);
    }
  }

  function startSearch() {
    const button = document.getElementById("find");
    if (!button) return;
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

  // Fonts -----------------------------------------------------------------------------------------

  const FONTS = ["Serif", "Sans", "Mono", "Math"].map((name) => `"Course ${name}"`);
  FONTS.push('italic 1em "Course Serif"');
  /** How long a page waits for its fonts before it is drawn with others, ms. */
  const PATIENCE = 300;

  /** Draw the page with its fonts, if they come at once: a line that has been drawn stays. */
  function awaitFonts() {
    const { classList } = document.documentElement;
    const draw = () => classList.remove("early");
    classList.add("early");
    const loading = FONTS.map((font) => document.fonts.load(font.replace(/^"/, '1em "')));
    Promise.all(loading).then(draw, draw);
    setTimeout(draw, PATIENCE);
  }

  // Before the first line is drawn: no flash of the wrong colors, no glimpse of a covered answer.
  awaitFonts();
  paint(chosenScheme());
  document.documentElement.classList.add("js");
  document.addEventListener("DOMContentLoaded", () => {
    lookAtScripts(); // before any script is added here
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

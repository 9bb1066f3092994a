// Covers over answers, and questions that are shown one at a time. What is covered is said by
// course/render/covers.py; this script opens it when the reader has answered.
"use strict";

(() => {
  const { recall, remember, say, element, elements, addressed } = self.coursePage;
  const lesson = document.body.dataset.lesson ?? "";
  /** @type {string[]} */
  const NONE = [];

  // Covers ----------------------------------------------------------------------------------------

  const OPENED = `${lesson}/opened`;

  /** @param {string} [key] of the question above a cover */
  const isOpen = (key = "") => recall(OPENED, NONE).includes(key) || opened.has(key);

  /** Opened on this visit, also where the browser may not remember. */
  const opened = new Set();

  /** Draw each cover that is not open, down to the next part; show the rest. */
  function drawCovers() {
    let isClosed = false;
    for (const cell of elements("main :is([data-cell], [data-covered-by])")) {
      const { part, coveredBy } = cell.dataset;
      if (part !== undefined) isClosed = false;
      cell.classList.toggle("gated", isClosed);
      if (coveredBy === undefined) continue;
      const isCovered = !isOpen(coveredBy);
      cell.classList.toggle("covered", isCovered);
      isClosed ||= isCovered;
    }
  }

  /**
   * Whether a box that was opened or closed is an open answer of a question without scripts.
   * @param {EventTarget | null} box
   */
  const isAnswer = (box) =>
    box instanceof HTMLDetailsElement && box.open && box.closest(".ss-predict") !== null;

  /** @param {string} key */
  function open(key) {
    if (isOpen(key)) return;
    opened.add(key);
    remember(OPENED, [...new Set([...recall(OPENED, NONE), key])]);
    drawCovers();
    say("The answer and the explanation are open.");
  }

  /**
   * Open every cover over a part of the page, for a link that leads there.
   * @param {Element} part
   */
  function uncover(part) {
    /** @type {Element[]} */
    const all = [...elements("main :is([data-cell], [data-covered-by])")];
    const cells = all.filter((one) => one instanceof HTMLElement);
    const cell = part.closest("[data-cell], [data-covered-by]");
    for (let k = all.indexOf(cell ?? part); k >= 0; k -= 1) {
      const { part: starts, coveredBy } = cells[k].dataset;
      if (coveredBy !== undefined) open(coveredBy);
      if (starts !== undefined) return;
    }
  }

  /** A link into what is covered opens it. */
  function followAddress() {
    const target = document.getElementById(addressed());
    if (!target?.closest("main .gated")) return;
    uncover(target);
    target.scrollIntoView();
  }

  function startCovers() {
    drawCovers();
    for (const cell of elements("[data-covered-by]")) {
      const key = cell.dataset.coveredBy ?? "";
      const question = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      cell.querySelector(".cover button")?.addEventListener("click", () => {
        // The question keeps that it was shown, and gives the reason; its own button is hidden.
        if (question) element(question, ".ss-predict-shown")?.click();
        open(key);
        const answer = element(cell, ".out") ?? cell.nextElementSibling;
        if (!(answer instanceof HTMLElement)) return;
        answer.tabIndex = -1;
        answer.focus({ preventScroll: true });
      });
      cell.addEventListener("course-run", () => open(key));
      question?.addEventListener("ss-predict", () => open(key));
      // `toggle` does not bubble, but it can be caught on its way down.
      question?.addEventListener("toggle", ({ target }) => isAnswer(target) && open(key), true);
    }
    addEventListener("hashchange", followAddress);
    followAddress();
    // An instrument that a link leads to.
    document.addEventListener("ss-linked", ({ target }) => {
      if (target instanceof Element && target.closest("main .gated")) uncover(target);
    });
  }

  // Questions one at a time -----------------------------------------------------------------------

  /**
   * A button of a deck.
   * @param {string} text
   * @param {() => void} act
   */
  function button(text, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  }

  /**
   * Show the questions of a deck one at a time, with how far the reader is.
   * @param {HTMLElement} deck
   */
  function startDeck(deck) {
    const questions = [...deck.querySelectorAll(".predicts")].filter(
      (one) => one instanceof HTMLElement,
    );
    const name = `${lesson}/answered`;
    /** @type {Set<string | undefined>} */
    const answered = new Set(recall(name, NONE));
    const where = document.createElement("p");
    where.className = "label";
    const cells = document.createElement("span");
    cells.className = "cells";
    cells.setAttribute("role", "img");
    const head = document.createElement("div");
    head.className = "deck-head";
    head.append(where, cells);
    const back = button("Back", () => go(at - 1));
    const next = button("Next question", () => go(at + 1));
    back.className = "quiet";
    const foot = document.createElement("div");
    foot.className = "row";
    foot.append(next, back);
    let at = questions.findIndex(({ dataset: { key } }) => !answered.has(key));
    if (at < 0) at = questions.length - 1;

    const draw = () => {
      const isLast = at === questions.length - 1;
      for (const [k, one] of questions.entries()) one.classList.toggle("at", k === at);
      where.textContent = `Question ${at + 1} of ${questions.length}`;
      cells.replaceChildren(
        ...questions.map(({ dataset: { key } }, k) => {
          const cell = document.createElement("i");
          if (answered.has(key)) cell.classList.add("on");
          if (k === at) cell.classList.add("at");
          return cell;
        }),
      );
      const done = questions.filter(({ dataset: { key } }) => answered.has(key)).length;
      cells.setAttribute("aria-label", `${done} of ${questions.length} answered`);
      back.hidden = at === 0;
      next.hidden = isLast;
      next.classList.toggle("second", !answered.has(questions[at].dataset.key));
    };
    /** @param {number} k */
    const go = (k) => {
      at = k;
      draw();
      say(where.textContent ?? "");
      const first = element(questions[at], "button, svg[tabindex], input, summary");
      first?.focus({ preventScroll: true });
      head.scrollIntoView({ block: "nearest" });
    };
    for (const one of questions) {
      const done = () => {
        if (answered.has(one.dataset.key)) return;
        answered.add(one.dataset.key);
        remember(name, [...answered]);
        draw();
      };
      one.addEventListener("ss-predict", done);
      one.addEventListener("toggle", ({ target }) => isAnswer(target) && done(), true);
    }
    deck.prepend(head);
    deck.append(foot);
    deck.classList.add("ready");
    draw();
  }

  startCovers();
  for (const deck of elements(".deck")) startDeck(deck);
})();

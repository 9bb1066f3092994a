// The array on the first page: a table, its bytes, and the path on which NumPy reads them. It is
// transposed once by itself and back again, and then by the reader.
"use strict";

(() => {
  const { say, element } = self.coursePage;
  const SIDE = 3;
  const ITEM = 8;
  const COUNT = SIDE * SIDE;
  /** How long the path takes, the wait before it, and the wait before the way back, in ms. */
  const PATH = 700;
  const FIRST = 1200;
  const BACK_AFTER = 4200;
  /** How long the elements take to become tiles, and to move. */
  const TILE = 180;
  const MOVE = 1100;
  /** Size of a moving tile, in cells. Half-way between two cells, it touches neither. */
  const SMALL = 0.48;
  /**
   * The ways from (i, j) to (j, i), between the other tiles: when a tile is where, in parts of
   * `MOVE`. The other three are these, turned around the center. The ways of a pair lead to
   * opposite sides, and the outer pair waits for the inner ones.
   * @type {Record<string, [when: number, i: number, j: number][]>}
   */
  const WAYS = {
    "01": [
      [0.15, 0.5, 1.5],
      [0.3, 0.5, 1.5],
      [0.45, 0.5, 0.5],
      [0.55, 1, 0],
    ],
    10: [
      [0.17, 0.5, 0.5],
      [0.34, 0, 1],
    ],
    "02": [
      [0.4, 0, 2],
      [0.55, 0.5, 1.5],
      [0.7, 1.5, 1.5],
      [0.85, 1.5, 0.5],
      [1, 2, 0],
    ],
  };
  /** Between two cells, px. */
  const GAP = 2;
  /** Height of the room for the steps above the strip, px. */
  const HEIGHT = 74;
  /** Where the words above it are, px from its top. */
  const LABEL = 16;
  /** The highest of the steps, and how much higher that to the chosen element is, px. */
  const RISE = 32;
  const HIGHER = 12;
  /** The lowest of the steps back, px; on a phone they are flatter. */
  const FALL = 26;
  const FLAT = 16;
  const PHONE = 480;
  /** From the feet of steps ahead down to those of steps back, below the addresses, px. */
  const STRIP_HEIGHT = 76;
  const SVG = "http://www.w3.org/2000/svg";

  /** @type {Record<string, [rows: number, columns: number]>} */
  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const figure = document.getElementById("touch");
  if (!figure) return;
  const cells = [...figure.querySelectorAll("td:has(span)")].filter(
    (td) => td instanceof HTMLElement,
  );
  const boxes = [...figure.querySelectorAll(".strip > li")];
  const [body, strip, path] = ["tbody", ".strip", ".path"].map((name) => element(figure, name));
  const [title, formula, numbers] = [".name", ".formula", ".numbers i"].map((name) =>
    element(figure, name),
  );
  const transposed = /** @type {HTMLButtonElement | null} */ (element(figure, "#transpose"));
  if (!body || !strip || !path || !transposed) return;

  /** The strides, and the position in memory of the element that the reader looks at. */
  const state = { strides: [SIDE * ITEM, ITEM], at: 5 };
  let isUsed = false;
  /** The animations of tiles on their way. @type {Animation[]} */
  let moving = [];

  /** Where the element in cell k is in memory. @param {number} k */
  const elementIn = (k) =>
    (Math.floor(k / SIDE) * state.strides[0] + (k % SIDE) * state.strides[1]) / ITEM;

  /** The positions in memory in the order of the reading. */
  const order = () => Array.from({ length: COUNT }, (_, k) => elementIn(k));

  function draw() {
    for (const [k, cell] of cells.entries()) {
      const here = elementIn(k);
      /** @type {HTMLElement} */ (cell.firstElementChild).textContent = String(here + 1);
      cell.className = `row-${Math.floor(here / SIDE)}`;
      cell.classList.toggle("on", here === state.at);
      cell.tabIndex = here === state.at ? 0 : -1;
    }
    for (const [k, box] of boxes.entries()) box.classList.toggle("on", k === state.at);
    const [i, j] = indexOf(state.at);
    const [s0, s1] = state.strides;
    if (formula)
      formula.innerHTML =
        `<b>[${i},${j}]</b> <span data-term="offset">→ 0</span> ` +
        `<span data-term="axis 0">+ ${i}·<i>${s0}</i></span> ` +
        `<span data-term="axis 1">+ ${j}·<i>${s1}</i></span> ` +
        `<span data-term="value ${state.at + 1}">= byte <b>${state.at * ITEM}</b></span>`;
    if (numbers) numbers.textContent = `(${s0}, ${s1})`;
    if (title) title.textContent = s0 < s1 ? "a.T" : "a";
    if (transposed) transposed.textContent = s0 < s1 ? "Transpose back" : "Transpose";
  }

  /** The index at which an element is read now. @param {number} at */
  function indexOf(at) {
    const k = order().indexOf(at);
    return [Math.floor(k / SIDE), k % SIDE];
  }

  /**
   * A shape of the path.
   * @param {string} name
   * @param {Record<string, string | number>} attributes
   */
  function shape(name, attributes) {
    const one = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, String(value));
    return one;
  }

  /**
   * The path of the reading: steps ahead above the strip, steps back below its addresses. The first
   * step of each kind says how far it goes.
   */
  function drawPath(isMoving = false) {
    const width = strip?.clientWidth ?? 0;
    const [unit, places] = [width / COUNT, order()];
    const svg = shape("svg", { width, height: HEIGHT + 2 });
    const lowest = width < PHONE ? FLAT : FALL;
    const named = new Set();
    for (const [k, to] of places.slice(1).entries()) {
      const step = (to - places[k]) * ITEM;
      const isBack = step < 0;
      const [from, end] = [places[k], to].map((place) => (place + 0.5) * unit);
      const [y, tip] = isBack ? [HEIGHT + STRIP_HEIGHT, 7] : [HEIGHT, -7];
      const isChosen = to === state.at;
      const rise = 4.6 * Math.sqrt(Math.abs(end - from) / (isBack ? 4 : 1.6));
      const high = Math.min(rise, isBack ? lowest : RISE) + (isChosen ? HIGHER : 0);
      const d = `M${from} ${y}A${Math.abs(end - from) / 2} ${high} 0 0 1 ${end} ${y + tip}`;
      const kind = `${isBack ? "back" : ""} ${isChosen ? "now" : ""}`;
      const hop = shape("path", { d, pathLength: 1, class: kind });
      const points = `${end - 4},${y + tip} ${end + 4},${y + tip} ${end},${y}`;
      const parts = [shape("polygon", { points, class: kind })];
      if (!named.has(isBack)) {
        const at = { x: Math.min(from, end), y: isBack ? y + lowest + 28 : LABEL, class: kind };
        parts.push(shape("text", at));
        parts[1].textContent = isBack
          ? `\u2212${-step} to the next row`
          : `+${step} to the next element`;
        named.add(isBack);
      }
      svg.append(hop, ...parts);
      if (!isMoving || calm.matches) continue;
      const [duration, delay] = [PATH / COUNT, (k * PATH) / COUNT];
      hop.animate({ strokeDashoffset: [1, 0] }, { duration, delay, fill: "backwards" });
      // Heads and words are there when their step has arrived.
      for (const part of parts) part.animate({ opacity: [0, 0] }, delay + duration);
    }
    path?.replaceChildren(svg);
  }

  /**
   * Move the element of a cell as a small tile to where the transposed array has it.
   * @param {HTMLElement} tile @param {number} i @param {number} j
   */
  function moveTile(tile, i, j) {
    const { width, height } = tile.getBoundingClientRect();
    const [first, last] = [TILE / (2 * TILE + MOVE), 1 - TILE / (2 * TILE + MOVE)];
    /** @param {number} row @param {number} column @param {number} size */
    const at = (row, column, size) => {
      const [x, y] = [(column - j) * (width + GAP), (row - i) * (height + GAP)];
      return `translate(${x}px, ${y}px) scale(${size})`;
    };
    const large = `${Number.parseFloat(getComputedStyle(tile).fontSize) / 0.6}px`;
    const isThere = `${i}${j}` in WAYS;
    const way = (WAYS[isThere ? `${i}${j}` : `${2 - i}${2 - j}`] ?? []).map(
      ([when, row, column]) => ({
        offset: first + when * (last - first),
        transform: isThere ? at(row, column, SMALL) : at(2 - row, 2 - column, SMALL),
        fontSize: large,
      }),
    );
    return tile.animate(
      [
        { transform: at(i, j, 1) },
        { offset: first, transform: at(i, j, SMALL), fontSize: large },
        ...way,
        { offset: last, transform: at(j, i, SMALL), fontSize: large },
        { transform: at(j, i, 1) },
      ],
      { duration: 2 * TILE + MOVE, fill: "forwards" },
    );
  }

  /** Exchange the strides: elements of the table change places, bytes do not. */
  function transpose() {
    if (calm.matches) return land();
    if (moving.length) return finish();
    path?.replaceChildren();
    moving = cells.map((cell, k) =>
      moveTile(/** @type {HTMLElement} */ (cell.firstElementChild), Math.floor(k / SIDE), k % SIDE),
    );
    moving[0].onfinish = finish;
  }

  /** Put moving tiles where they go: only now are the labels those of the transposed array. */
  function finish() {
    if (moving.length === 0) return;
    for (const one of moving) one.cancel();
    moving = [];
    land();
  }

  function land() {
    state.strides.reverse();
    draw();
    drawPath(true);
    say(`Transposed: strides ${state.strides.join(", ")}. The bytes have not moved.`);
  }

  /** @param {number} at */
  function choose(at) {
    isUsed = true;
    finish();
    state.at = at;
    draw();
    drawPath();
    const [i, j] = indexOf(at);
    const byte = at * ITEM;
    say(`row ${i}, column ${j}: value ${at + 1}, bytes ${byte} to ${byte + ITEM - 1}`);
  }

  for (const [k, cell] of cells.entries()) {
    cell.setAttribute("role", "gridcell");
    cell.addEventListener("pointerenter", () => moving.length || choose(elementIn(k)));
    cell.addEventListener("click", () => choose(elementIn(k)));
  }
  for (const [k, box] of boxes.entries()) {
    box.addEventListener("pointerenter", () => moving.length || choose(k));
    box.addEventListener("click", () => choose(k));
  }
  body.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const [i, j] = indexOf(state.at).map((n, axis) =>
      Math.min(SIDE - 1, Math.max(0, n + move[axis])),
    );
    choose(elementIn(i * SIDE + j));
    cells[i * SIDE + j].focus();
  });
  transposed.addEventListener("click", () => {
    isUsed = true;
    transpose();
  });
  element(figure, "table")?.setAttribute("role", "grid");
  draw();
  new ResizeObserver(() => moving.length || drawPath()).observe(strip);
  // There and back, once, when the figure is seen; not under a reader who is already busy with it.
  const seen = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      seen.disconnect();
      if (calm.matches) return;
      for (const wait of [FIRST, FIRST + BACK_AFTER]) setTimeout(() => isUsed || transpose(), wait);
    },
    { threshold: 0.6 },
  );
  seen.observe(figure);
})();

// The array on the first page: a table, its bytes, and the path on which NumPy reads them. It is
// transposed once by itself and back again, and then by the reader.
"use strict";

(() => {
  const { say, element } = self.coursePage;
  const SIDE = 3;
  const ITEM = 8;
  const COUNT = SIDE * SIDE;
  /** How long a change takes, the wait before the first one, and that before the way back, ms. */
  const CHANGE = 700;
  const FIRST = 1200;
  const BACK_AFTER = 2600;
  /** Height of the room for the steps above the strip, px. */
  const HEIGHT = 52;
  /** From the feet of steps ahead down to those of steps back, and past the addresses, px. */
  const STRIP_HEIGHT = 52;
  const ADDRESSES = 20;
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

  /** Where the element in cell k is in memory. @param {number} k */
  const elementIn = (k) =>
    (Math.floor(k / SIDE) * state.strides[0] + (k % SIDE) * state.strides[1]) / ITEM;

  /** The positions in memory in the order of the reading. */
  const order = () => Array.from({ length: COUNT }, (_, k) => elementIn(k));

  function draw() {
    for (const [k, cell] of cells.entries()) {
      const here = elementIn(k);
      /** @type {HTMLElement} */ (cell.firstElementChild).textContent = String(here + 1);
      cell.className = `row-${Math.floor(k / SIDE)}`;
      cell.classList.toggle("on", here === state.at);
      cell.tabIndex = here === state.at ? 0 : -1;
    }
    for (const [k, box] of boxes.entries()) {
      box.className = `row-${indexOf(k)[0]}`;
      box.classList.toggle("on", k === state.at);
    }
    const [i, j] = indexOf(state.at);
    const [s0, s1] = state.strides;
    if (formula)
      formula.innerHTML =
        `<b>[${i},${j}]</b> → 0 + ${i}·<i>${s0}</i> + ${j}·<i>${s1}</i> = ` +
        `byte <i>${state.at * ITEM}</i>`;
    if (numbers) numbers.textContent = `(${s0}, ${s1})`;
    if (title) title.textContent = s0 < s1 ? "a.T" : "a";
    if (transposed) transposed.textContent = s0 < s1 ? "Transpose back" : "Transpose";
  }

  /** The index at which an element is read now. @param {number} at */
  function indexOf(at) {
    const k = order().indexOf(at);
    return [Math.floor(k / SIDE), k % SIDE];
  }

  /** The path of the reading: steps ahead above the strip, steps back below its addresses. */
  function drawPath(isMoving = false) {
    const width = strip?.clientWidth ?? 0;
    const [unit, places] = [width / COUNT, order()];
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(HEIGHT + 2));
    for (const [k, to] of places.slice(1).entries()) {
      const isBack = to < places[k];
      const [from, end] = [places[k], to].map((place) => (place + 0.5) * unit);
      const [y, straight, tip] = isBack ? [HEIGHT + STRIP_HEIGHT, ADDRESSES, 7] : [HEIGHT, 0, -7];
      const rise = 4.6 * Math.sqrt(Math.abs(end - from) / (isBack ? 4 : 1.6));
      const arc = `A${Math.abs(end - from) / 2} ${Math.min(rise, HEIGHT - 2)} 0 0 1`;
      const d = `M${from} ${y}v${straight}${arc} ${end} ${y + straight}V${y + tip}`;
      const hop = document.createElementNS(SVG, "path");
      hop.setAttribute("d", d);
      hop.setAttribute("pathLength", "1");
      hop.classList.toggle("back", isBack);
      hop.classList.toggle("now", to === state.at);
      const head = document.createElementNS(SVG, "polygon");
      head.setAttribute("points", `${end - 4},${y + tip} ${end + 4},${y + tip} ${end},${y}`);
      svg.append(hop, head);
      if (!isMoving || calm.matches) continue;
      const timing = { duration: CHANGE / COUNT, delay: (k * CHANGE) / COUNT };
      hop.animate([{ strokeDashoffset: 1 }, { strokeDashoffset: 0 }], {
        ...timing,
        fill: "backwards",
      });
      head.animate([{ opacity: 0 }, { opacity: 0 }, {}], { ...timing, fill: "backwards" });
    }
    path?.replaceChildren(svg);
  }

  /** Exchange the strides: elements of the table change places, bytes do not. */
  function transpose() {
    const before = order();
    state.strides.reverse();
    draw();
    drawPath(true);
    say(`Transposed: strides ${state.strides.join(", ")}. The bytes have not moved.`);
    if (calm.matches) return;
    const places = cells.map((cell) => cell.getBoundingClientRect());
    for (const [k, cell] of cells.entries()) {
      const from = places[before.indexOf(elementIn(k))];
      const [x, y] = [from.left - places[k].left, from.top - places[k].top];
      const moves = [{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }];
      cell.firstElementChild?.animate(moves, { duration: CHANGE, easing: "ease-out" });
    }
  }

  /** @param {number} at */
  function choose(at) {
    isUsed = true;
    state.at = at;
    draw();
    drawPath();
    const [i, j] = indexOf(at);
    const byte = at * ITEM;
    say(`row ${i}, column ${j}: value ${at + 1}, bytes ${byte} to ${byte + ITEM - 1}`);
  }

  for (const [k, cell] of cells.entries()) {
    cell.setAttribute("role", "gridcell");
    cell.addEventListener("pointerenter", () => choose(elementIn(k)));
    cell.addEventListener("click", () => choose(elementIn(k)));
  }
  for (const [k, box] of boxes.entries()) {
    box.addEventListener("pointerenter", () => choose(k));
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
  new ResizeObserver(() => drawPath()).observe(strip);
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

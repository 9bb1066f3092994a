// `wheel` live: step an integer past its end; the ring or the odometer, the bits and NumPy's answer follow.

import { button, h, s } from "../drawing/dom.js";
import { bitCount, endsOf, integerOf, minusSign, numberFacts, stepLines, wrappedInteger } from "../model/bit_pattern.js";
import { bitBoxes, openNumber, patternOf, showFacts } from "./bits.js";

const RING_SIZE = 352;
const RING_RADIUS = 132;
const ODOMETER_NEAR = 3;

/** Mount the instrument. @param {any} view the frame @param {any} state */
export function mountWheel(view, state) {
  const me = { view, one: patternOf(state.dtype, state.pattern) };
  const step = (n) => set(wrappedInteger(me.one.dtype, integerOf(me.one) + n));
  const words = h("p", {});
  const facts = h("dl", { class: "ss-facts" });
  const lines = h("dl", { class: "ss-facts ss-wheel-steps" });
  const fields = bitBoxes(me.one, (at) =>
    set({ ...me.one, pattern: me.one.pattern ^ (1n << BigInt(at)) }),
  );
  const dial =
    bitCount(me.one.dtype) <= 8
      ? ringOf(me.one, (pattern) => set({ ...me.one, pattern }))
      : odometerOf(step);
  dial.svg.addEventListener("keydown", (event) => turnedDial(event, step));
  view.picture.append(
    words,
    h("div", { class: "ss-row ss-wheel-row" }, dial.svg, h("div", {}, fields.root, facts)),
    lines,
  );
  const [low, high] = endsOf(me.one.dtype);
  view.controls.append(
    button("− 1", () => step(-1n)),
    button("+ 1", () => step(1n)),
    button(`to ${minusSign(high)}`, () => set(wrappedInteger(me.one.dtype, high))),
    button(`to ${minusSign(low)}`, () => set(wrappedInteger(me.one.dtype, low))),
  );
  function set(one) {
    const before = me.one;
    me.one = one;
    dial.show(one);
    fields.show(one);
    showFacts(facts, numberFacts(one));
    words.textContent = wheelWords(one);
    lines.replaceChildren(
      ...stepLines(one).map(({ name, line, outcome }) =>
        h(
          "div",
          {},
          h("dt", {}, name),
          h("dd", {}, h("code", {}, line), h("br", {}), "→ ", h("code", {}, outcome)),
        ),
      ),
    );
    view.root.dataset.value = integerOf(one);
    view.say(`${one.dtype}: ${minusSign(integerOf(one))}.${passedSeam(before, one)}`);
  }
  openNumber("wheel", me, state, set);
}

function wheelWords(one) {
  const [low, high] = endsOf(one.dtype);
  const after = integerOf(wrappedInteger(one.dtype, integerOf(one) + 1n));
  return `${one.dtype}: ${(high - low + 1n).toLocaleString("en")} values from ${minusSign(low)} to ${minusSign(high)}, at ${minusSign(integerOf(one))}. One step up: ${minusSign(after)}.`;
}

function passedSeam(before, one) {
  const ends = endsOf(one.dtype);
  const pair = [integerOf(before), integerOf(one)];
  return pair.every((n) => ends.includes(n)) && pair[0] !== pair[1]
    ? " Past the seam: an array wraps around without a word."
    : "";
}

/** Keys on the dial: arrows step by one, PageUp and PageDown by 16. */
function turnedDial(event, step) {
  const way = {
    ArrowUp: 1n,
    ArrowRight: 1n,
    ArrowDown: -1n,
    ArrowLeft: -1n,
    PageUp: 16n,
    PageDown: -16n,
  }[event.key];
  if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  step(way);
}

/** A point on the ring, px: pattern 0 at the top, then clockwise. */
function ringPoint(k, count, radius) {
  const angle = (2 * Math.PI * k) / count;
  const middle = RING_SIZE / 2;
  return [
    Math.round(middle + radius * Math.sin(angle)),
    Math.round(middle - radius * Math.cos(angle)),
  ];
}

const dialSpin = (name) => ({ tabindex: 0, role: "spinbutton", "aria-label": name });

/** Every value as a tick, the seam where the ends meet, a hand; a touch takes the nearest value. */
function ringOf(one, take) {
  const [low, high] = endsOf(one.dtype).map(Number);
  const count = high - low + 1;
  const r = RING_RADIUS;
  const svg = s("svg", {
    width: RING_SIZE,
    height: RING_SIZE,
    ...dialSpin(`Ring of ${count} values`),
    "aria-valuemin": low,
    "aria-valuemax": high,
    onPointerdown: touched,
    onPointermove: (e) => e.buttons && touched(e),
  });
  const line = (k, a, b) =>
    `M${ringPoint(k, count, a).join(" ")}L${ringPoint(k, count, b).join(" ")}`;
  const ticks = Array.from({ length: count }, (_, k) => line(k, r, r - (k % 16 ? 7 : 14))).join("");
  const label = (k, text, side = 0) => {
    const [x, y] = ringPoint(k, count, r + 20);
    return s("text", { x: x + side, y: y + 5 }, text);
  };
  const eighths = Array.from({ length: 8 }, (_, j) => (j * count) / 8).filter(
    (k) => (k - high - 1 + count) % count > 1,
  );
  const hand = s("path", { class: "r" });
  const dot = s("path", { class: "r" });
  const value = s("text", { x: RING_SIZE / 2, y: RING_SIZE / 2 + 5 });
  const right = low < 0 ? 24 : -24;
  const cut = high + 0.5;
  svg.append(
    s("path", { class: "e", d: ticks }),
    s("path", { class: "q", d: line(cut, r + 4, r + 28) }),
    s(
      "g",
      { class: "s" },
      eighths.map((k) => label(k, minusSign(k > high ? k - count : k))),
    ),
    s(
      "g",
      { class: "i" },
      label(cut, minusSign(high), right),
      label(cut, minusSign(low), -right),
      value,
    ),
    hand,
    dot,
  );
  function touched(event) {
    const box = svg.getBoundingClientRect();
    const x = event.clientX - box.left - RING_SIZE / 2;
    const y = event.clientY - box.top - RING_SIZE / 2;
    const turn = Math.round((Math.atan2(x, -y) / (2 * Math.PI)) * count);
    if (Math.hypot(x, y) > 30) take(BigInt((turn + count) % count));
  }
  function show(now) {
    const k = Number(now.pattern);
    const [x, y] = ringPoint(k, count, r - 3);
    hand.setAttribute("d", line(k, 40, r - 20));
    dot.setAttribute("d", `M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`);
    value.textContent = minusSign(integerOf(now));
    svg.setAttribute("aria-valuenow", integerOf(now));
  }
  return { svg, show };
}

/** The values around the current one as a column; a touch on a row goes there. */
function odometerOf(step) {
  const svg = s("svg", {
    width: 240,
    height: (2 * ODOMETER_NEAR + 1) * 32 + 20,
    ...dialSpin("Odometer"),
    onClick: (e) =>
      step(
        BigInt(Math.floor((e.clientY - svg.getBoundingClientRect().top - 10) / 32) - ODOMETER_NEAR),
      ),
  });
  function show(now) {
    const [low] = endsOf(now.dtype);
    const rows = Array.from({ length: 2 * ODOMETER_NEAR + 1 }, (_, k) => k);
    const value = (k) =>
      integerOf(wrappedInteger(now.dtype, integerOf(now) + BigInt(k - ODOMETER_NEAR)));
    const seam = rows.filter((k) => value(k) === low);
    svg.replaceChildren(
      s("path", { class: "e", d: rows.map((k) => `M20 ${10 + k * 32}h200v32h-200z`).join("") }),
      s("path", { class: "r", d: `M21 ${11 + ODOMETER_NEAR * 32}h198v30h-198z` }),
      ...seam.map((k) => s("path", { class: "q", d: `M4 ${10 + k * 32}h232` })),
      ...rows.map((k) =>
        s(
          "g",
          { class: k === ODOMETER_NEAR ? "i" : "" },
          s("text", { x: 120, y: 31 + k * 32 }, minusSign(value(k))),
        ),
      ),
    );
    svg.setAttribute("aria-valuenow", integerOf(now));
    svg.setAttribute("aria-valuetext", integerOf(now));
  }
  return { svg, show };
}

// A walk through steps: a slider to scrub, a button to play it at 90 ms a step and at most 2.5 s.

import { button, h } from "../drawing/dom.js";

const STEP_MS = 90;
const LONGEST_MS = 2500;

/**
 * Controls of a walk.
 * @param {{label: string, first: number, last: () => number, read: () => number, go: (step: number) => void, words: (step: number) => string}} what
 *   `go` is called with each new step
 * @returns {{nodes: HTMLElement[], update: () => void, stop: () => void}}
 */
export function walkControls({ label, first, last, read, go, words }) {
  let timer = 0;
  const slider = h("input", {
    type: "range",
    class: "ss-range",
    min: first,
    "aria-label": label,
    onInput: () => {
      stop();
      go(Number(slider.value));
      update();
    },
  });
  const play = button("Walk", () => (timer ? stop() : start()));
  function update() {
    slider.max = String(last());
    slider.value = String(read());
    slider.setAttribute("aria-valuetext", words(read()));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Walk";
  }
  function start() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      go(last());
      update();
      return;
    }
    const from = read() >= last() ? first - 1 : read();
    const began = performance.now();
    const pace = Math.min(STEP_MS, LONGEST_MS / Math.max(1, last() - from));
    play.textContent = "Stop";
    timer = setInterval(
      () => {
        const step = Math.min(last(), from + 1 + Math.floor((performance.now() - began) / pace));
        if (step !== read()) {
          go(step);
          update();
        }
        if (step >= last()) stop();
      },
      Math.max(16, pace),
    );
  }
  const nudge = (by, text, name) => {
    const b = button(text, () => {
      stop();
      go(Math.max(first, Math.min(last(), read() + by)));
      update();
    });
    b.setAttribute("aria-label", name);
    return b;
  };
  return {
    nodes: [nudge(-1, "‹", "One step back"), slider, nudge(1, "›", "One step on"), play],
    update,
    stop,
  };
}

/** Buttons of which one is pressed. @param {[string|number, string][]} choices value and words */
export function choiceButtons(label, choices, choose) {
  const made = choices.map(([value, words]) => [value, button(words, () => choose(value))]);
  const root = h(
    "span",
    { class: "ss-choices", role: "group", "aria-label": label },
    made.map(([, b]) => b),
  );
  return {
    root,
    press: (now) =>
      made.forEach(([value, b]) => b.setAttribute("aria-pressed", String(value === now))),
  };
}

// Playback of steps: a slider to scrub, and a button that plays at 90 ms a step, 2.5 s at most.

import { h } from "../drawing/dom.js";
import { isStill } from "../drawing/motion.js";
import { button } from "./buttons.js";

const STEP_MS = 90;
const LONGEST_MS = 2500;
const FRAME_MS = 16;

/**
 * @typedef {object} Steps
 * @property {string} label
 * @property {number} first
 * @property {() => number} last
 * @property {() => number} read the current step
 * @property {(step: number) => void} go called with each new step
 * @property {(step: number) => string} words
 */

/**
 * Controls that play steps.
 * @param {Steps} steps
 * @returns {{nodes: HTMLElement[], update: () => void, stop: () => void}}
 */
export function playbackControls({ label, first, last, read, go, words }) {
  let timer = 0;
  const slider = h("input", {
    type: "range",
    class: "ss-range",
    min: first,
    "aria-label": label,
    onInput: () => stopAt(Number(slider.value)),
  });
  const play = button("Walk", () => (timer ? stop() : start()));
  function update() {
    slider.max = String(last());
    slider.value = String(read());
    slider.setAttribute("aria-valuetext", words(read()));
  }
  /** @param {number} step */
  function goTo(step) {
    go(step);
    update();
  }
  /** @param {number} step */
  function stopAt(step) {
    stop();
    goTo(step);
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Walk";
  }
  function start() {
    if (isStill()) return goTo(read() >= last() ? first : last());
    const from = read() >= last() ? first - 1 : read();
    const began = performance.now();
    const pace = Math.min(STEP_MS, LONGEST_MS / Math.max(1, last() - from));
    const tick = () => {
      const step = Math.min(last(), from + 1 + Math.floor((performance.now() - began) / pace));
      if (step !== read()) goTo(step);
      if (step >= last()) stop();
    };
    play.textContent = "Stop";
    timer = setInterval(tick, Math.max(FRAME_MS, pace));
  }
  /**
   * @param {number} by
   * @param {string} text
   * @param {string} name for a screen reader
   */
  const nudge = (by, text, name) => {
    const one = button(text, () => stopAt(Math.max(first, Math.min(last(), read() + by))));
    one.setAttribute("aria-label", name);
    return one;
  };
  const nodes = [nudge(-1, "‹", "One step back"), slider, nudge(1, "›", "One step forward"), play];
  return { nodes, update, stop };
}

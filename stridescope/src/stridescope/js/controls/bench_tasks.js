// The tasks of a workbench: one at a time, above the picture, with a mark once it is solved.

import { h } from "../drawing/dom.js";
import { isSameReading } from "../model/strides.js";
import { button, keepButton } from "./buttons.js";

/** @import { BenchTask, Layout } from "../types.js" */

/**
 * Show tasks in a place. `go` lays out the reading with which a task starts.
 * @param {HTMLElement} place
 * @param {BenchTask[]} tasks
 * @param {(start: Layout) => void} go
 * @param {(words: string) => void} say
 * @returns {(layout: Layout) => void} shows whether a reading solves the task
 */
export function benchTasks(place, tasks, go, say) {
  let at = 0;
  /** Tasks that have been solved. @type {Set<number>} */
  const solved = new Set();
  let isHelped = false;

  /** @param {number} task */
  function open(task) {
    at = task;
    isHelped = false;
    go(tasks[task].start);
  }

  /** @param {Layout} layout */
  function draw(layout) {
    const { words, how, target } = tasks[at];
    const isDone = isSameReading(layout, target);
    if (isDone && !solved.has(at)) say(`Task ${at + 1} is solved.`);
    if (isDone) solved.add(at);
    place.classList.toggle("ss-wb-solved", isDone);
    const title = h("b", {}, `${isDone ? "✓ " : ""}Task ${at + 1} of ${tasks.length}`);
    const help = button("Show me how", () => {
      isHelped = true;
      draw(layout);
    });
    const isLast = at === tasks.length - 1;
    const next = button(isLast ? "First task" : "Next task", () => open(isLast ? 0 : at + 1));
    next.classList.toggle("ss-wb-next", isDone);
    const isOpen = isHelped || isDone;
    const sentence = h("p", {}, title, " ", words, isOpen && h("em", {}, ` ${how}`));
    keepButton(place, () => place.replaceChildren(sentence, h("span", {}, !isOpen && help, next)));
  }
  return draw;
}

// Buttons, alone and as a choice.

import { h } from "../drawing/dom.js";

/**
 * A button of at least 44 px.
 * @param {string} label
 * @param {(event: Event) => void} onClick
 */
export function button(label, onClick) {
  return h("button", { type: "button", class: "ss-btn", onClick }, label);
}

/**
 * Buttons of which one is pressed.
 * @template {string | number} V
 * @param {string} label
 * @param {(readonly [value: V, words: string])[]} choices
 * @param {(value: V) => void} choose
 */
export function choiceButtons(label, choices, choose) {
  const buttons = choices.map(([value, words]) => button(words, () => choose(value)));
  const root = h("span", { class: "ss-choices", role: "group", "aria-label": label }, buttons);
  /** @param {V} value */
  const press = (value) => {
    buttons.forEach((one, k) => {
      one.setAttribute("aria-pressed", String(choices[k][0] === value));
    });
  };
  return { root, press };
}

/**
 * A control with its name beside it.
 * @param {string} words
 * @param {Node} control
 */
export const namedField = (words, control) =>
  h("span", { class: "ss-named" }, h("span", {}, words), control);

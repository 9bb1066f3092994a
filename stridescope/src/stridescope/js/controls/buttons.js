// Buttons, alone and as a choice.

import { h } from "../drawing/dom.js";

/**
 * A button of at least 44 px.
 * @param {string} label
 * @param {(event: Event) => void} onClick
 */
export function button(label, onClick) {
  /** @param {MouseEvent} event */
  const press = (event) => {
    forgetRefusals(one);
    onClick(event);
  };
  const one = h("button", { type: "button", class: "ss-btn", onClick: press }, label);
  return one;
}

/**
 * Take away what the instrument of a control refused before.
 * @param {Element} control
 */
export function forgetRefusals(control) {
  const root = control.closest(".ss");
  for (const words of root?.querySelectorAll(".ss-refused") ?? []) words.textContent = "";
  for (const field of root?.querySelectorAll("[aria-invalid]") ?? [])
    field.removeAttribute("aria-invalid");
}

/**
 * Make the buttons of a place anew; the one that has the keyboard's focus, or the one in its place,
 * has it again.
 * @param {HTMLElement} place
 * @param {() => void} redraw
 */
export function keepButton(place, redraw) {
  const buttons = () => [...place.querySelectorAll("button")];
  const at = buttons().findIndex((one) => one.matches(":focus"));
  const name = at < 0 ? "" : nameOf(buttons()[at]);
  redraw();
  if (at < 0) return;
  const now = buttons();
  const same = now.find((one) => nameOf(one) === name) ?? now[Math.min(at, now.length - 1)];
  (same ?? now[0])?.focus({ preventScroll: true });
}

/** @param {HTMLButtonElement} one */
const nameOf = (one) => one.getAttribute("aria-label") ?? one.textContent ?? "";

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

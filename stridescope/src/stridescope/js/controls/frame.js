// The frame of an instrument: sentence, picture, controls, readout, and what can be copied.

import { h, prose } from "../drawing/dom.js";
import { WIDE } from "../drawing/shapes.js";
import { button } from "./buttons.js";
import { canLink } from "./link.js";

/** @import { Actions, Model, View } from "../types.js" */

/** Longest text that is repeated when it was copied. */
const COPIED_ROOM = 90;

/**
 * Build the frame in an element and return its parts.
 * @param {HTMLElement} el
 * @param {{kind: string, caption?: string | null, label: string, model: Model}} about
 * @returns {View}
 */
export function frame(el, { kind, caption, label, model }) {
  const picture = h("div", { class: "ss-pic" });
  const controls = h("div", { class: "ss-ctl" });
  const readout = h("p", { class: "ss-say", role: "status", "aria-live": "polite" });
  const copyRow = h("div", { class: "ss-act" });
  const foot = h("div", { class: "ss-foot" }, readout, copyRow);
  const sentence = caption ? h("figcaption", {}, prose(caption)) : null;
  const attributes = { class: ["ss", "ss-live", `ss-${kind}`], "aria-label": label };
  const root = h("figure", attributes, sentence, picture, controls, foot);
  el.append(root);
  return {
    ...{ model, root, picture, controls, readout, ...watchRoom(root) },
    say: (text) => {
      if (readout.textContent !== text) readout.textContent = text;
    },
    actions: (actions) => fillActions(copyRow, actions),
  };
}

/**
 * Width for pictures, px: WIDE at most; a frame not yet on screen counts as wide.
 * @param {HTMLElement} root
 */
function roomOf(root) {
  const { paddingLeft, paddingRight } = getComputedStyle(root);
  const sides = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight) || 0;
  const inside = Math.floor(root.clientWidth - sides);
  return inside > 0 ? Math.min(WIDE, inside) : WIDE;
}

/**
 * The room of a frame. It is remembered, because asking the browser after each change would make it
 * lay out the page each time.
 * @param {HTMLElement} root
 */
function watchRoom(root) {
  /** @type {(() => void)[]} */
  const listeners = [];
  /** @type {number | null} */
  let room = null;
  const watcher = new ResizeObserver(() => {
    const width = roomOf(root);
    if (width === room) return;
    room = width;
    for (const listener of listeners) listener();
  });
  watcher.observe(root);
  const width = () => {
    room ??= roomOf(root);
    return room;
  };
  return {
    width,
    onResize: (/** @type {() => void} */ listener) => {
      listeners.push(listener);
    },
    stop: () => watcher.disconnect(),
  };
}

/**
 * Buttons: the line of NumPy, the link (in a page of the course), and the way back.
 * @param {HTMLElement} place
 * @param {Actions} actions
 */
function fillActions(place, { numpy, link, reset }) {
  const status = h("span", { role: "status", class: "ss-said" });
  const buttons = [];
  if (numpy) buttons.push(button("Copy as NumPy", () => copyText(numpy(), place, status)));
  if (link && canLink()) buttons.push(button("Copy link", () => copyText(link(), place, status)));
  const start = () => {
    status.textContent = "";
    reset?.();
  };
  if (reset) buttons.push(button("Reset", start));
  place.replaceChildren(...buttons, status);
}

/**
 * Put text on the clipboard; where that is not allowed, into a field, selected.
 * @param {string} text
 * @param {HTMLElement} place
 * @param {HTMLElement} status
 */
async function copyText(text, place, status) {
  place.querySelector("textarea")?.remove();
  try {
    await navigator.clipboard.writeText(text);
    const start = text.length > COPIED_ROOM ? `${text.slice(0, COPIED_ROOM - 1)}…` : text;
    status.textContent = `Copied: ${start}`;
  } catch {
    const rows = text.split("\n").length;
    const field = h("textarea", { readonly: true, rows, "aria-label": "Text to copy" });
    field.value = text;
    place.append(field);
    field.select();
    status.textContent = "Selected: copy it with Ctrl+C.";
  }
}

// The frame of an instrument: sentence, picture, controls, readout, and what can be copied.

import { button, h, prose } from "../drawing/dom.js";
import { canLink } from "./link.js";

/** Room of the wide form, px: 44 rem. */
export const WIDE = 704;

/**
 * Build the frame in an element and return its parts.
 * @param {HTMLElement} el
 * @param {{kind: string, caption?: string|null, label: string}} about
 */
export function frame(el, { kind, caption, label }) {
  const sentence = h("figcaption", {}, prose(caption ?? ""));
  const picture = h("div", { class: "ss-pic" });
  const controls = h("div", { class: "ss-ctl" });
  const readout = h("p", { class: "ss-say", role: "status", "aria-live": "polite" });
  const copied = h("div", { class: "ss-act" });
  const root = h(
    "figure",
    { class: ["ss", "ss-live", `ss-${kind}`], "aria-label": label },
    caption ? sentence : null,
    picture,
    controls,
    readout,
    copied,
  );
  el.append(root);
  const room = roomWatch(root);
  return {
    root,
    sentence,
    picture,
    controls,
    readout,
    ends: [room.stop],
    width: room.width,
    onResize: room.onChange,
    say: (text) => {
      if (readout.textContent !== text) readout.textContent = text;
    },
    actions: (what) => fillActions(copied, what),
  };
}

/** Width for pictures, px: WIDE at most; a frame not yet on screen counts as wide. */
const roomOf = (root) => Math.min(WIDE, Math.floor(root.clientWidth) || WIDE);

/** The room of a frame, remembered: to ask the browser after each change would make it lay out the page each time. */
function roomWatch(root) {
  const told = [];
  let room = null;
  const watcher = new ResizeObserver(() => {
    const now = roomOf(root);
    if (now === room) return;
    room = now;
    told.forEach((fn) => fn(room));
  });
  watcher.observe(root);
  return {
    width: () => (room ??= roomOf(root)),
    onChange: (fn) => told.push(fn),
    stop: () => watcher.disconnect(),
  };
}

/** Buttons: the line of NumPy, the link (in a page of the course), and the way back. */
function fillActions(place, { numpy, link, reset }) {
  const said = h("span", { role: "status", class: "ss-said" });
  const buttons = [];
  if (numpy) buttons.push(button("Copy as NumPy", () => copyText(numpy(), place, said)));
  if (link && canLink()) buttons.push(button("Copy link", () => copyText(link(), place, said)));
  if (reset)
    buttons.push(
      button("Reset", () => {
        said.textContent = "";
        reset();
      }),
    );
  place.replaceChildren(...buttons, said);
}

/** Put text on the clipboard; where that is not allowed, into a field, selected. */
async function copyText(text, place, said) {
  place.querySelector("textarea")?.remove();
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = `Copied: ${text.length > 90 ? `${text.slice(0, 89)}…` : text}`;
  } catch {
    const field = h("textarea", {
      readonly: true,
      rows: text.split("\n").length,
      "aria-label": "Text to copy",
    });
    field.value = text;
    place.append(field);
    field.select();
    said.textContent = "Selected: copy it with Ctrl+C.";
  }
}

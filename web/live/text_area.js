/**
 * The editor of an answer in words: a plain text area.
 * @import { Editor, Hooks } from "./editor.js"
 */
import { LONGEST, nearest } from "./editor.js";

/** @param {string} text @param {string} name @param {Hooks} hooks @returns {Editor} */
export function makeTextArea(text, name, hooks) {
  const place = document.createElement("textarea");
  place.className = "editor area";
  place.rows = 8;
  place.value = text;
  place.setAttribute("aria-label", name);
  let before = text;
  const take = () => {
    if (place.value.length > LONGEST) {
      hooks.refused(place.value.length);
      place.value = before;
      return;
    }
    before = place.value;
    hooks.changed(before);
  };
  place.addEventListener("input", take);
  place.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hooks.leave();
  });
  return {
    place,
    text: () => place.value,
    replace: (to) => {
      place.value = to;
      take();
    },
    focus: () => place.focus(),
    select: (pattern, near = 0) => {
      const found = nearest(place.value, pattern, near);
      if (found) place.setSelectionRange(...found);
    },
    focused: () => document.activeElement === place,
  };
}

// Buttons of linked pictures: one plays the order in which the elements are read, the other writes
// out their bytes.

import { isStill } from "../drawing/motion.js";
import { hasPath, readingOrder } from "../drawing/reading_path.js";
import { sizeOf } from "../model/strides.js";
import { UNKNOWN } from "../model/value_text.js";
import { button } from "./buttons.js";

/** @import { LinkedPictures, View } from "../types.js" */

const VISIT_MS = 160;
const LONGEST_PLAY_MS = 3000;
/** Most bytes that are named in words. */
const MOST_NAMED = 8;
/** Most bytes of an element that are written out. */
const MOST_WRITTEN = 16;

/**
 * A button that plays the order of reading as a path over the bytes.
 * @param {View} view
 * @param {() => LinkedPictures | null} pictures
 */
export function playButton(view, pictures) {
  let timer = 0;
  const play = button("Play the reading order", () => (timer ? stop() : start()));
  play.classList.add("ss-play");
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play the reading order";
    play.classList.remove("ss-stop");
  }
  function start() {
    const shown = pictures();
    const layout = shown?.layout();
    if (!shown || !layout || !hasPath(layout)) return view.say("There is no order to draw here.");
    const last = sizeOf(layout) - 1;
    const began = performance.now();
    const pace = Math.min(VISIT_MS, LONGEST_PLAY_MS / last);
    const tick = () => {
      const isOver = shown.layout() !== layout || !play.isConnected;
      if (isOver) return stop();
      const step = isStill() ? last : Math.floor((performance.now() - began) / pace);
      shown.visit(Math.min(step, last));
      if (step < last) return undefined;
      view.say(orderSaid(readingOrder(layout)));
      return stop();
    };
    play.textContent = "Stop";
    play.classList.add("ss-stop");
    timer = setInterval(tick, pace);
    return tick();
  }
  return play;
}

/** @param {number[]} bytes */
function orderSaid(bytes) {
  const end = bytes.length > MOST_NAMED ? " …" : ".";
  return `Reading order: bytes ${bytes.slice(0, MOST_NAMED).join(", ")}${end}`;
}

/**
 * A button that writes out each byte in hexadecimal; null where that would show nothing new.
 * @param {LinkedPictures} pictures
 * @param {{itemsize: number, isOn: boolean}} start
 */
export function bytesButton(pictures, { itemsize, isOn }) {
  if (itemsize < 1 || itemsize > MOST_WRITTEN || pictures.hexAt(0) === UNKNOWN) return null;
  let isShown = isOn;
  const toggle = button("Bytes in hex", () => {
    isShown = !isShown;
    toggle.setAttribute("aria-pressed", String(isShown));
    pictures.hex(isShown);
  });
  toggle.setAttribute("aria-pressed", String(isShown));
  return toggle;
}

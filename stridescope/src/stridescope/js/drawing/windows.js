// What a window over an image covers: the part known here, its values and sum, its runs of bytes.

import { briefNumber, numberOf, sumOfProducts } from "../model/sum_of_products.js";
import { short, signed, tuple } from "../model/value_text.js";
import { s } from "./dom.js";
import { CELL_W, rectPath } from "./grid.js";
import { BOX_H } from "./strip.js";

/** Characters of a value in a cell. */
export const VALUE_ROOM = 5;
const RUN_MARGIN = 64;
const RUN_PITCH = 56;
const RUN_APART = 10;

/** For each axis: length with the border, and first and end of what is known here of it. */
export function axesOf({ state, values }, { pad }) {
  const sent = [values.length, values[0].length];
  return state.whole.map((n, k) => ({
    length: n + 2 * pad,
    low: state.first[k] === 0 ? 0 : state.first[k] + pad,
    high: state.first[k] + sent[k] === n ? n + 2 * pad : state.first[k] + sent[k] + pad,
  }));
}

/** How many windows there are along each axis, and the first and last that can be shown. */
export function windowRange(me, now) {
  return axesOf(me, now).map(({ length, low, high }, k) => {
    const size = k ? me.weights[0].length : me.weights.length;
    return {
      many: Math.floor((length - size) / now.step) + 1,
      first: Math.ceil(low / now.step),
      last: Math.floor((high - size) / now.step),
      size,
    };
  });
}

/** The value at a place of the image with its border; null if it was not sent. */
export function pixelAt({ state, values, now }, i, j) {
  const place = [i - now.pad, j - now.pad];
  if (place.some((p, k) => p < 0 || p >= state.whole[k])) return numberOf(0, state.dtype[0]);
  return values[place[0] - state.first[0]]?.[place[1] - state.first[1]] ?? null;
}

/** The kernel as it is laid on. */
export const laidOn = ({ weights, now }) =>
  now.flip ? weights.map((row) => [...row].reverse()).reverse() : weights;

/** Values, weights and sum of a window; null if a part of it was not sent. */
export function windowSum(me, at) {
  const kernel = laidOn(me);
  const [i, j] = at.map((k) => k * me.now.step);
  const values = kernel.flatMap((row, r) => row.map((_, c) => pixelAt(me, i + r, j + c)));
  if (values.includes(null)) return null;
  return {
    values,
    weights: kernel.flat(),
    ...sumOfProducts(values, kernel.flat(), me.state.product, me.state.sum),
  };
}

/** Offset and strides of the array that the window runs over: the image, or the new one with a border. */
function imageLayout({ state, now }) {
  if (!now.pad) return { offset: state.offset, strides: state.strides };
  return { offset: 0, strides: [(state.whole[1] + 2 * now.pad) * state.itemsize, state.itemsize] };
}

/** Each row of the window as a run of bytes, with its neighbours in memory. The mirror of windows.runs. */
export function drawRuns(me) {
  const {
    corner,
    range: [{ size: m }, { size: n }],
    state,
  } = me;
  const { offset, strides } = imageLayout(me);
  const touching = strides[1] === state.itemsize;
  const beside = touching && RUN_MARGIN + (n + 4) * CELL_W <= me.view.width() ? 2 : 0;
  const step = CELL_W + (touching || n === 1 ? 0 : RUN_APART);
  const from = RUN_MARGIN + beside * step;
  const columns = state.whole[1] + 2 * me.now.pad;
  const svg = s("svg", {
    width: RUN_MARGIN + (n + 2 * beside) * step + 12,
    height: RUN_PITCH * m - 5,
    role: "img",
    "aria-label": "Bytes that the window reads",
  });
  const paths = { e: "", l0: "", f: "" };
  const words = (cls, x, y, text) => svg.append(s("g", { class: cls }, s("text", { x, y }, text)));
  for (let r = 0; r < m; r++) {
    const top = RUN_PITCH * r + 1;
    for (
      let c = Math.max(-beside, -corner[1]);
      c < Math.min(n + beside, columns - corner[1]);
      c++
    ) {
      const x = from + c * step;
      const inside = c >= 0 && c < n;
      const value = pixelAt(me, corner[0] + r, corner[1] + c);
      const byte = offset + (corner[0] + r) * strides[0] + (corner[1] + c) * strides[1];
      words(
        inside ? "i" : "s",
        x + CELL_W / 2,
        top + 19,
        value === null ? "·" : short(briefNumber(value), VALUE_ROOM),
      );
      paths.e += `M${x} ${top + BOX_H}h${CELL_W}${inside ? rectPath(x + 1, top, CELL_W - 2, BOX_H) : ""}`;
      if (inside && (c === 0 || String(byte).length <= VALUE_ROOM))
        words("a", x + 1, top + BOX_H + 15, String(byte));
    }
    if (!r) continue;
    const x = RUN_MARGIN - 8;
    paths.l0 += `M${x} ${top - RUN_PITCH + 14}h-6v${RUN_PITCH - 2}h6`;
    paths.f += `M${x} ${top + 8}v8l6 -4z`;
    words("j x", x - 12, top - 10, signed(strides[0]));
  }
  svg.prepend(...Object.entries(paths).map(([cls, d]) => s("path", { class: cls, d })));
  return svg;
}

/** Which runs of bytes the window reads, and what all windows are together. */
export function runWords(me) {
  const {
    corner,
    range: [{ size: m, many: rows }, { size: n, many: cols }],
    state,
    now,
  } = me;
  const { offset, strides } = imageLayout(me);
  const starts = laidOn(me)
    .map((_, r) => offset + (corner[0] + r) * strides[0] + corner[1] * strides[1])
    .join(", ");
  const touching = strides[1] === state.itemsize || n === 1;
  const each = touching
    ? `${n * state.itemsize} bytes`
    : `${n} elements, ${strides[1]} bytes apart`;
  const whose = now.pad ? `np.pad(${state.name}, ${now.pad})` : state.name;
  const apart = m > 1 ? `, ${strides[0]} bytes from one to the next` : "";
  return [
    `The window reads ${m > 1 ? `${m} runs` : "one run"} of ${each} of ${whose}, at byte ${starts}${apart}. It is a view.`,
    `All ${rows} × ${cols} windows are one view of shape ${tuple([rows, cols, m, n])}, strides ${tuple([...strides.map((b) => b * now.step), ...strides])}.`,
  ];
}

// traverse: the order in which elements are visited, and the cache lines that it loads.

import { byteWords, createFocus, placeWords } from "../controls/focus.js";
import { WIDE } from "../controls/frame.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { choiceButtons, walkControls } from "../controls/playback.js";
import { drawCells } from "../drawing/cell_table.js";
import { h, s, stepper } from "../drawing/dom.js";
import { CELL_H, CELL_W, gridWindow, rectPath } from "../drawing/grid.js";
import { LINE, loadsOf, walkLines } from "../model/cache_lines.js";
import { product } from "../model/strides.js";

const VISIT_ORDERS = ["C", "F", "blocks"];
const PLOT_LINES = 16;
const PLOT_PITCH = 14;
const grouped = (n) => n.toLocaleString("en");

/** @param {object} view @param {object} state */
export function mountTraverse(view, state) {
  const key = linkKey(state);
  const first = () => ({ order: state.order, lines: state.lines, block: state.block, step: null });
  const me = {
    view,
    state,
    layout: state.layout,
    now: linkedWalk(readLink("traverse", key)) ?? first(),
  };
  const orders = choiceButtons(
    "Order of visits",
    [
      ["C", "C order"],
      ["F", "F order"],
      ["blocks", "blocks"],
    ],
    (order) => change({ order }),
  );
  const lines = stepper("lines in the cache", me.now.lines, 1, (n) =>
    n < 1 || n > 999 ? "The cache holds 1 to 999 lines." : change({ lines: n }),
  );
  const block = stepper("rows and columns of a block", me.now.block, 1, (n) =>
    n < 1 || n > 999 ? "A block has 1 to 999 rows." : change({ block: n }),
  );
  me.walk = walkControls({
    label: "Visits made",
    first: 1,
    last: () => me.visits.length,
    read: () => me.now.step,
    go: (step) => showStep(me, step),
    words: (step) => `visit ${step} of ${me.visits.length}`,
  });
  const field = (words, node) => h("span", { class: "ss-named" }, h("span", {}, words), node);
  const blockField = field("block", block);
  view.controls.append(
    h("span", { class: "ss-walk" }, me.walk.nodes),
    orders.root,
    field("lines in the cache", lines),
    blockField,
  );

  function change(what) {
    me.walk.stop();
    Object.assign(me.now, { step: null }, what);
    rebuild();
  }
  function rebuild() {
    me.walks = Object.fromEntries(
      VISIT_ORDERS.map((order) => [order, walkLines(me.layout, order, me.now.lines, me.now.block)]),
    );
    me.visits = me.walks[me.now.order];
    me.now.step = Math.min(me.now.step ?? me.visits.length, me.visits.length);
    orders.press(me.now.order);
    lines.set(me.now.lines);
    block.set(me.now.block);
    blockField.hidden = me.now.order !== "blocks";
    drawVisits(me);
    me.walk.update();
  }
  const packed = () =>
    packNumbers([[VISIT_ORDERS.indexOf(me.now.order), me.now.lines, me.now.block, me.now.step]]);
  view.actions({
    numpy: () => walkCode(me),
    link: () => writeLink("traverse", key, packed()),
    reset: () => change(first()),
  });
  view.onResize(() => drawVisits(me));
  rebuild();
  return me.walk.stop;
}

/** The state that a link holds, or null. */
function linkedWalk(text) {
  const [[order, lines, block, step] = []] = unpackNumbers(text, 1) ?? [];
  const good =
    VISIT_ORDERS[order] && lines >= 1 && lines < 1000 && block >= 1 && block < 1000 && step >= 1;
  return good ? { order: VISIT_ORDERS[order], lines, block, step } : null;
}

/** The line of NumPy that visits in this order. */
function walkCode({ now: { order, block }, state: { name }, layout: { shape } }) {
  if (order !== "blocks" || shape.length < 2)
    return `${name}.ravel(order="${order === "F" ? "F" : "C"}")`;
  const [rows, cols] = shape.slice(-2);
  return `[${name}[..., i:i+${block}, j:j+${block}] for i in range(0, ${rows}, ${block}) for j in range(0, ${cols}, ${block})]`;
}

/** Draw grid, counts, cache and plot anew, and show the step. */
function drawVisits(me) {
  const { view, state, layout } = me;
  const width = view.width();
  const rows = product(layout.shape.slice(0, -1));
  const cols = layout.shape.at(-1) ?? 1;
  const [r, c] = gridWindow([rows, cols], [0, 0], width);
  const labels = r.filter((i) => i !== null).map((i) => leadWords(layout.shape, i));
  me.table = drawCells({
    rows: r,
    cols: c,
    labels,
    width: width >= WIDE ? CELL_W : 42,
    label: `Order of visits to ${state.name}`,
  });
  me.cells = numberCells(me);
  me.plot = drawLines(me.visits, width);
  me.loads = h("p", { class: "ss-loads" });
  me.cache = h("p", { class: "ss-loads ss-cache" });
  const scroll = h("div", { class: "ss-scroll" }, me.table.svg);
  view.picture.replaceChildren(
    h("p", {}, state.head[0].replace(/visited in .*/, `visited in ${orderWords(me.now)}.`)),
    scroll,
    me.loads,
    me.cache,
    h("div", { class: "ss-scroll" }, me.plot.svg),
    h("p", { class: "ss-read" }, modelWords(me.now.lines)),
  );
  showCounts(me);
  watchVisits(me);
  me.shown = 0;
  showStep(me, me.now.step);
}

const orderWords = ({ order, block }) =>
  order === "blocks" ? `blocks of ${block} × ${block}` : `${order} order`;
const modelWords = (lines) =>
  `A model: a cache of ${lines > 1 ? `${lines} lines` : "one line"} of ${LINE} bytes, the least recently used leaves first, byte 0 begins a line. A real one holds thousands of lines and fetches ahead.`;

/** The index of a row: of all axes but the last. */
function leadWords(shape, row) {
  if (shape.length < 2) return "";
  const found = [];
  for (const n of shape.slice(0, -1).reverse()) {
    found.unshift(row % n);
    row = Math.floor(row / n);
  }
  return found.join();
}

/** Cells drawn, by the number of the visit; each with its mark, shown when it loads. */
function numberCells({ visits, table, layout: { shape } }) {
  const found = new Map();
  visits.forEach((visit, k) => {
    const lead = visit.index.slice(0, -1);
    const row = lead.reduce((at, i, axis) => at * shape[axis] + i, 0);
    const cell = table.cells.get(`${row},${visit.index.at(-1) ?? 0}`);
    if (!cell) return;
    const { x, y } = cell;
    const mark = s(
      "g",
      { display: "none" },
      s("path", { class: "n", d: rectPath(x + 1, y + 1, table.width - 1, CELL_H - 1) }),
      s("path", { class: "f", d: `M${x + 1} ${y + 1}h11l-11 11z` }),
    );
    if (visit.loaded.length) table.marks.append(mark);
    found.set(k, { cell, mark, visit });
  });
  return found;
}

/** Loads of each order, the chosen one underlined. */
function showCounts({ loads, walks, now }) {
  const one = (order) =>
    h(
      "span",
      { class: order === now.order && "ss-on", dataset: { order, loads: loadsOf(walks[order]) } },
      h("b", {}, grouped(loadsOf(walks[order]))),
      " ",
      h("small", {}, orderWords({ ...now, order })),
    );
  loads.replaceChildren(h("span", {}, "lines loaded"), one("C"), one("blocks"), one("F"));
}

/** Show the walk up to a step: numerals, marks, ring, what the cache holds; only what changed is touched. */
function showStep(me, step) {
  const { visits, cells, table } = me;
  for (const [k, { cell, mark, visit }] of cells) {
    const there = k < step;
    if (there === k < me.shown && me.shown) continue;
    cell.write(there ? String(k + 1) : "", there && visit.loaded.length ? "i" : "");
    mark.setAttribute("display", there ? "inline" : "none");
  }
  me.shown = me.now.step = step;
  const here = cells.get(step - 1);
  if (here && step < visits.length) table.around(...here.cell.index, 1, 1);
  else table.ring.setAttribute("d", "");
  me.plot.cover(step);
  let k = step - 1;
  while (k >= 0 && !visits[k].held) k -= 1;
  const held = k < 0 ? [] : visits[k].held;
  me.cache.replaceChildren(
    h("span", {}, "in the cache, bytes from"),
    ...[...held]
      .sort((a, b) => a - b)
      .slice(0, 12)
      .map((line) => h("code", {}, String(line * LINE))),
    held.length > 12 ? "…" : "",
  );
  me.view.say(stepWords(me, step));
}

function stepWords({ visits, layout, now }, step) {
  const visit = visits[step - 1];
  if (step === visits.length) {
    const loads = loadsOf(visits);
    const part =
      product(layout.shape) > visits.length
        ? ` Counted on the first ${grouped(visits.length)} of ${grouped(product(layout.shape))} visits.`
        : "";
    return `${orderWords(now)}: ${grouped(step)} visits load ${grouped(loads)} lines: they carry ${grouped(loads * LINE)} bytes, to read ${grouped(step * layout.itemsize)}.${part}`;
  }
  const what = visit.loaded.length
    ? `loads the line from byte ${visit.loaded.map((l) => l * LINE).join(" and ")}`
    : "its line is there";
  return `Visit ${step}: [${visit.index}], ${byteWords(visit.byte, layout.itemsize)}: ${what}. ${grouped(loadsOf(visits, step))} loaded so far.`;
}

/** Touching a cell goes to its visit. */
function watchVisits(me) {
  const byIndex = new Map(me.visits.map((v, k) => [v.index.join(), k]));
  const unfold = ([row, col]) =>
    me.layout.shape.length < 2
      ? me.layout.shape.map(() => col)
      : [...leadWords(me.layout.shape, row).split(",").map(Number), col];
  const words = (index) => {
    const k = byIndex.get(index.join());
    return k === undefined
      ? `${placeWords(index)}: not among the visits walked`
      : `${placeWords(index)}: visit ${k + 1}, ${me.visits[k].loaded.length ? "loads its line" : "its line is there"}`;
  };
  const ring = (index) => {
    const found = me.cells.get(byIndex.get(index.join()));
    if (found) me.table.around(...found.cell.index, 1, 1);
  };
  const focus = createFocus({
    shape: () => me.layout.shape,
    show: ring,
    say: me.view.say,
    words,
    start: me.layout.shape.map(() => 0),
  });
  focus.attach(
    "grid",
    me.table.svg,
    (x, y) => {
      const at = me.table.at(x, y);
      return at && unfold(at);
    },
    `Order of visits to ${me.state.name}. Arrows move.`,
  );
}

/** The plot of lines over time: a full bar for a load, a dot for a line already there; `cover` hides what is to come. */
function drawLines(visits, width) {
  const room = width - 92;
  const part = linesPrefix(visits, Math.floor(room / 4));
  const lines = [...new Set(part.flatMap((v) => v.lines))].sort((a, b) => a - b);
  const row = new Map(lines.map((line, k) => [line, 20 + PLOT_PITCH * k]));
  const step = Math.max(4, Math.min(14, Math.floor(room / Math.max(part.length, 1))));
  const left = 12 + Math.round(7.3 * Math.max(...lines.map((line) => String(line * LINE).length)));
  const end = left + step * part.length;
  const svg = s("svg", {
    width: Math.max(end + 50, 230),
    height: 44 + PLOT_PITCH * lines.length,
    role: "img",
    "aria-label": "Cache lines over time",
  });
  const words = (cls, x, y, text) => svg.append(s("g", { class: cls }, s("text", { x, y }, text)));
  const times = new Map(
    lines.map((line) => [line, visits.filter((v) => v.loaded.includes(line)).length]),
  );
  words("z", 1, 12, "bytes from");
  words("z", left < 60 ? left + 76 : left, 12, "visit by visit →");
  svg.append(
    s("path", {
      class: "g",
      d: lines.map((line) => `M${left} ${row.get(line) + PLOT_PITCH}H${end}`).join(""),
    }),
  );
  for (const line of lines) {
    words("a", 1, row.get(line) + 12, String(line * LINE).replace("-", "−"));
    words("b", end + 6, row.get(line) + 12, `×${times.get(line)}`);
  }
  const marks = part.map((visit, k) =>
    s(
      "g",
      {},
      visit.lines.map((line) =>
        visit.loaded.includes(line)
          ? s("path", {
              class: "m",
              d: rectPath(left + step * k, row.get(line) + 2, step - 1, PLOT_PITCH - 3),
            })
          : s("path", {
              class: "d",
              d: rectPath(left + step * k + Math.floor(step / 2) - 1, row.get(line) + 7, 2, 3),
            }),
      ),
    ),
  );
  svg.append(...marks);
  words(
    "z",
    left,
    38 + PLOT_PITCH * lines.length,
    part.length < visits.length
      ? `the first ${grouped(part.length)} of ${grouped(visits.length)} visits`
      : `${grouped(visits.length)} visits`,
  );
  let shown = marks.length;
  const cover = (upTo) => {
    for (let k = Math.min(shown, upTo); k < Math.min(marks.length, Math.max(shown, upTo)); k++)
      marks[k].setAttribute("display", k < upTo ? "inline" : "none");
    shown = Math.min(marks.length, upTo);
  };
  return { svg, cover };
}

/** The visits up to `most`, or until they have read more lines than are drawn. */
function linesPrefix(visits, most) {
  const lines = new Set();
  for (let k = 0; k < Math.min(most, visits.length); k++) {
    visits[k].lines.forEach((line) => lines.add(line));
    if (lines.size > PLOT_LINES) return visits.slice(0, k);
  }
  return visits.slice(0, most);
}

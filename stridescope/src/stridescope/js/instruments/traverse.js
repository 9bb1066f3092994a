// `traverse` live: the order in which elements are visited, and the cache lines that it loads.

import { choiceButtons, namedField } from "../controls/buttons.js";
import { createFocus } from "../controls/focus.js";
import { linkKey, packNumbers, readLink, unpackNumbers, writeLink } from "../controls/link.js";
import { playbackControls } from "../controls/playback.js";
import { stepper } from "../controls/stepper.js";
import { gridWindow } from "../drawing/board_layout.js";
import { drawCachePlot } from "../drawing/cache_plot.js";
import { drawCells } from "../drawing/cell_table.js";
import { h, s, scrollBox } from "../drawing/dom.js";
import { CELL_H, CELL_W, rectPath, WIDE } from "../drawing/shapes.js";
import { LINE, loadsOf, walkLines } from "../model/cache_lines.js";
import { placeWords } from "../model/element_words.js";
import { product, unravel } from "../model/strides.js";
import { grouped } from "../model/value_text.js";
import { heldLines, modelWords, orderWords, visitWords, walkCode } from "../model/walk_words.js";

/** @import { CellTable, Index, TableCell, TraverseState, View, Visit } from "../types.js" */
/** @import { VisitOrder, WalkSetting } from "../types.js" */

/** @type {VisitOrder[]} */
const VISIT_ORDERS = ["C", "F", "blocks"];
const MOST_SETTING = 999;
/** Most cache lines that are listed. */
const LISTED_LINES = 12;
const NARROW_CELL_W = 42;

/** @typedef {{cell: TableCell, mark: SVGGElement, visit: Visit}} NumberedCell */

/**
 * @typedef {object} VisitPictures
 * @property {CellTable} table
 * @property {Map<number, NumberedCell>} cells cells drawn, by the number of the visit
 * @property {ReturnType<typeof drawCachePlot>} plot
 * @property {HTMLElement} cache
 * @property {number} shown visits that are shown; 0 if nothing is shown yet
 */

/**
 * @typedef {object} Traverse
 * @property {View} view
 * @property {TraverseState} state
 * @property {WalkSetting} setting
 * @property {number} step visits made
 * @property {Record<VisitOrder, Visit[]>} walks
 * @property {Visit[]} visits of the order that is set
 * @property {VisitPictures | null} pictures
 */

/**
 * Mount the instrument.
 * @param {View} view
 * @param {TraverseState} state
 */
export function mountTraverse(view, state) {
  const key = linkKey(state);
  const linked = parseWalk(readLink("traverse", key));
  const setting = linked?.setting ?? state;
  const walks = walksOf(state, setting);
  const visits = walks[setting.order];
  const step = Math.min(linked?.step ?? visits.length, visits.length);
  /** @type {Traverse} */
  const me = { view, state, setting, step, walks, visits, pictures: null };
  const controls = traverseControls(me);
  view.actions({
    numpy: () => walkCode(me),
    link: () => writeLink("traverse", key, packWalk(me)),
    reset: () => controls.change(state),
  });
  view.onResize(() => drawVisits(me));
  controls.show();
  return controls.stop;
}

/**
 * @param {TraverseState} state
 * @param {WalkSetting} setting
 * @returns {Traverse["walks"]}
 */
function walksOf({ layout }, { lines, block }) {
  /** @param {VisitOrder} order */
  const walk = (order) => walkLines(layout, order, lines, block);
  return { C: walk("C"), F: walk("F"), blocks: walk("blocks") };
}

/**
 * The controls of an instrument; `show` brings them and the pictures up to date.
 * @param {Traverse} me
 */
function traverseControls(me) {
  /** @type {[order: VisitOrder, words: string][]} */
  const choices = [
    ["C", "C order"],
    ["F", "F order"],
    ["blocks", "blocks"],
  ];
  const orders = choiceButtons("Order of visits", choices, (order) => change({ order }));
  const lines = stepper("lines in the cache", me.setting.lines, 1, (n) =>
    n < 1 || n > MOST_SETTING ? "The cache holds 1 to 999 lines." : change({ lines: n }),
  );
  const block = stepper("rows and columns of a block", me.setting.block, 1, (n) =>
    n < 1 || n > MOST_SETTING ? "A block has 1 to 999 rows." : change({ block: n }),
  );
  const playback = playbackControls({
    label: "Visits so far",
    first: 1,
    last: () => me.visits.length,
    read: () => me.step,
    go: (step) => showStep(me, step),
    words: (step) => `visit ${step} of ${me.visits.length}`,
  });
  const blockField = namedField("block", block);
  const walk = h("span", { class: "ss-walk" }, playback.nodes);
  const linesField = namedField("lines in the cache", lines);
  me.view.controls.append(walk, orders.root, linesField, blockField);

  /** @param {Partial<WalkSetting>} what */
  function change({ order, lines: most, block: size }) {
    const before = me.setting;
    playback.stop();
    me.setting = {
      order: order ?? before.order,
      lines: most ?? before.lines,
      block: size ?? before.block,
    };
    me.walks = walksOf(me.state, me.setting);
    me.visits = me.walks[me.setting.order];
    me.step = me.visits.length;
    show();
  }
  function show() {
    orders.press(me.setting.order);
    lines.set(me.setting.lines);
    block.set(me.setting.block);
    blockField.hidden = me.setting.order !== "blocks";
    drawVisits(me);
    playback.update();
  }
  return { change, show, stop: playback.stop };
}

/** @param {Traverse} me */
const packWalk = ({ setting: { order, lines, block }, step }) =>
  packNumbers([[VISIT_ORDERS.indexOf(order), lines, block, step]]);

/**
 * The setting and the step that a link holds, or null.
 * @param {string | null} text
 * @returns {{setting: WalkSetting, step: number} | null}
 */
function parseWalk(text) {
  const [[k, lines, block, step] = []] = unpackNumbers(text, 1) ?? [];
  const order = VISIT_ORDERS[k];
  /** @param {number} n */
  const isRight = (n) => n >= 1 && n <= MOST_SETTING;
  return order && isRight(lines) && isRight(block) && step >= 1
    ? { setting: { order, lines, block }, step }
    : null;
}

/**
 * Draw grid, counts, cache and plot anew, and show the step.
 * @param {Traverse} me
 */
function drawVisits(me) {
  const { view, state, visits, setting } = me;
  const { shape } = state.layout;
  const width = view.width();
  const [rows, cols] = gridWindow([product(shape.slice(0, -1)), shape.at(-1) ?? 1], [0, 0], width);
  const labels = rows.filter((i) => i !== null).map((i) => leadIndex(shape, i).join());
  const label = `Order of visits to ${state.name}`;
  const cellWidth = width >= WIDE ? CELL_W : NARROW_CELL_W;
  const table = drawCells({ rows, cols, labels, width: cellWidth, label });
  const cells = numberCells(table, visits, shape);
  const plot = drawCachePlot(visits, width);
  const cache = h("p", { class: "ss-loads ss-cache" });
  const head = state.head[0].replace(/visited in .*/, `visited in ${orderWords(setting)}.`);
  view.picture.replaceChildren(
    h("p", {}, head),
    scrollBox(table.svg),
    loadCounts(me),
    cache,
    scrollBox(plot.svg),
    h("p", { class: "ss-read" }, modelWords(setting.lines)),
  );
  me.pictures = { table, cells, plot, cache, shown: 0 };
  watchVisits(me, me.pictures);
  showStep(me, me.step);
}

/**
 * The index of a row along all axes but the last.
 * @param {number[]} shape
 * @param {number} row
 */
const leadIndex = (shape, row) => unravel(row, shape.slice(0, -1));

/**
 * Cells drawn, by the number of the visit; each with its mark, shown when it loads.
 * @param {CellTable} table
 * @param {Visit[]} visits
 * @param {number[]} shape
 */
function numberCells(table, visits, shape) {
  /** @type {Map<number, NumberedCell>} */
  const cells = new Map();
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
    cells.set(k, { cell, mark, visit });
  });
  return cells;
}

/**
 * Loads of each order, the chosen one underlined.
 * @param {Traverse} me
 */
function loadCounts({ walks, setting }) {
  /** @param {VisitOrder} order */
  const count = (order) => {
    const loads = loadsOf(walks[order]);
    const attributes = { class: order === setting.order && "ss-on", dataset: { order, loads } };
    const words = h("small", {}, orderWords({ ...setting, order }));
    return h("span", attributes, h("b", {}, grouped(loads)), " ", words);
  };
  const name = h("span", {}, "lines loaded");
  return h("p", { class: "ss-loads" }, name, count("C"), count("blocks"), count("F"));
}

/**
 * Show the walk up to a step: numerals, marks, ring, what the cache holds; only what changed is
 * touched.
 * @param {Traverse} me
 * @param {number} step
 */
function showStep(me, step) {
  const { visits, pictures, view } = me;
  me.step = step;
  if (!pictures) return;
  const { cells, table, plot, cache } = pictures;
  for (const [k, { cell, mark, visit }] of cells) {
    const isMade = k < step;
    const wasMade = k < pictures.shown;
    if (pictures.shown && isMade === wasMade) continue;
    cell.write(isMade ? String(k + 1) : "", isMade && visit.loaded.length ? "i" : "");
    mark.setAttribute("display", isMade ? "inline" : "none");
  }
  pictures.shown = step;
  const last = cells.get(step - 1);
  if (last && step < visits.length) table.around(...last.cell.index, 1, 1);
  else table.ring.setAttribute("d", "");
  plot.cover(step);
  const lines = heldLines(visits, step);
  const codes = lines.slice(0, LISTED_LINES).map((line) => h("code", {}, String(line * LINE)));
  const rest = lines.length > LISTED_LINES ? "…" : "";
  cache.replaceChildren(h("span", {}, "in the cache, bytes from"), ...codes, rest);
  view.say(visitWords(me, step));
}

/**
 * Touching a cell goes to its visit.
 * @param {Traverse} me
 * @param {VisitPictures} pictures
 */
function watchVisits({ visits, state, view }, { table, cells }) {
  const { shape } = state.layout;
  const numbers = new Map(visits.map(({ index }, k) => [index.join(), k]));
  /** @param {Index} index */
  const words = (index) => {
    const k = numbers.get(index.join());
    if (k === undefined) return `${placeWords(index)}: not among the visits that are computed`;
    const what = visits[k].loaded.length ? "loads its line" : "its line is cached";
    return `${placeWords(index)}: visit ${k + 1}, ${what}`;
  };
  /** @param {Index} index */
  const show = (index) => {
    const numbered = cells.get(numbers.get(index.join()) ?? -1);
    if (numbered) table.around(...numbered.cell.index, 1, 1);
  };
  const start = shape.map(() => 0);
  const focus = createFocus({ shape: () => shape, show, say: view.say, words, start });
  /**
   * @param {number} x
   * @param {number} y
   */
  const hit = (x, y) => {
    const cell = table.at(x, y);
    return cell && [...leadIndex(shape, cell[0]), cell[1]].slice(0, shape.length);
  };
  focus.attach("grid", table.svg, hit, `Order of visits to ${state.name}. Arrows move.`);
}

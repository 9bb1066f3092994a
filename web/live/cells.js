/**
 * The cells of a page: run, edit, stop, restart; edits stay in this browser.
 * @import { Engine } from "./engine.js"
 * @import { CellFacts, OutputMessage, Result } from "./types.d.ts"
 */
import { Draft } from "./draft.js";
import { described, duration, element, Output } from "./output.js";
import { LiveError } from "./parts.js";
import { withCode } from "./report.js";
import { Storage } from "./storage.js";
import { keptBecause, lacking, noted } from "./truth.js";

const STOPPED = "Stopped. The next Run starts Python again and runs the cells above first.";
const ORIGINAL = "This is the recorded output of the original code.";
const LONG = 5000;
/** Milliseconds after which the output of a running cell is shown. */
const SOON = 300;
/** After how many milliseconds a reader wants to know which cell above is still running. */
const CULPRIT_AFTER = 3000;

/** @param {string} ended how Python ended @returns {string} that, and what happens next */
const runsAgain = (ended) =>
  ended.includes("next Run") ? ended : `${ended} The next Run starts it again.`;

/** A code cell of the page. */
export class Cell extends Draft {
  /**
   * @param {CellFacts} facts
   * @param {Cells} cells
   */
  constructor(facts, cells) {
    super(facts, cells.storage, document.querySelector(`.cell[data-cell="${facts.number}"]`));
    this.facts = facts;
    this.cells = cells;
    /** In which life of Python it ran. */
    this.life = 0;
    /** In which life of Python something was not there that it needs. */
    this.lacked = -1;
    /** The recorded output, while another one is in its place. @type {Node[] | undefined} */
    this.recorded = undefined;
  }

  get name() {
    return `cell ${this.facts.number}`;
  }

  /** @override */
  get label() {
    return `Code of ${this.name}`;
  }

  /** @returns {HTMLElement} a link to it that says which cell it is */
  get link() {
    const link = element("a", "", `${this.edited ? "your edited " : ""}${this.name}`);
    if (this.place) this.place.id ||= `cell-${this.facts.number}`;
    link.setAttribute("href", `#${this.place?.id ?? ""}`);
    return link;
  }

  /** Why it does not run in a page: a sentence, or empty. */
  get stays() {
    return this.edited ? "" : keptBecause(this.facts);
  }

  /** @override */
  submit() {
    this.cells.run(this);
  }

  // Output ----------------------------------------------------------------------------------------

  /** @returns {HTMLElement | null} where the output stands */
  out() {
    const found = /** @type {HTMLElement | null} */ (
      this.place?.querySelector(":scope > .out") ?? null
    );
    if (found || !this.place || !this.code) return found;
    const made = element("div", "out");
    (this.code.closest(".source") ?? this.code).after(made);
    return made;
  }

  /** Show what a cell has shown so far. @param {Output} output */
  preview(output) {
    const out = this.out();
    if (!out || output.place.parentNode === out) return;
    this.recorded ??= [...out.childNodes];
    out.replaceChildren(output.place);
  }

  /** @param {Output} output @param {Result} result */
  show(output, result) {
    const out = this.out();
    if (!out) return;
    this.recorded ??= [...out.childNodes];
    const from = element("p", "from");
    const { versions } = this.cells.engine;
    const where = versions ? described(versions) : "";
    const note = noted(this.facts, this.text, this.edited);
    const time = result.ended ? "until Python ended" : `in ${duration(result.seconds)}`;
    from.append(`Run here: ${where}, ${time}. `, ...withCode(note));
    if (this.recorded.length) from.append(action("recorded", "Recorded output"));
    from.append(action("restart", "Restart Python"));
    out.replaceChildren(...output.place.childNodes, from);
  }

  /** Show again what the page showed at first. */
  restore() {
    const out = this.out();
    if (!out || !this.recorded) return;
    out.replaceChildren(...this.recorded);
    this.recorded = undefined;
    this.markRecorded();
  }

  /** Say of what is recorded that it is not from the reader's code. */
  markRecorded() {
    const out = this.place?.querySelector(":scope > .out");
    if (!out || this.recorded) return;
    const note = out.querySelector(":scope > .original");
    if (!this.edited) note?.remove();
    else if (!note && out.hasChildNodes()) out.prepend(element("p", "from original", ORIGINAL));
  }

  /** @override @param {string} text */
  change(text) {
    super.change(text);
    this.markRecorded();
  }

  /** @override */
  async recall() {
    await super.recall();
    this.markRecorded();
  }

  /** Do so because a reader asked for it. */
  goBack() {
    this.restore();
    this.say("");
    this.button("run")?.focus();
  }
}

/** @param {string} act @param {string} text */
function action(act, text) {
  const button = element("button", "quiet", text);
  button.setAttribute("type", "button");
  button.dataset.do = act;
  return button;
}

/** All cells of a page, in order; they share one Python. */
export class Cells {
  /**
   * @param {CellFacts[]} facts
   * @param {Engine} engine
   * @param {string} page
   */
  constructor(facts, engine, page) {
    this.engine = engine;
    this.storage = new Storage(page);
    this.list = facts.map((one) => new Cell(one, this));
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    this.storage.watch((key, text) => {
      const cell = this.list.find(({ facts: { key: own } }) => own === key);
      cell?.adopt(text);
    });
  }

  /** @param {Element} inside @returns {Cell | undefined} */
  at(inside) {
    const number = Number(inside.closest(".cell")?.getAttribute("data-cell"));
    return this.list.find(({ facts }) => facts.number === number);
  }

  /** Show the edits of earlier visits. */
  async recall() {
    for (const cell of this.list) await cell.recall();
  }

  /** @param {HTMLElement} button */
  async act(button) {
    const cell = this.at(button);
    if (!cell) return;
    const act = button.dataset.do;
    try {
      if (act === "run") await this.run(cell);
      else if (act === "edit") await cell.edit(true);
      else if (act === "undo") cell.undo();
      else if (act === "recorded") cell.goBack();
      else if (act === "stop") this.engine.end(STOPPED);
      else if (act === "restart") this.restart(cell);
    } catch (error) {
      if (!(error instanceof LiveError)) throw error;
      cell.say(error.message);
    }
  }

  /** @param {Cell} cell */
  restart(cell) {
    this.engine.end(STOPPED);
    cell.say("Python was ended, with all its variables. The next Run starts it again.");
  }

  /** Run a cell when its turn comes. @param {Cell} cell */
  run(cell) {
    if (cell.place?.classList.contains("running")) return Promise.resolve();
    cell.place?.dispatchEvent(new CustomEvent("course-run"));
    if (cell.stays) {
      cell.say(cell.stays);
      return Promise.resolve();
    }
    cell.busy(true);
    cell.say("Waiting for the cell before it …");
    this.turn = this.turn.then(() => this.runNow(cell));
    return this.turn;
  }

  /** @param {Cell} cell */
  async runNow(cell) {
    try {
      await this.engine.start(cell.say.bind(cell));
      const result = (await this.runAbove(cell)) ?? (await this.runOne(cell, true, cell));
      if (result.ended) cell.state.prepend(`${runsAgain(result.ended)} `);
    } catch (error) {
      cell.say(error instanceof LiveError ? error.message : `Something failed: ${error}`);
    } finally {
      cell.busy(false);
    }
  }

  /** @param {Cell} cell */
  above(cell) {
    return this.list.slice(0, this.list.indexOf(cell));
  }

  /**
   * Run the cells above that have not run in this Python; their recorded outputs stay.
   * @param {Cell} cell
   * @returns {Promise<Result | undefined>} the result that ended Python, if one did; the cell
   *   that asked then says which one it was
   */
  async runAbove(cell) {
    const waiting = this.above(cell).filter((one) => one.life !== this.engine.life && !one.stays);
    for (const [k, one] of waiting.entries()) {
      cell.say(`Running the cells above first, ${k + 1} of ${waiting.length} …`);
      const late = setTimeout(() => {
        cell.say("Running ");
        cell.state.append(one.link, " first … Stop ends it.");
      }, CULPRIT_AFTER);
      const running = this.runOne(one, one.edited, cell);
      const result = await running.finally(() => clearTimeout(late));
      if (!result.ended) continue;
      cell.say("Python was running ");
      cell.state.append(one.link, one.edited ? ": change it if it does not end." : ".");
      return result;
    }
    return undefined;
  }

  /**
   * @param {Cell} cell
   * @param {boolean} shown whether its output takes the place of the recorded one
   * @param {Cell} asked the cell that a reader runs: it says how far Python is
   * @returns {Promise<Result>}
   */
  async runOne(cell, shown, asked) {
    const output = new Output(this.engine, cell.facts.tags.includes("raises-exception"));
    const started = performance.now();
    const tick = setInterval(() => {
      const seconds = Math.round((performance.now() - started) / 1000);
      if (seconds * 1000 >= LONG && cell === asked)
        cell.say(`Still running, ${seconds} s. Stop ends it.`);
    }, 1000);
    if (cell === asked) cell.say("Running …");
    /** @param {OutputMessage} message */
    const hear = (message) => {
      output.hear(message);
      if (shown && performance.now() - started > SOON) cell.preview(output);
    };
    const running = this.engine.run(cell.text, cell.name, hear, asked.say.bind(asked));
    const result = await running.finally(() => clearInterval(tick));
    if (result.ended) {
      if (cell === asked) {
        cell.say("");
        cell.show(output, result);
      }
      return result;
    }
    cell.life = this.engine.life;
    const kept = this.above(cell).filter((one) => one.stays || one.lacked === one.life);
    const lacks = cell.edited ? "" : lacking(result.error, kept);
    if (lacks) cell.lacked = cell.life;
    if (shown && lacks) {
      cell.restore();
      cell.say(lacks);
    } else if (shown) {
      output.end(result);
      cell.show(output, result);
      cell.say("");
    }
    return result;
  }
}

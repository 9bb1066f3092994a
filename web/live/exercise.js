/**
 * An exercise: its answers, and Check, which runs the notebook from the top as `make check` does.
 * @import { Engine, Progress } from "./engine.js"
 * @import { TestReport } from "./report.js"
 * @import { ExerciseEntry, LiveExercise, OutputMessage, Point, Result } from "./types.d.ts"
 */
import { markEarlier, textsTo } from "./earlier.js";
import { messageOf, outcomeOf } from "./outcome.js";
import { described, duration, element, Output } from "./output.js";
import { LiveError } from "./parts.js";
import { Piece } from "./pieces.js";
import {
  fingerprint,
  keepRecord,
  keptState,
  nextAfter,
  pageOf,
  recordOf,
  stateOf,
} from "./progress.js";
import { goOn, solvedLine, testLine } from "./report.js";
import { Storage } from "./storage.js";

/** A check starts without the variables of the one before. */
const AFRESH = "from course.live.kernel import forget; forget()";
const STOP_SENTENCE = "Stopped. The next Check starts Python again.";
/** How long one cell may take; an answer is stopped much earlier by `checking.py`. */
const CELL_SECONDS = 60;
const TOO_LONG =
  `A cell took longer than ${CELL_SECONDS} s, so Python was stopped. ` +
  "The next Check starts it again.";
const STARTS_AGAIN = "The next Check starts Python again.";
const SOLVED =
  "The visible tests pass. Hidden tests, which check more cases, run when your work is graded.";

/** The exercise of the page. */
export class Exercise {
  /**
   * @param {LiveExercise} facts
   * @param {ExerciseEntry[]} entries all exercises, in order
   * @param {Engine} engine
   */
  constructor(facts, entries, engine) {
    this.facts = facts;
    this.entries = entries;
    this.engine = engine;
    this.place = `${facts.assignment}/${facts.name}`;
    this.storage = new Storage(pageOf(this.place));
    this.pieces = facts.cells.map((cell) => new Piece(cell, this));
    this.record = recordOf(this.place);
    // What is announced has to be there before it says something.
    for (const answer of this.answers) answer.below("outcome")?.setAttribute("role", "status");
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
    this.storage.watch((key, text) => {
      this.answers.find((answer) => answer.key === key)?.adopt(text);
    });
  }

  get answers() {
    return this.pieces.filter((piece) => piece.isAnswer);
  }

  /** What the list of exercises says of this one. @returns {ExerciseEntry} */
  get entry() {
    const found = this.entries.find(({ place }) => place === this.place);
    if (!found)
      throw new LiveError("Files of this site do not fit together. Copy all of it again.");
    return found;
  }

  get state() {
    return stateOf(
      this.entry,
      this.answers.map(({ answer }) => answer),
      this.record,
    );
  }

  /** Which exercise comes next. @returns {ExerciseEntry | undefined} */
  get next() {
    const states = this.entries.map((entry) =>
      entry.place === this.place ? this.state : keptState(entry),
    );
    const found = nextAfter(states, this.entries.indexOf(this.entry));
    return found === undefined ? undefined : this.entries[found];
  }

  /** Show what was written on earlier visits. */
  async recall() {
    for (const answer of this.answers) await answer.recall();
    if (this.state.word === "solved")
      this.show(this.answers.at(-1), [solvedLine(SOLVED, this.next)]);
    for (const answer of this.answers) answer.about = textsTo(this.answers, answer);
    for (const answer of this.answers) this.heed(answer);
  }

  /** @param {string} key @returns {string | null} what is written there; null as handed out */
  answerTo(key) {
    return this.answers.find((answer) => answer.key === key)?.answer ?? null;
  }

  /**
   * Take other answers, as from a notebook that was opened; each can be taken back.
   * @param {Map<string, string | null>} texts by grade_id; null for one as it was handed out
   */
  async take(texts) {
    for (const answer of this.answers) {
      const text = texts.get(answer.key);
      if (text === undefined || text === answer.answer) continue;
      await answer.edit(false);
      answer.editor?.replace(text ?? answer.blank);
    }
  }

  /** An answer has changed. @param {Piece} answer */
  heed(answer) {
    if (answer.runs) markEarlier(this.answers);
    else if (!answer.edited) this.show(answer, []);
    else if (!answer.place?.querySelector(".solved")) {
      this.show(answer, [solvedLine("Your answer is kept in this browser.", this.next)]);
    }
  }

  /** @param {HTMLElement} button @param {Point} [point] where it was pressed */
  async act(button, point) {
    const number = Number(button.closest(".cell")?.getAttribute("data-cell"));
    const piece = this.pieces.find(({ facts }) => facts.number === number);
    if (!piece) return;
    const act = button.dataset.do;
    try {
      if (act === "edit") await piece.edit(true, point);
      else if (act === "undo") piece.undo();
      else if (act === "check") await this.check(piece);
      else if (act === "run") await this.run(piece);
      else if (act === "stop") this.engine.end(STOP_SENTENCE);
    } catch (error) {
      if (!(error instanceof LiveError)) throw error;
      piece.say(error.message);
    }
  }

  // Running ---------------------------------------------------------------------------------------

  /** Run everything down to the tests of an answer. @param {Piece} answer */
  check(answer) {
    const own = (/** @type {Piece} */ { facts }) => facts.answer === answer.key;
    return this.waitAndRun(answer, this.pieces.findLastIndex(own));
  }

  /** Run everything down to a cell. @param {Piece} piece */
  run(piece) {
    return this.waitAndRun(piece, this.pieces.indexOf(piece));
  }

  /** @param {Piece} asked @param {number} last */
  waitAndRun(asked, last) {
    if (asked.facts.stays) asked.say(asked.facts.stays);
    if (!asked.runs || asked.place?.classList.contains("running")) return Promise.resolve();
    asked.busy(true);
    asked.say("Waiting for the check before it …");
    this.turn = this.turn.then(() => this.runNow(asked, last));
    return this.turn;
  }

  /** @param {Piece} asked @param {number} last */
  async runNow(asked, last) {
    try {
      await this.engine.start(asked.say.bind(asked));
      asked.say("Checking …");
      const answers = fingerprint(
        this.entry,
        this.answers.map(({ answer }) => answer),
      );
      const texts = new Map(this.answers.map((one) => [one, textsTo(this.answers, one)]));
      const started = performance.now();
      const { tests, ended } = await this.runDownTo(last, asked);
      this.keep(answers, tests);
      this.report(asked, tests, ended, (performance.now() - started) / 1000);
      for (const [answer, text] of texts) {
        const own = this.testsOf(answer);
        if (asked === answer || tests.some(({ name }) => own.includes(name))) answer.about = text;
      }
      markEarlier(this.answers);
      asked.say(ended);
    } catch (error) {
      asked.say(error instanceof LiveError ? error.message : `Something failed: ${error}`);
    } finally {
      asked.busy(false);
    }
  }

  /**
   * @param {number} last the number of the last cell to run
   * @param {Piece} asked says how far it is
   * @returns {Promise<{tests: TestReport[], ended: string}>} the tests that ran, and how Python
   *   ended before the last cell; empty if it did not
   */
  async runDownTo(last, asked) {
    /** @type {TestReport[]} */
    const tests = [];
    let trouble = "";
    // As they are now: what is typed during the check belongs to the next one.
    const sources = new Map(this.pieces.map((piece) => [piece, piece.text]));
    const { ended: atOnce } = await this.engine.run(AFRESH, "start", () => {});
    if (atOnce !== undefined) return { tests, ended: restarts(atOnce) };
    for (const piece of this.pieces.slice(0, last + 1).filter(({ runs }) => runs)) {
      const output = new Output(this.engine);
      const { result, printed } = await this.runOne(piece, sources.get(piece) ?? "", output, asked);
      const { ended, error } = result;
      if (ended !== undefined) return { tests, ended: restarts(ended) };
      if (piece.facts.kind === "test") {
        tests.push({ name: piece.key, outcome: outcomeOf(error, printed, trouble), printed });
      } else {
        output.end(result);
        piece.show(output);
        if (error) trouble ||= messageOf(error);
      }
    }
    return { tests, ended: "" };
  }

  /**
   * @param {Piece} piece
   * @param {string} source
   * @param {Output} output
   * @param {Piece} asked
   * @returns {Promise<{result: Result, printed: string}>}
   */
  async runOne(piece, source, output, asked) {
    let printed = "";
    const started = performance.now();
    const tick = setInterval(() => {
      const seconds = Math.round((performance.now() - started) / 1000);
      if (seconds >= CELL_SECONDS) this.engine.end(TOO_LONG);
      else if (seconds >= 3) asked.say(`Still checking, ${seconds} s. Stop ends it.`);
    }, 1000);
    /** @type {Progress} */
    const progress = asked.say.bind(asked);
    /** @param {OutputMessage} message */
    const hear = (message) => {
      if (message.type === "stream") printed += message.text;
      output.hear(message);
    };
    try {
      const result = await this.engine.run(source, piece.key, hear, progress);
      return { result, printed };
    } finally {
      clearInterval(tick);
    }
  }

  // After a check ---------------------------------------------------------------------------------

  /**
   * Keep which tests pass; what was found of the same answers before stays.
   * @param {string} answers
   * @param {TestReport[]} tests
   */
  keep(answers, tests) {
    if (!this.entry.tests.length) return;
    const before = this.record?.answers === answers ? this.record.passed : [];
    const now = new Map(tests.map(({ name, outcome }) => [name, outcome.kind === "passed"]));
    const passed = this.entry.tests.filter((name) => now.get(name) ?? before.includes(name));
    this.record = { answers, passed };
    keepRecord(this.place, this.record);
  }

  /**
   * @param {Piece} asked
   * @param {TestReport[]} tests
   * @param {string} ended
   * @param {number} seconds
   */
  report(asked, tests, ended, seconds) {
    for (const answer of this.answers) {
      const names = this.testsOf(answer);
      const reports = tests.filter(({ name }) => names.includes(name));
      if (!reports.length && !(ended && answer === asked)) continue;
      const lines = reports.map((test) =>
        testLine({ ...test, name: this.calledInPage(test.name) }, names.length === 1),
      );
      const passed = reports.length === names.length && reports.every(isPassed);
      if (passed && answer === asked) lines.push(this.afterPassing(answer));
      if (answer === asked && !ended) lines.push(this.origin(seconds));
      this.show(answer, lines);
      if (answer === asked) answer.below("outcome")?.scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {string} name the name of a test in the notebook @returns {string} its label here */
  calledInPage(name) {
    const tests = this.pieces.filter(({ facts }) => facts.kind === "test");
    return `Visible test ${tests.findIndex(({ key }) => key === name) + 1}`;
  }

  /** @param {Piece} answer @returns {string[]} the names of the tests that belong to it */
  testsOf({ key }) {
    const own = this.pieces.filter(({ facts }) => facts.kind === "test" && facts.answer === key);
    return own.map((test) => test.key);
  }

  /** @param {Piece} answer @returns {HTMLElement} where to go from here */
  afterPassing(answer) {
    if (this.state.word === "solved") return solvedLine(SOLVED, this.next);
    const below = this.answers.slice(this.answers.indexOf(answer) + 1);
    const step = below.find(({ facts }) => facts.kind === "answer");
    const line = element("div", "solved");
    if (step) line.append(goOn(`#answer-${step.key}`, "Go on with the next step"));
    return line;
  }

  /** @param {number} seconds @returns {HTMLElement} where the result comes from */
  origin(seconds) {
    const { versions } = this.engine;
    const where = versions ? described(versions) : "";
    return element("p", "from", `Checked here: ${where}, in ${duration(seconds)}.`);
  }

  /** @param {Piece | undefined} answer @param {HTMLElement[]} lines */
  show(answer, lines) {
    answer?.below("outcome")?.replaceChildren(...lines);
  }
}

/** @param {string} ended how Python ended @returns {string} that, and what happens next */
const restarts = (ended) => (ended.includes("next Check") ? ended : `${ended} ${STARTS_AGAIN}`);

/** @param {TestReport} test */
const isPassed = ({ outcome }) => outcome.kind === "passed";

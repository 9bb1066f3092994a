/**
 * "Hand in" for each assignment, and "Open" for all, on the page that lists the exercises.
 * @import { Chosen } from "./zip.js"
 * @import { ExerciseEntry, LiveExercise } from "./types.d.ts"
 */
import { Answers } from "./answers.js";
import { chooseFiles, readChosen, receiveDrops, saveFile } from "./files.js";
import { EXCHANGED } from "./hand_in.js";
import { Refusal, readNotebook, refusal, shortName, takeAnswers } from "./opening.js";
import { LiveError, loadScript } from "./parts.js";
import { keptState } from "./progress.js";
import { zipped } from "./zip.js";

const ARCHIVE_TYPE = "application/zip";
/** Jupyter and browsers write such things behind the name of a copy. */
const COPY = /(?:[ -]*\(\d+\)|-Copy\d*)?\.ipynb$/i;

/** @type {Promise<unknown>} */
let lastScript = Promise.resolve();

/**
 * Load an exercise; one after the other, because each script sets the same name.
 * @param {ExerciseEntry} entry
 * @returns {Promise<LiveExercise>}
 */
export function loadExercise(entry) {
  const loading = lastScript
    .catch(() => {}) // was said to whoever asked for it
    .then(async () => {
      const own = self.liveExercise;
      self.liveExercise = undefined;
      try {
        await loadScript(`live/${entry.script}`, () => self.liveExercise !== undefined);
        return /** @type {LiveExercise} */ (/** @type {unknown} */ (self.liveExercise));
      } finally {
        self.liveExercise = own;
      }
    });
  lastScript = loading;
  return loading;
}

/** @param {string[]} names @returns {string} such as `a, b and c` */
export const enumerated = (names) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** @param {ExerciseEntry} entry @returns {string} its title in quotes: some have commas */
export const quoted = ({ title }) => `“${title}”`;

/** @param {string} place @returns {string} the name of an exercise without its assignment */
const taskOf = (place) => place.slice(place.indexOf("/") + 1);

/** @param {string} place @returns {string} */
const assignmentOf = (place) => place.slice(0, place.indexOf("/"));

/**
 * Which exercise a notebook belongs to: by what it says of itself, else by its name.
 * @param {string} path of the notebook
 * @param {string} place what it says
 * @param {string} around the name of the archive or file that somebody chose
 * @param {ExerciseEntry[]} entries
 * @returns {ExerciseEntry | undefined}
 */
export function entryFor(path, place, around, entries) {
  if (place) return entries.find((entry) => entry.place === place);
  const parts = path.split("/");
  const task = (parts.at(-1) ?? "").replace(COPY, "");
  const named = entries.filter((entry) => taskOf(entry.place) === task);
  if (named.length < 2) return named[0];
  const folders = [...parts.slice(0, -1), around];
  const near = named.filter(({ place: one }) =>
    folders.some((folder) => folder.startsWith(assignmentOf(one))),
  );
  return near.length === 1 ? near[0] : undefined;
}

/** What the page of all exercises says and does about files. */
export class HandInAll {
  /**
   * @param {HTMLElement} place with its buttons, as the template has it
   * @param {ExerciseEntry[]} entries
   * @param {() => void} recount shows how far the exercises are now
   */
  constructor(place, entries, recount) {
    this.place = place;
    this.entries = entries;
    this.recount = recount;
    /** What the last files replaced. @type {Answers[]} */
    this.replaced = [];
    receiveDrops(place, (files) => this.open(files));
  }

  /** @param {HTMLElement} button */
  async act(button) {
    const { do: act, assignment } = button.dataset;
    if (act === "open") await this.open(await chooseFiles());
    else if (act === "bring-back") this.bringBack();
    else if (act === "hand-in" && assignment) {
      const said = /** @type {HTMLElement} */ (
        button.parentElement?.querySelector("[role=status]")
      );
      said.textContent = await this.save(assignment).catch((error) => sentenceOf(error, false));
    }
  }

  /** Say below each assignment what of it is not done. */
  remind() {
    for (const place of document.querySelectorAll("[data-remaining]")) {
      place.textContent = this.remaining(place.getAttribute("data-remaining") ?? "");
    }
  }

  /** @param {string} assignment @returns {ExerciseEntry[]} */
  of(assignment) {
    return this.entries.filter(({ place }) => assignmentOf(place) === assignment);
  }

  /** @param {string} assignment @returns {string} what is not done, in sentences */
  remaining(assignment) {
    const own = this.of(assignment);
    if (own.every((one) => keptState(one).word === "untouched"))
      return "Nothing in it is started yet.";
    const named = (/** @type {string} */ word) =>
      enumerated(own.filter((one) => keptState(one).word === word).map(quoted));
    const [started, untouched] = [named("started"), named("untouched")];
    if (!started && !untouched) return "All of it is done.";
    return [
      started && `Tests do not all pass yet: ${started}.`,
      untouched && `Not started: ${untouched}.`,
    ]
      .filter(Boolean)
      .join(" ");
  }

  /** @param {string} assignment @returns {Promise<string>} what has happened */
  async save(assignment) {
    const files = [];
    for (const entry of this.of(assignment)) {
      files.push(new Answers(await loadExercise(entry)).file());
    }
    saveFile(`${assignment}.zip`, zipped(files, new Date()), ARCHIVE_TYPE);
    return `Saved as ${assignment}.zip, where your downloads go.`;
  }

  /** @param {File[]} files */
  async open(files) {
    this.replaced = [];
    /** The notebook that was read for each exercise. @type {Map<ExerciseEntry, string>} */
    const read = new Map();
    const sentences = [];
    for (const file of files) {
      try {
        const chosen = await readChosen(file);
        sentences.push(...(await this.takeAll(file.name, chosen, read, files.length > 1)));
      } catch (error) {
        sentences.push(sentenceOf(error, files.length > 1));
      }
    }
    this.say(sentences.join(" "));
  }

  /**
   * Take all that can be taken.
   * @param {string} name of the file
   * @param {Chosen} chosen
   * @param {Map<ExerciseEntry, string>} read grows
   * @param {boolean} several whether other files are opened with it
   * @returns {Promise<string[]>} sentences
   */
  async takeAll(name, { files, notes }, read, several) {
    const taken = [];
    const refused = [...notes];
    const others = [];
    const among = several || files.length + notes.length > 1;
    for (const { name: path, bytes } of files) {
      try {
        const file = readNotebook(path, bytes);
        const entry = entryFor(path, file.place, name, this.entries);
        if (!entry) throw refusal(path, "is of no exercise of this course");
        const answers = new Answers(await loadExercise(entry));
        const opened = takeAnswers(path, file, answers.exercise);
        const before = read.get(entry);
        if (before) throw refusal(path, `is of the same exercise as ${shortName(before)}`);
        const { changed, replaced, trouble } = answers.take(opened.answers);
        if (trouble) throw refusal(path, "does not fit into what this browser keeps");
        read.set(entry, path);
        if (changed.size) taken.push(quoted(entry));
        if (replaced) this.replaced.push(answers);
        others.push(...opened.notes.map((note) => `${quoted(entry)}: ${note}`));
      } catch (error) {
        refused.push(sentenceOf(error, among));
      }
    }
    const first = taken.length
      ? `Restored your answers to ${enumerated(taken)} from ${shortName(name)}.`
      : `${shortName(name)} holds no answer that is not here already.`;
    const all = refused.length === files.length + notes.length;
    return [all ? "" : first, ...others, ...refused].filter(Boolean);
  }

  bringBack() {
    for (const answers of this.replaced) answers.bringBack();
    this.say(EXCHANGED);
  }

  /** @param {string} text about files that were opened; some exercises are at another point now */
  say(text) {
    const said = /** @type {HTMLElement} */ (this.place.querySelector("[role=status]"));
    const back = /** @type {HTMLElement} */ (this.place.querySelector('[data-do="bring-back"]'));
    said.textContent = text;
    back.hidden = !this.replaced.length;
    this.recount();
    this.remind();
  }
}

/**
 * @param {unknown} error
 * @param {boolean} among whether it is about one file of several
 * @returns {string}
 */
function sentenceOf(error, among) {
  if (error instanceof Refusal && among) return error.amongOthers;
  if (error instanceof LiveError) return error.message;
  throw error;
}

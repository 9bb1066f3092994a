/**
 * "Hand in" and "Open" on the page of an exercise.
 * @import { AnswerTexts, Taken } from "./answers.js"
 * @import { HandedOut } from "./notebook.js"
 * @import { NotebookFile } from "./opening.js"
 * @import { Chosen } from "./zip.js"
 */
import { Answers } from "./answers.js";
import { chooseFiles, readChosen, receiveDrops, saveFile } from "./files.js";
import { placeOf } from "./notebook.js";
import { notTaken, Refusal, readNotebook, refusal, shortName, takeAnswers } from "./opening.js";
import { LiveError } from "./parts.js";

const NOTEBOOK_TYPE = "application/x-ipynb+json";
const ONE_FILE = "Open one file at a time. Nothing was changed.";
export const EXCHANGED = "This is what was here before. Press again to exchange the two once more.";

/** The part of an exercise’s page that saves and opens its notebook. */
export class HandIn {
  /**
   * @param {HTMLElement} place with its buttons, as the template has it
   * @param {HandedOut} exercise
   * @param {(id: string) => string | null} answerTo what is in the page’s editors
   * @param {(texts: AnswerTexts) => Promise<void>} show puts answers there
   * @param {() => string[]} notes what to say about the file that is saved, in sentences
   */
  constructor(place, exercise, answerTo, show, notes) {
    this.answers = new Answers(exercise, answerTo);
    this.place = place;
    this.show = show;
    this.notes = notes;
    this.back = /** @type {HTMLElement} */ (place.querySelector('[data-do="bring-back"]'));
    this.back.hidden = !this.answers.hasBefore;
    receiveDrops(place, (files) => this.open(files));
  }

  /** @param {string | undefined} act what a button does */
  async act(act) {
    if (act === "hand-in") this.save();
    else if (act === "open") await this.open(await chooseFiles());
    else if (act === "bring-back") await this.adopt(this.answers.bringBack(), EXCHANGED);
  }

  /** @param {...string} sentences */
  say(...sentences) {
    const said = /** @type {HTMLElement} */ (this.place.querySelector("[role=status]"));
    said.textContent = sentences.filter(Boolean).join(" ");
  }

  save() {
    const { name, text } = this.answers.file();
    saveFile(name, text, NOTEBOOK_TYPE);
    this.say(`Saved as ${name}, where your downloads go.`, ...this.notes());
    this.place.scrollIntoView({ block: "nearest" });
  }

  /** @param {File[]} files */
  async open(files) {
    try {
      if (files.length !== 1) throw new LiveError(ONE_FILE);
      const { name, notebook, others } = this.own(files[0].name, await readChosen(files[0]));
      const { answers, notes } = takeAnswers(name, notebook, this.answers.exercise);
      const taken = this.answers.take(answers);
      await this.adopt(taken, aboutTaken(name, answers, taken), ...notes, ...others);
    } catch (error) {
      if (!(error instanceof LiveError)) throw error;
      this.say(error.message);
    }
  }

  /**
   * Find this exercise’s notebook among those of an archive.
   * @param {string} name of the archive, or of the notebook
   * @param {Chosen} chosen
   * @returns {{name: string, notebook: NotebookFile, others: string[]}} `others` says which
   *   notebooks of this name were not taken
   */
  own(name, { files, notes }) {
    if (files.length === 1 && !notes.length) {
      const [{ name: path, bytes }] = files;
      return { name: path, notebook: readNotebook(path, bytes), others: [] };
    }
    const { exercise } = this.answers;
    const wanted = `${exercise.name}.ipynb`;
    const others = [...notes];
    /** @type {{name: string, notebook: NotebookFile}[]} */
    const found = [];
    for (const { name: path, bytes } of files) {
      if (path.split("/").at(-1) !== wanted) continue;
      try {
        const notebook = readNotebook(path, bytes);
        if (!notebook.place || notebook.place === placeOf(exercise))
          found.push({ name: path, notebook });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        others.push(error.amongOthers);
      }
    }
    const [own, ...more] = found;
    if (!own) {
      const what = `has no notebook of this exercise, which is named ${wanted}.`;
      throw refusal(name, [what, ...others].join(" "));
    }
    const late = more.map(({ name: path }) =>
      notTaken(path, `is of this exercise, as ${own.name}`),
    );
    return { ...own, others: [...others, ...late] };
  }

  /** @param {Taken} taken @param {...string} sentences */
  async adopt({ changed, trouble }, ...sentences) {
    await this.show(changed);
    this.back.hidden = !this.answers.hasBefore;
    this.say(...sentences, trouble);
  }
}

/**
 * @param {string} name
 * @param {AnswerTexts} answers of the file
 * @param {Taken} taken
 * @returns {string}
 */
function aboutTaken(name, answers, { changed, replaced }) {
  const file = shortName(name);
  if (changed.size) {
    const what = changed.size === 1 ? "Restored your answer" : `Restored ${changed.size} answers`;
    const back = replaced ? " What was here is kept, and you can bring it back." : "";
    return `${what} from ${file}.${back}`;
  }
  const written = [...answers.values()].some((text) => text !== null);
  if (written) return `${file} holds the answers that are here already.`;
  return `${file} is as it was handed out, so nothing was changed.`;
}

/**
 * The client of a page: loaded by `course.js` on the first press of Run or Edit.
 * @import { LiveExercise } from "./types.d.ts"
 */
import { copyParts } from "./capstone.js";
import { Cells } from "./cells.js";
import { Engine } from "./engine.js";
import { Exercise } from "./exercise.js";
import { HandIn } from "./hand_in.js";
import { damaged, loadScript } from "./parts.js";
import { unfinishedIn } from "./progress.js";
import { startWork } from "./work.js";

/** @returns {Promise<Cells>} */
async function startCells() {
  const page = document.body.dataset.lesson ?? "";
  await loadScript(`live/${self.courseLive.cells[page]}`, () => self.liveCells !== undefined);
  const engine = new Engine(self.courseLive, "lessons");
  const cells = new Cells(self.liveCells ?? [], engine, page);
  addHelp("run the cell");
  await cells.recall();
  engine.startEarly();
  return cells;
}

/** @param {string} place @returns {Promise<{exercise: Exercise, handIn: HandIn}>} */
async function startExercise(place) {
  const { exercises } = self.courseLive;
  const entry = exercises.find((one) => one.place === place);
  if (!entry) throw damaged("live/index.js");
  await loadScript(`live/${entry.script}`, () => self.liveExercise !== undefined);
  const facts = /** @type {LiveExercise} */ (self.liveExercise);
  const engine = new Engine(self.courseLive, `exercises/${facts.assignment}`);
  const exercise = new Exercise(facts, exercises, engine);
  addHelp("check your answer");
  await exercise.recall();
  engine.startEarly();
  const handIn = new HandIn(
    /** @type {HTMLElement} */ (document.querySelector(".handin")),
    facts,
    (id) => exercise.answerTo(id),
    (texts) => exercise.take(texts),
    () => [unfinishedIn(exercise.state), sharedName(exercise)],
  );
  return { exercise, handIn };
}

/** @param {Exercise} exercise @returns {string} about files of the same name, or empty */
function sharedName({ facts: { name, assignment } }) {
  const alike = self.courseLive.exercises.filter(({ place }) => place.endsWith(`/${name}`));
  if (alike.length < 2) return "";
  return (
    `Other assignments have a ${name}.ipynb, too. Keep the name, which the grader needs, and put ` +
    `the file into a folder of its own, or save all of ${assignment} on the list of exercises.`
  );
}

/** What the editors' descriptions refer to. @param {string} keysDo */
function addHelp(keysDo) {
  if (document.getElementById("editing-keys")) return; // the client has been loaded again
  const help = document.createElement("p");
  help.id = "editing-keys";
  help.className = "unseen";
  help.textContent = `Shift and Enter ${keysDo}. Tab indents; Escape leaves the editor.`;
  document.querySelector("main")?.append(help);
}

const { lesson, exercise: place } = document.body.dataset;
if (lesson) {
  const cells = startCells();
  self.courseLive.ready = cells;
  self.courseLive.act = async (button) => (await cells).act(button);
}
if (place) {
  const started = startExercise(place);
  self.courseLive.ready = started;
  self.courseLive.act = async (button, point) => {
    const { exercise, handIn } = await started;
    if (button.closest(".handin") || button.dataset.do === "hand-in")
      await handIn.act(button.dataset.do);
    else if (button.dataset.do === "parts") await copyParts(exercise, handIn, button);
    else await exercise.act(button, point);
  };
}
startWork();
self.courseLive.ready ??= Promise.resolve();

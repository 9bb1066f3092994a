/**
 * The reader’s own parts of MiniArray, put into the capstone by the Python that `make capstone`
 * runs. No reference solution is in a page: what is not solved stays as it was handed out.
 * @import { Engine, Progress } from "./engine.js"
 * @import { Exercise } from "./exercise.js"
 * @import { HandIn } from "./hand_in.js"
 * @import { ExerciseEntry, LiveExercise } from "./types.d.ts"
 */
import { Answers } from "./answers.js";
import { enumerated, loadExercise, quoted } from "./hand_in_all.js";
import { answerCells, gradeId, joinedSource } from "./notebook.js";
import { LiveError } from "./parts.js";
import { fingerprint, keepRecord, keptAnswers, keptState } from "./progress.js";

/** Exercises whose answers are parts of MiniArray. */
const PART = /\/mini-/;
const FORGET = "from course.live.kernel import forget; forget()";
const PYTHON_ENDED = "Python was stopped before your parts were copied. Nothing was changed.";
/** How long one cell of another exercise may take. */
const PATIENCE_SECONDS = 60;

/** @typedef {{name: string, origin: "yours" | "missing", place: string}} CapstonePart */
/** @typedef {{texts: Map<string, string>, parts: CapstonePart[]}} FilledCapstone */

/**
 * Do what the button in the capstone says.
 * @param {Exercise} exercise
 * @param {HandIn} handIn
 * @param {HTMLElement} button becomes Stop while Python runs
 */
export function copyParts(exercise, handIn, button) {
  const piece = exercise.pieces.find(({ place }) => place?.contains(button));
  if (!piece) return Promise.resolve();
  const { textContent: label } = button;
  Object.assign(button, { textContent: "Stop" }).dataset.do = "stop";
  piece.say("Waiting for the check before it …");
  const copy = async () => {
    try {
      const { answers } = handIn;
      const { entries, engine } = exercise;
      const { texts, parts } = await fillCapstone(answers, entries, engine, piece.say.bind(piece));
      const taken = answers.take(texts);
      const back = taken.replaced ? "What was here can be brought back, below the last step." : "";
      await handIn.adopt(taken);
      piece.say([aboutParts(parts, entries), back].filter(Boolean).join(" "));
    } catch (error) {
      piece.say(error instanceof LiveError ? error.message : `Something failed: ${error}`);
    } finally {
      Object.assign(button, { textContent: label }).dataset.do = "parts";
    }
  };
  exercise.turn = exercise.turn.then(copy);
  return exercise.turn;
}

/**
 * Fill the answer cells of the capstone.
 * @param {Answers} capstone
 * @param {ExerciseEntry[]} entries all exercises
 * @param {Engine} engine
 * @param {Progress} progress
 * @returns {Promise<FilledCapstone>}
 * @throws {LiveError} with one sentence, before anything has changed
 */
export async function fillCapstone(capstone, entries, engine, progress) {
  const exercises = [];
  for (const entry of entries.filter(({ place }) => PART.test(place))) {
    const exercise = await loadExercise(entry);
    await engine.start(progress);
    await checkIfNeeded(entry, exercise, engine, progress);
    const solved = keptState(entry).word === "solved";
    exercises.push({ place: entry.place, ...sourcesOf(new Answers(exercise)), solved });
  }
  const job = JSON.stringify({ ...sourcesOf(capstone), exercises });
  await engine.start(progress);
  const { sources, parts } = await callPython(engine, "fill_in_page", job);
  const ids = answerCells(capstone.exercise).map(gradeId);
  const { mine } = sourcesOf(capstone);
  const filled = [...ids.keys()].filter((k) => sources[k] !== mine[k]);
  return { texts: new Map(filled.map((k) => [ids[k], sources[k]])), parts };
}

/** @param {Answers} answers @returns {{given: string[], mine: string[]}} the answer cells */
function sourcesOf(answers) {
  const cells = answerCells(answers.exercise);
  const given = cells.map(({ source }) => joinedSource(source));
  return { given, mine: cells.map((cell, k) => answers.answerTo(gradeId(cell)) ?? given[k]) };
}

/**
 * Run the tests of an exercise whose answers have not been checked as they are.
 * @param {ExerciseEntry} entry
 * @param {LiveExercise} exercise
 * @param {Engine} engine
 * @param {Progress} progress
 */
async function checkIfNeeded(entry, exercise, engine, progress) {
  const { word, checked } = keptState(entry);
  if (word !== "started" || checked) return;
  progress(`Checking ${quoted(entry)} …`);
  const kept = new Map(entry.answers.map((id, k) => [id, keptAnswers(entry)[k]]));
  const answers = fingerprint(entry, [...kept.values()]);
  const passed = [];
  await engine.run(FORGET, "start", () => {});
  for (const { kind, grade_id: id, source } of exercise.cells) {
    if (kind === "text") continue;
    const late = setTimeout(() => engine.end(PYTHON_ENDED), PATIENCE_SECONDS * 1000);
    const running = engine.run(kept.get(id) ?? source, id, () => {});
    const { error, ended } = await running.finally(() => clearTimeout(late));
    if (ended !== undefined) break; // the tests that did not run have not passed
    if (kind === "test" && !error) passed.push(id);
  }
  keepRecord(entry.place, { answers, passed });
}

/**
 * Call a function of the course that takes and returns JSON.
 * @param {Engine} engine @param {string} name @param {string} job
 * @returns {Promise<any>}
 */
async function callPython(engine, name, job) {
  let said = "";
  await engine.run(FORGET, "start", () => {});
  const { error, ended, dropped } = await engine.run(
    `from course.exercises.capstone_parts import ${name}\nprint(${name}(${JSON.stringify(job)}))`,
    "parts",
    (message) => {
      if (message.type === "stream" && message.name === "stdout") said += message.text;
    },
  );
  if (ended !== undefined) throw new LiveError(PYTHON_ENDED);
  if (error || dropped) {
    const why = error ? `${error.name}: ${error.value}` : "they are too long";
    throw new LiveError(`Your parts could not be copied (${why}). Nothing was changed.`);
  }
  await engine.run(FORGET, "end", () => {});
  return JSON.parse(said);
}

/**
 * @param {CapstonePart[]} parts
 * @param {ExerciseEntry[]} entries all exercises
 * @returns {string} whose code each part is, in sentences
 */
export function aboutParts(parts, entries) {
  const turn = ({ place = "" }) => entries.findIndex((one) => one.place === place);
  const inTurn = [...parts].sort((one, other) => turn(one) - turn(other));
  const named = (/** @type {(part: CapstonePart) => boolean} */ which) =>
    inTurn.filter(which).map((part) => {
      const entry = entries[turn(part)];
      return entry ? quoted(entry) : part.name;
    });
  const copied = named(({ origin, place }) => origin === "yours" && PART.test(place));
  const here = named(({ origin, place }) => origin === "yours" && !PART.test(place));
  const missing = named(({ origin }) => origin !== "yours");
  return [
    copied.length ? `Copied your answers to ${enumerated(copied)}.` : "",
    here.length ? `Kept ${enumerated(here)} as you wrote it here.` : "",
    missing.length ? `Tests do not all pass yet, so not copied: ${enumerated(missing)}.` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

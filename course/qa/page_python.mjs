// Python as a page runs it, in Node.js: course/qa/page_python.py sends one JSON request a line on
// standard input and reads JSON answers from standard output. Like a page, this starts the worker
// in which Python lives, ends it when a cell takes too long, and starts another one.

/**
 * @import { Answer, Manifest } from "../../web/live/types.d.ts"
 * @typedef {object} Setup
 * @property {string} worker the address of the worker's text, a module
 * @property {string} python the file with Pyodide's core
 * @property {Record<string, string>} files the files of the archives that each start unpacks
 * @property {Record<string, string>} optional those that a cell may ask for
 * @property {Manifest["lock"]} lock
 * @typedef {(
 *   | { type: "start", folder: string }
 *   | { type: "add", names: string[] }
 *   | { type: "run", source: string, name: string, seconds: number }
 * )} Request
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";

/** How long a start may take, in seconds. */
const PATIENCE = 120;
const LIMITS = { maxOldGenerationSizeMb: 1024 };

/** @param {object} answer */
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** @param {string} file */
const bytes = (file) => new Uint8Array(readFileSync(file)).buffer;

/** @param {Record<string, string>} files */
const contents = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, file]) => [name, bytes(file)]));

class Driver {
  /** @param {Setup} setup */
  constructor(setup) {
    this.setup = setup;
    this.core = WebAssembly.compile(readFileSync(setup.python));
    this.files = contents(setup.files);
    /** @type {Worker | undefined} */
    this.worker = undefined;
    this.runs = 0;
    /** Ends the wait for the last word of the worker. @type {(value?: unknown) => void} */
    this.answered = () => {};
  }

  /** @param {Request} request */
  async serve(request) {
    if (request.type === "start") await this.start(request.folder);
    else if (request.type === "run") await this.run(request);
    else {
      const wanted = Object.entries(this.setup.optional).filter(([n]) => request.names.includes(n));
      this.worker?.postMessage({ type: "add", files: contents(Object.fromEntries(wanted)) });
    }
  }

  /** @param {string} folder */
  async start(folder) {
    await this.end();
    const worker = new Worker(new URL("page_worker.mjs", import.meta.url), {
      workerData: this.setup.worker,
      resourceLimits: LIMITS,
    });
    this.worker = worker;
    worker.on("message", (answer) => this.worker === worker && this.hear(answer));
    for (const event of ["error", "exit"]) {
      worker.on(event, (why) => this.worker === worker && this.lose("died", String(why)));
    }
    const parts = { ...this.files, python: await this.core };
    const started = this.ask({ type: "start", lock: this.setup.lock, folder });
    for (const [name, data] of Object.entries(parts))
      worker.postMessage({ type: "part", name, data });
    await started;
  }

  /** @param {Extract<Request, {type: "run"}>} request */
  async run({ source, name, seconds }) {
    this.runs += 1;
    await this.ask({ type: "run", id: this.runs, source, name }, seconds);
  }

  /**
   * Ask the worker and wait for its last word. If Python dies or takes too long, it is ended, and
   * the last word is `died` or `late`.
   * @param {object} question
   * @param {number} seconds
   */
  async ask(question, seconds = PATIENCE) {
    const answered = new Promise((done) => {
      this.answered = done;
    });
    const timer = setTimeout(() => this.lose("late", ""), seconds * 1000);
    if (this.worker) this.worker.postMessage(question);
    else this.lose("died", "Python was not started");
    await answered;
    clearTimeout(timer);
  }

  /** @param {Answer} answer */
  hear(answer) {
    if (answer.type === "died" || answer.type === "failed") this.lose(answer.type, answer.text);
    else {
      say(answer);
      if (answer.type === "done" || answer.type === "ready") this.answered();
    }
  }

  /**
   * Python is lost: end what is left of it, and say so.
   * @param {"died" | "failed" | "late"} type
   * @param {string} text
   */
  async lose(type, text) {
    await this.end();
    say({ type, text });
    this.answered();
  }

  async end() {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }
}

/** @type {Driver | undefined} */
let driver;
for await (const line of createInterface({ input: process.stdin })) {
  if (driver) await driver.serve(JSON.parse(line));
  else driver = new Driver(JSON.parse(line));
}
await driver?.end();

/**
 * Python in a worker: started on the first run, stopped by ending the worker, started again by the
 * next run. The page and the pages of exercises use it alike.
 * @import { Answer, Manifest, OutputMessage, Request, Result, Versions } from "./types.d.ts"
 */
import { LiveError, readParts } from "./parts.js";

/** What a start needs; what is optional comes when a cell asks for it. */
const FIRST = ["worker", "python", "stdlib", "numpy", "course"];
const PATIENCE = 20_000;

/** @typedef {(text: string, read?: number, all?: number) => void} Progress */

export class Engine {
  /**
   * @param {Manifest} manifest
   * @param {string} folder where Python works, below the course's folder
   */
  constructor(manifest, folder) {
    this.manifest = manifest;
    this.folder = folder;
    /** @type {Worker | undefined} */
    this.worker = undefined;
    /** What was loaded, kept for a restart. @type {Promise<Loaded> | undefined} */
    this.loaded = undefined;
    /** @type {Promise<Versions> | undefined} */
    this.started = undefined;
    /** @type {Versions | undefined} */
    this.versions = undefined;
    /** @type {Map<number, {hear: (message: OutputMessage) => void, end: (r: Result) => void}>} */
    this.runs = new Map();
    this.next = 1;
    /** Counts the starts of Python: variables live as long as it stays the same. */
    this.life = 0;
    /** Optional parts that this Python has. @type {Set<string>} */
    this.added = new Set();
    /** @type {(text: string) => void} */
    this.refuse = () => {};
  }

  /**
   * Start Python, unless it runs.
   * @param {Progress} progress
   * @returns {Promise<Versions>}
   */
  start(progress) {
    if (!this.started) {
      const starting = this.begin(progress);
      this.started = starting;
      starting.catch(() => {
        if (this.started === starting) this.end("");
      });
    }
    return this.started;
  }

  /** @param {Progress} progress @returns {Promise<Versions>} */
  async begin(progress) {
    checkBrowser();
    this.loaded ??= load(this.manifest, progress);
    const loading = this.loaded;
    loading.catch(() => {
      this.loaded = undefined;
    });
    const { text, core, bytes, files } = await loading;
    progress("Starting Python");
    const [worker, takesModules] = await startWorker(text, core);
    this.worker = worker;
    this.life += 1;
    this.added.clear();
    return await new Promise((done, failed) => {
      this.refuse = (reason) => failed(new LiveError(reason));
      worker.onerror = () => this.end("Python ended unexpectedly.");
      worker.onmessage = ({ data }) => {
        if (data.type === "ready") {
          this.versions = data.versions;
          done(data.versions);
        } else if (data.type === "failed") {
          failed(
            new LiveError(`Python could not start: ${data.text} Reload the page to try again.`),
          );
        } else this.take(data);
      };
      const { lock } = this.manifest;
      this.send({
        type: "start",
        core: takesModules ? core : bytes,
        files,
        lock,
        folder: this.folder,
      });
    });
  }

  /** @param {Request} request */
  send(request) {
    this.worker?.postMessage(request);
  }

  /** @param {Answer} answer */
  take(answer) {
    if (!("id" in answer)) return;
    const run = this.runs.get(answer.id);
    if (!run) return;
    if (answer.type === "done") {
      this.runs.delete(answer.id);
      run.end(answer);
    } else if (answer.type === "died") {
      this.end(`This cell ended Python itself (${answer.text}).`);
    } else run.hear(answer);
  }

  /**
   * Run code; Python must have been started.
   * @param {string} source
   * @param {string} name what tracebacks call it
   * @param {(message: OutputMessage) => void} hear takes what it shows
   * @param {Progress} progress
   * @returns {Promise<Result>}
   */
  async run(source, name, hear, progress = () => {}) {
    await this.addFor(source, progress);
    const id = this.next++;
    return await new Promise((end) => {
      this.runs.set(id, { hear, end });
      this.send({ type: "run", id, source, name });
    });
  }

  /**
   * Bring the optional parts that a source needs.
   * @param {string} source @param {Progress} progress
   */
  async addFor(source, progress) {
    for (const [name, pattern] of Object.entries(this.manifest.optional)) {
      if (this.added.has(name) || !new RegExp(pattern).test(source)) continue;
      const files = await readParts(this.manifest, [name], (read, all) =>
        progress(`Loading ${name}`, read, all),
      );
      this.send({ type: "add", files });
      this.added.add(name);
    }
  }

  /** @param {string} key @param {unknown} value */
  reply(key, value) {
    this.send({ type: "reply", key, value });
  }

  /**
   * End Python; its variables are gone, the next run starts it again.
   * @param {string} reason a sentence for the runs that this ends
   */
  end(reason) {
    this.worker?.terminate();
    this.worker = undefined;
    this.started = undefined;
    this.refuse(reason);
    this.life += 1;
    for (const { end } of this.runs.values()) {
      end({ error: null, seconds: 0, dropped: 0, ended: reason });
    }
    this.runs.clear();
  }
}

/**
 * @typedef {object} Loaded
 * @property {string} text the worker
 * @property {WebAssembly.Module} core
 * @property {ArrayBuffer} bytes the same, not compiled
 * @property {Record<string, ArrayBuffer>} files
 */

/** @param {Manifest} manifest @param {Progress} progress @returns {Promise<Loaded>} */
async function load(manifest, progress) {
  const { worker, python, ...files } = await readParts(manifest, FIRST, (read, all) =>
    progress("Loading Python", read, all),
  );
  const core = await WebAssembly.compile(python);
  return { text: new TextDecoder().decode(worker), core, bytes: python, files };
}

/** Refuse a browser that cannot do this, in one sentence. */
function checkBrowser() {
  const wants = "Use a current Firefox, Chrome, Edge or Safari; reading works here all the same.";
  if (typeof WebAssembly !== "object") {
    throw new LiveError(`This browser does not allow WebAssembly, which Python needs. ${wants}`);
  }
  if (typeof DecompressionStream !== "function" || !("fromEntries" in Object)) {
    throw new LiveError(`This browser is too old to run Python. ${wants}`);
  }
}

/**
 * Start a module worker from a text. Chromium starts none from a Blob in a page from disk, WebKit
 * none from a `data:` address; so first one, then the other.
 * @param {string} text
 * @param {WebAssembly.Module} core
 * @returns {Promise<[Worker, boolean]>} the worker, and whether it takes compiled modules
 */
async function startWorker(text, core) {
  const blob = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const data = () => `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;
  for (const address of [() => blob, data]) {
    const worker = await greet(address(), core);
    if (worker) return worker;
  }
  throw new LiveError(
    "This browser starts no worker for this page. Open the site from a web server, or use Firefox.",
  );
}

/**
 * @param {string} address
 * @param {WebAssembly.Module} core
 * @returns {Promise<[Worker, boolean] | undefined>}
 */
function greet(address, core) {
  return new Promise((done) => {
    let worker = /** @type {Worker | undefined} */ (undefined);
    const give = (/** @type {boolean} */ well, takes = false) => {
      clearTimeout(timer);
      if (!well || !worker) worker?.terminate();
      done(well && worker ? [worker, takes] : undefined);
    };
    const timer = setTimeout(give, PATIENCE, false);
    try {
      worker = new Worker(address, { type: "module" });
      worker.onerror = () => give(false);
      worker.onmessage = ({ data }) => give(true, data.core);
      worker.postMessage({ type: "hello", core });
    } catch {
      give(false);
    }
  });
}

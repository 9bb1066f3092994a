/**
 * Python in a worker: started on the first run, stopped by ending the worker, started again by the
 * next run. The page and the pages of exercises use it alike.
 * @import { Answer, Manifest, OutputMessage, Request, Result, Versions } from "./types.d.ts"
 */
import { inflate, LiveError, readParts, readPieces } from "./parts.js";

/** What a start needs, in this order; what is optional comes when a cell asks for it. */
const FIRST = ["worker", "python", "stdlib", "numpy", "course"];
const PATIENCE = 20_000;
/** By this a page knows that Python has run in this tab before; `course.js` reads it, too. */
const USED = "inside-the-ndarray/python";

/** What browsers say of a stack that is full, and of memory. */
const TOO_DEEP = /call stack|too much recursion/i;
const NO_MEMORY = /memory|allocat/i;
const WENT_TOO_DEEP =
  "This cell went too deep into calls or data that contain each other, which ended Python.";

/** @param {string} text what the browser says @returns {string} a sentence */
const whyNotStarted = (text) =>
  NO_MEMORY.test(text)
    ? "This browser has too little memory for Python. Close other tabs and programs, and reload."
    : `Python could not start: ${text} Reload the page to try again.`;

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
    /** What was loaded, kept for a restart. @type {Loaded | undefined} */
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
    /** Ends a start that is under way. @type {(reason: string) => void} */
    this.refuse = () => {};
    /** Why Python ended last. */
    this.reason = "";
    /** @type {Progress} */
    this.progress = () => {};
  }

  /**
   * Start Python, unless it runs.
   * @param {Progress} progress
   * @returns {Promise<Versions>}
   */
  start(progress) {
    this.progress = progress;
    if (!this.started) {
      const starting = new Promise((done, failed) => {
        this.refuse = (reason) => failed(new LiveError(reason));
        this.begin(() => this.started === starting).then(done, failed);
      });
      this.started = starting;
      starting.catch(() => {
        if (this.started === starting) this.end("");
      });
    }
    return this.started;
  }

  /**
   * Start Python before a cell asks for it, if it ran on an earlier page of this tab: until the
   * reader presses Run here, it is there.
   */
  startEarly() {
    if (!wasUsed()) return;
    const whenIdle = self.requestIdleCallback ?? setTimeout;
    // What is wrong is said at the press of Run, which tries again.
    whenIdle(() => this.start(() => {}).catch(() => noteUse(false)));
  }

  /**
   * @param {() => boolean} wanted tells whether nobody has ended this start
   * @returns {Promise<Versions>}
   */
  async begin(wanted) {
    checkBrowser();
    this.loaded ??= load(this.manifest, (read, all) => this.progress("Loading Python", read, all));
    const { text, core, bytes, files } = this.loaded;
    Promise.all([text, core, bytes, ...Object.values(files)]).catch(() => {
      this.loaded = undefined;
    });
    const [worker, takesModules] = await startWorker(await text);
    if (!wanted()) {
      worker.terminate();
      throw new LiveError("");
    }
    this.adopt(worker);
    return await new Promise((done, failed) => {
      worker.onmessage = ({ data }) => {
        // a cell can send messages of its own
        if (this.worker !== worker || typeof data?.type !== "string") return;
        if (data.type === "ready") {
          this.versions = data.versions;
          noteUse(true);
          done(data.versions);
        } else if (data.type === "failed") {
          failed(new LiveError(whyNotStarted(data.text)));
        } else this.take(data);
      };
      const hand = async (/** @type {string} */ name, /** @type {Promise<Content>} */ reading) =>
        worker.postMessage({ type: "part", name, data: await reading });
      worker.postMessage({ type: "start", lock: this.manifest.lock, folder: this.folder });
      const handing = Object.entries(files).map(([name, reading]) => hand(name, reading));
      handing.push(hand("python", takesModules ? core : bytes));
      Promise.all(handing).then(() => {
        if (wanted()) this.progress("Starting Python");
      }, failed);
    });
  }

  /** @param {Worker} worker */
  adopt(worker) {
    this.worker = worker;
    this.life += 1;
    this.added.clear();
    worker.onerror = () => {
      // a worker that has been ended may still say so after the next one has begun
      if (this.worker === worker) this.end("Python ended unexpectedly.");
    };
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
      const deep = TOO_DEEP.test(answer.text);
      this.end(deep ? WENT_TOO_DEEP : `This cell ended Python itself (${answer.text}).`);
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
    const { life } = this;
    await this.addFor(source, progress);
    if (this.life !== life) return { error: null, seconds: 0, dropped: 0, ended: this.reason };
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
    const { life } = this;
    for (const [name, pattern] of Object.entries(this.manifest.optional)) {
      if (this.added.has(name) || !new RegExp(pattern).test(source)) continue;
      const files = await readParts(this.manifest, [name], (read, all) =>
        progress(`Loading ${name}`, read, all),
      );
      if (this.life !== life) return;
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
    this.progress = () => {};
    this.reason = reason;
    this.refuse(reason);
    this.life += 1;
    for (const { end } of this.runs.values()) {
      end({ error: null, seconds: 0, dropped: 0, ended: reason });
    }
    this.runs.clear();
  }
}

/**
 * @typedef {ArrayBuffer | WebAssembly.Module} Content
 * @typedef {object} Loaded what comes, each as soon as it is there
 * @property {Promise<string>} text the worker
 * @property {Promise<WebAssembly.Module>} core
 * @property {Promise<ArrayBuffer>} bytes the same, not compiled
 * @property {Record<string, Promise<ArrayBuffer>>} files
 */

/**
 * @param {Manifest} manifest
 * @param {(read: number, all: number) => void} progress
 * @returns {Loaded}
 */
function load(manifest, progress) {
  const { worker, python, ...others } = readPieces(manifest, FIRST, progress);
  const bytes = inflate(python);
  const files = Object.entries(others).map(([name, part]) => [name, inflate(part)]);
  return {
    text: inflate(worker).then((data) => new TextDecoder().decode(data)),
    core: bytes.then((data) => WebAssembly.compile(data).catch(refuse)),
    bytes,
    files: Object.fromEntries(files),
  };
}

/** @param {unknown} error @returns {never} */
function refuse(error) {
  throw new LiveError(whyNotStarted(String(error)));
}

function wasUsed() {
  try {
    return sessionStorage.getItem(USED) !== null;
  } catch {
    return false;
  }
}

/** @param {boolean} used */
function noteUse(used) {
  try {
    if (used) sessionStorage.setItem(USED, "true");
    else sessionStorage.removeItem(USED);
  } catch {
    // Without storage, Python starts at the press of Run.
  }
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
 * @returns {Promise<[Worker, boolean]>} the worker, and whether it takes compiled modules
 */
async function startWorker(text) {
  const blob = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const data = () => `data:text/javascript;charset=utf-8,${encodeURIComponent(text)}`;
  for (const address of [() => blob, data]) {
    const worker = await greet(address());
    if (worker) return worker;
  }
  throw new LiveError(
    "This browser starts no worker for this page. Open the site from a web server, or use Firefox.",
  );
}

/** The smallest module, to try whether a worker takes one. */
const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/**
 * @param {string} address
 * @returns {Promise<[Worker, boolean] | undefined>}
 */
function greet(address) {
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
      worker.postMessage({ type: "hello", core: new WebAssembly.Module(EMPTY) });
    } catch {
      give(false);
    }
  });
}

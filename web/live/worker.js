// The worker in which Python runs. course/live/pack.py puts Pyodide's two modules before this text,
// as `loadPyodide` and `createPyodideModule`, since a worker of a page from disk can import
// nothing.

/**
 * @import { Answer, Request } from "./types.d.ts"
 * @typedef {Extract<Request, {type: "start"}>} Start
 */

const COURSE = "/course";
const PACKAGES = "/packages";
const NOWHERE = "https://live.invalid/";
/** How the entry of a file begins in a zip archive. */
const LOCAL_FILE = 0x04034b50;

/** Pyodide, once it has started. @type {any} */
let python;
/** Python's functions `run`, `reply` and `look_again`. @type {any} */
let kernel;
/** The id of the run that is under way. */
let running = 0;

/** @param {Answer} answer */
const tell = (answer) => self.postMessage(answer);

/** Parts of the runtime, which come while Python starts. @type {Map<string, Part>} */
const parts = new Map();

/** A part that may not be there yet. */
class Part {
  constructor() {
    this.come = (/** @type {ArrayBuffer | WebAssembly.Module} */ _data) => {};
    /** @type {Promise<ArrayBuffer | WebAssembly.Module>} */
    this.data = new Promise((done) => {
      this.come = done;
    });
  }
}

/** @param {string} name */
function part(name) {
  const found = parts.get(name) ?? new Part();
  parts.set(name, found);
  return found;
}

/** @param {string} name */
const file = async (name) => /** @type {ArrayBuffer} */ (await part(name).data);

/** Answer what Pyodide asks for from memory; nothing is ever fetched. */
function answerFromMemory() {
  self.fetch = async (address) => {
    const url = String(address instanceof Request ? address.url : address);
    if (url.endsWith(".wasm")) return new Response();
    if (url === `${NOWHERE}python_stdlib.zip`) return new Response(await file("stdlib"));
    throw new TypeError("Python in a page has no network.");
  };
  WebAssembly.instantiateStreaming = async (_response, imports) => {
    const core = await part("python").data;
    if (!(core instanceof WebAssembly.Module)) return await WebAssembly.instantiate(core, imports);
    return { module: core, instance: await WebAssembly.instantiate(core, imports) };
  };
}

/** What would reach out: Python's sockets are web sockets in disguise. */
function closeDoors() {
  class Closed {
    constructor() {
      throw new TypeError("Python in a page has no network.");
    }
  }
  Object.assign(self, { WebSocket: Closed, XMLHttpRequest: Closed, EventSource: Closed });
}

/**
 * Put the files of a part where Python finds them. Python's own way to unpack takes ten times as
 * long.
 * @param {ArrayBuffer} archive a zip archive without compression, as `course/live/pack.py` makes it
 * @param {string} folder
 */
function unpack(archive, folder) {
  const view = new DataView(archive);
  const folders = new Set();
  for (let at = 0; view.getUint32(at, true) === LOCAL_FILE; ) {
    const size = view.getUint32(at + 22, true);
    const name = at + 30;
    const start = name + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const length = view.getUint16(at + 26, true);
    const path = `${folder}/${new TextDecoder().decode(new Uint8Array(archive, name, length))}`;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(parent)) python.FS.mkdirTree(parent);
    folders.add(parent);
    python.FS.writeFile(path, new Uint8Array(archive, start, size), { canOwn: true });
    at = start + size;
  }
}

/** @param {Start} start */
async function begin(start) {
  answerFromMemory();
  closeDoors();
  const silent = () => {};
  python = await loadPyodide({
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    createPyodideModule,
    lockFileContents: JSON.stringify(start.lock),
    env: { MPLBACKEND: "module://figures", PYTHONDONTWRITEBYTECODE: "1" },
    stdout: silent,
    stderr: silent,
  });
  unpack(await file("numpy"), PACKAGES);
  unpack(await file("course"), COURSE);
  python.FS.mkdirTree(`${COURSE}/${start.folder}`);
  python.globals.set("tell", (/** @type {string} */ text) =>
    tell({ id: running, ...JSON.parse(text) }),
  );
  kernel = python.runPython(`
import json, os, sys
sys.path[:0] = ["", ${JSON.stringify(COURSE)}, ${JSON.stringify(PACKAGES)}]
os.chdir(${JSON.stringify(`${COURSE}/${start.folder}`)})
import numpy
from course.live.kernel import Kernel
from course.live.stand_ins import look_again
def start():
    kernel = Kernel(lambda message: tell(json.dumps(message)))
    run = lambda source, name: json.dumps(kernel.run(source, name))
    return run, kernel.reply, look_again
start()
`);
  const versions = python.runPython(`json.dumps({
    "python": sys.version.split()[0],
    "numpy": numpy.__version__,
    "bits": 8 * numpy.dtype(numpy.intp).itemsize,
})`);
  tell({ type: "ready", versions: JSON.parse(versions) });
}

/** @param {Extract<Request, {type: "run"}>} request */
function run({ id, source, name }) {
  running = id;
  try {
    tell({ id, type: "done", ...JSON.parse(kernel.get(0)(source, name)) });
  } catch (error) {
    // Python itself has ended: os._exit, abort, a wild pointer. Or the kernel has, in a Python
    // error, because a cell has taken away what it needs; the last line says which.
    const lines = String(error).trim().split("\n");
    const [text] = lines[0].startsWith("PythonError") ? lines.slice(-1) : lines;
    tell({ id, type: "died", text: text.slice(0, 300) });
  }
}

self.onmessage = async (/** @type {MessageEvent<Request>} */ { data }) => {
  if (data.type === "hello") tell({ type: "hello", core: data.core instanceof WebAssembly.Module });
  else if (data.type === "part") part(data.name).come(data.data);
  else if (data.type === "run") run(data);
  else if (data.type === "reply") kernel.get(1)(data.key, JSON.stringify(data.value));
  else if (data.type === "add") {
    for (const bytes of Object.values(data.files)) unpack(bytes, PACKAGES);
    kernel.get(2)();
  } else {
    try {
      await begin(data);
    } catch (error) {
      tell({ type: "failed", text: String(error).split("\n")[0].slice(0, 300) });
    }
  }
};

export {};

// A browser that lets no compiled module into this worker says so here.
self.onmessageerror = () => tell({ type: "hello", core: false });

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

/** Pyodide, once it has started. @type {any} */
let python;
/** Python's functions `run` and `reply`. @type {any} */
let kernel;
/** The id of the run that is under way. */
let running = 0;

/** @param {Answer} answer */
const tell = (answer) => self.postMessage(answer);

/**
 * Answer what Pyodide asks for from memory; nothing is ever fetched.
 * @param {Start} start
 */
function answerFromMemory({ core, files }) {
  self.fetch = (address) => {
    const url = String(address instanceof Request ? address.url : address);
    if (url !== `${NOWHERE}python_stdlib.zip` && !url.endsWith(".wasm")) {
      return Promise.reject(new TypeError("Python in a page has no network."));
    }
    const wasm = url.endsWith(".wasm");
    const body = wasm ? (core instanceof ArrayBuffer ? core : "") : files.stdlib;
    const type = wasm ? "application/wasm" : "application/zip";
    return Promise.resolve(new Response(body, { headers: { "content-type": type } }));
  };
  if (core instanceof WebAssembly.Module) {
    WebAssembly.instantiateStreaming = async (_response, imports) => ({
      module: core,
      instance: await WebAssembly.instantiate(core, imports),
    });
  }
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

/** @param {ArrayBuffer} bytes a zip archive @param {string} folder */
function unpack(bytes, folder) {
  python.FS.mkdirTree(folder);
  python.unpackArchive(new Uint8Array(bytes), "zip", { extractDir: folder });
}

/** @param {Start} start */
async function begin(start) {
  answerFromMemory(start);
  closeDoors();
  const silent = () => {};
  python = await loadPyodide({
    indexURL: NOWHERE,
    packageBaseUrl: NOWHERE,
    createPyodideModule,
    lockFileContents: JSON.stringify(start.lock),
    stdout: silent,
    stderr: silent,
  });
  unpack(start.files.numpy, PACKAGES);
  unpack(start.files.course, COURSE);
  python.FS.mkdirTree(`${COURSE}/${start.folder}`);
  python.globals.set("tell", (/** @type {string} */ text) =>
    tell({ id: running, ...JSON.parse(text) }),
  );
  kernel = python.runPython(`
import json, os, sys
sys.path[:0] = ["", ${JSON.stringify(COURSE)}, ${JSON.stringify(PACKAGES)}]
os.chdir(${JSON.stringify(`${COURSE}/${start.folder}`)})
import numpy
from kernel import Kernel
def start():
    kernel = Kernel(lambda message: tell(json.dumps(message)))
    return lambda source, name: json.dumps(kernel.run(source, name)), kernel.reply
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
    // Python itself has ended: os._exit, abort, a wild pointer.
    tell({ id, type: "died", text: String(error).split("\n")[0].slice(0, 300) });
  }
}

self.onmessage = async (/** @type {MessageEvent<Request>} */ { data }) => {
  if (data.type === "hello") tell({ type: "hello", core: data.core instanceof WebAssembly.Module });
  else if (data.type === "run") run(data);
  else if (data.type === "reply") kernel.get(1)(data.key, JSON.stringify(data.value));
  else if (data.type === "add") {
    for (const bytes of Object.values(data.files)) unpack(bytes, PACKAGES);
    python.runPython("import importlib; importlib.invalidate_caches()");
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

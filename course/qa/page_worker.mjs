// A worker thread of Node.js that looks like a browser's worker to web/live/worker.js and Pyodide.
import { webcrypto } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";

/** What Pyodide tells a browser's worker by: everything is an instance of it. */
const WorkerGlobalScope = { [Symbol.hasInstance]: () => true };
const scope = /** @type {any} */ (globalThis);
Object.assign(scope, {
  self: scope,
  WorkerGlobalScope,
  location: new URL(workerData),
  postMessage: (/** @type {object} */ answer) => parentPort?.postMessage(answer),
});
if (!scope.crypto) scope.crypto = webcrypto;
// Pyodide knows Node.js by it, and would import packages that are not there.
delete scope.process;

await import(workerData);
parentPort?.on("message", (data) => scope.onmessage({ data }));

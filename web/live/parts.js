/**
 * The parts of the runtime, read from classic scripts: the one form that loads everywhere.
 * @import { Manifest, Part } from "./types.d.ts"
 */
import { crc32 } from "./crc32.js";

/** A message for the reader: what happened and what to do, in one sentence. */
export class LiveError extends Error {
  /** @override By this `course.js` knows that it can be shown. */
  name = "LiveError";
}

const AGAIN =
  "Reload the page, and if that does not help, unzip or upload the whole site again. " +
  "Your edits stay in this browser.";
/** @param {string} name its path below `static/` */
const missing = (name) => new LiveError(`The file static/${name} cannot be loaded. ${AGAIN}`);
/** @param {string} name its path below `static/` */
export const damaged = (name) => new LiveError(`The file static/${name} is damaged. ${AGAIN}`);

const DIGITS =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
/** How many scripts load at a time. */
const LANES = 4;

const VALUES = new Uint8Array(128);
for (const [value, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = value;

/**
 * @param {string} text base 85, in the alphabet of RFC 1924
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decode85(text) {
  const whole = Math.ceil(text.length / 5);
  const view = new DataView(new ArrayBuffer(whole * 4));
  const padded = text.padEnd(whole * 5, "~");
  for (let k = 0, at = 0; k < padded.length; k += 5, at += 4) {
    let number = 0;
    for (let i = k; i < k + 5; i += 1) number = number * 85 + VALUES[padded.charCodeAt(i)];
    view.setUint32(at, number);
  }
  return new Uint8Array(view.buffer, 0, Math.floor((text.length * 4) / 5));
}

/**
 * Load a classic script from the site.
 * @param {string} name its path below `static/`
 * @param {() => boolean} isThere tells whether it has done what it is for
 * @returns {Promise<void>}
 */
export function loadScript(name, isThere) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${document.body.dataset.root ?? ""}static/${name}`;
    script.addEventListener("load", () => {
      script.remove();
      if (isThere()) done();
      else failed(damaged(name));
    });
    script.addEventListener("error", () => {
      script.remove();
      failed(missing(name));
    });
    document.head.append(script);
  });
}

/**
 * Load a style sheet from the site.
 * @param {string} name its path below `static/`
 * @returns {Promise<void>}
 */
export function loadStyle(name) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `${document.body.dataset.root ?? ""}static/${name}`;
    link.addEventListener("load", () => done());
    link.addEventListener("error", () => failed(missing(name)));
    document.head.append(link);
  });
}

/** @typedef {(read: number, all: number) => void} Progress takes bytes */

/**
 * Load the scripts of some parts, and hand over what they hold as it comes.
 * @param {Manifest} manifest
 * @param {string[]} names in the order in which they are wanted
 * @param {Progress} progress
 * @returns {Record<string, Compressed>}
 */
export function readPieces(manifest, names, progress) {
  const all = names.reduce((sum, name) => sum + manifest.parts[name].bytes, 0);
  const pieces = names.flatMap((name) =>
    manifest.parts[name].files.map((file, number) => ({ name, file, number })),
  );
  const found = Object.fromEntries(
    names.map((name) => [name, new Compressed(name, manifest.parts[name])]),
  );
  let read = 0;
  let failed = false;
  progress(read, all);
  const lane = async () => {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      const { name, file, number } = piece;
      const [bytes, size] = await readPiece(name, file, number);
      if (failed) return; // what went wrong is said already
      read += size;
      progress(Math.min(read, all), all);
      found[name].take(number, bytes);
    }
  };
  Promise.all(Array.from({ length: LANES }, lane)).catch((error) => {
    failed = true;
    pieces.length = 0; // the other lanes end
    for (const part of Object.values(found)) part.fail(error);
  });
  return found;
}

/** A part whose pieces come in any order. */
class Compressed {
  /** @param {string} name @param {Part} part */
  constructor(name, { files, sums }) {
    this.name = name;
    /** The scripts that hold the pieces, and their checksums. */
    this.files = files;
    this.sums = sums;
    this.next = 0;
    /** Why the rest of it does not come. @type {unknown} */
    this.error = undefined;
    /** @type {Map<number, Uint8Array<ArrayBuffer>>} */
    this.early = new Map();
    /** @type {ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined} */
    this.controller = undefined;
    /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */
    this.stream = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
      },
    });
  }

  /** @param {number} number @param {Uint8Array<ArrayBuffer>} bytes */
  take(number, bytes) {
    this.early.set(number, bytes);
    for (let next = this.early.get(this.next); next; next = this.early.get(this.next)) {
      this.controller?.enqueue(next);
      this.early.delete(this.next);
      this.next += 1;
    }
    if (this.next === this.files.length) {
      this.controller?.close();
      this.controller = undefined;
    }
  }

  /** @param {unknown} error */
  fail(error) {
    this.error = error;
    this.controller?.error(error);
    this.controller = undefined;
  }
}

/**
 * Read parts of the runtime.
 * @param {Manifest} manifest
 * @param {string[]} names
 * @param {Progress} progress
 * @returns {Promise<Record<string, ArrayBuffer>>}
 */
export async function readParts(manifest, names, progress) {
  const pieces = Object.entries(readPieces(manifest, names, progress));
  const read = pieces.map(async ([name, part]) => [name, await inflate(part)]);
  return Object.fromEntries(await Promise.all(read));
}

/**
 * @param {string} name @param {string} file @param {number} number
 * @returns {Promise<[Uint8Array<ArrayBuffer>, number]>}
 */
async function readPiece(name, file, number) {
  const text = await readText(name, file, number);
  return [decode85(text), text.length];
}

/**
 * @param {string} name @param {string} file @param {number} number
 * @returns {Promise<string>}
 */
async function readText(name, file, number) {
  const key = `${name}/${number}`;
  await loadScript(`live/${file}`, () => self.liveParts?.[key] !== undefined);
  const text = self.liveParts?.[key] ?? "";
  delete self.liveParts?.[key];
  return text;
}

/** @param {Compressed} part @returns {Promise<ArrayBuffer>} */
export async function inflate(part) {
  try {
    const inflated = part.stream.pipeThrough(new DecompressionStream("deflate"));
    return await new Response(inflated).arrayBuffer();
  } catch {
    throw part.error ?? (await whatIsDamaged(part)); // zlib's checksum does not fit
  }
}

/** @param {Compressed} part @returns {Promise<unknown>} the error that names the file */
async function whatIsDamaged({ name, files, sums }) {
  try {
    for (const [number, file] of files.entries()) {
      const text = await readText(name, file, number);
      if (crc32(new TextEncoder().encode(text)) !== sums[number]) return damaged(`live/${file}`);
    }
  } catch (error) {
    return error;
  }
  return new LiveError(`Not all of ${name} arrived. Try again. ${AGAIN}`);
}

/**
 * The parts of the runtime, read from classic scripts: the one form that loads everywhere.
 * @import { Manifest } from "./types.d.ts"
 */

/** A message for the reader: what happened and what to do, in one sentence. */
export class LiveError extends Error {}

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
 * @returns {Promise<void>}
 */
export function loadScript(name) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = `${document.body.dataset.root ?? ""}static/${name}`;
    script.addEventListener("load", () => {
      script.remove();
      done();
    });
    script.addEventListener("error", () => {
      script.remove();
      failed(new LiveError(`The file static/${name} is missing beside this page. ${AGAIN}`));
    });
    document.head.append(script);
  });
}

const AGAIN = "Copy or upload the whole site again; your edits stay in this browser.";

/**
 * Load a style sheet from the site.
 * @param {string} name its path below `static/`
 * @returns {Promise<void>}
 */
export function loadStyle(name) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `${document.body.dataset.root ?? ""}static/${name}`;
    // A page without this style still works.
    for (const event of ["load", "error"]) link.addEventListener(event, () => done());
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
    names.map((name) => [name, new Compressed(manifest.parts[name].files)]),
  );
  let read = 0;
  progress(read, all);
  const lane = async () => {
    for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
      const { name, file, number } = piece;
      const [bytes, size] = await readPiece(name, file, number);
      read += size;
      progress(Math.min(read, all), all);
      found[name].take(number, bytes);
    }
  };
  Promise.all(Array.from({ length: LANES }, lane)).catch((error) => {
    pieces.length = 0; // the other lanes end
    for (const part of Object.values(found)) part.fail(error);
  });
  return found;
}

/** A part whose pieces come in any order. */
class Compressed {
  /** @param {string[]} files the scripts that hold the pieces */
  constructor(files) {
    this.files = files;
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
  await loadScript(`live/${file}`);
  const text = self.liveParts?.[`${name}/${number}`];
  if (self.liveParts === undefined || text === undefined) throw damaged(file);
  delete self.liveParts[`${name}/${number}`];
  return [decode85(text), text.length];
}

/** @param {string} file */
const damaged = (file) => new LiveError(`The file static/live/${file} is damaged. ${AGAIN}`);

/** @param {Compressed} part @returns {Promise<ArrayBuffer>} */
export async function inflate(part) {
  try {
    const inflated = part.stream.pipeThrough(new DecompressionStream("deflate"));
    return await new Response(inflated).arrayBuffer();
  } catch {
    throw part.error ?? damaged(part.files[0]); // zlib's checksum does not fit
  }
}

/**
 * Zip archives: written as an assignment is handed in, read back with care.
 */
import { crc32 } from "./crc32.js";
import { LARGEST_NOTEBOOK, megabytes, notTaken, refusal, shortName } from "./opening.js";

/** @typedef {{name: string, bytes: Uint8Array<ArrayBuffer>}} ArchiveFile */

/**
 * @typedef {object} Chosen what a file that somebody chose has in it
 * @property {ArchiveFile[]} files
 * @property {string[]} notes a sentence for each notebook that is there and cannot be taken
 */

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const ARCHIVE_END = 0x06054b50;
const LOCAL_HEADER_SIZE = 30;
const DIRECTORY_ENTRY_SIZE = 46;
const ARCHIVE_END_SIZE = 22;
const UTF8 = 0x800;
const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;
/** Made on Unix; an ordinary file that its owner may write and everybody may read. */
const UNIX = 0x0314;
const MODE = 0o100644;
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
/** More than any assignment has; in bytes, and files. */
const LARGEST_ARCHIVE = 64 << 20;
const MOST_FILES = 1000;
const TWICE = "is in the archive twice; the last one was taken, and not the one before";

// Writing -----------------------------------------------------------------------------------------

/**
 * Write an archive without compression, and without folders: the one layout that nbgrader, our
 * grader and every unzip program take.
 * @param {{name: string, text: string}[]} files
 * @param {Date} date
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function zipped(files, date) {
  const encoder = new TextEncoder();
  const entries = files.map(({ name, text }) => {
    const bytes = encoder.encode(text);
    return { name: encoder.encode(name), bytes, crc: crc32(bytes) };
  });
  const bodies = entries.reduce((sum, { name, bytes }) => sum + name.length + bytes.length, 0);
  const names = entries.reduce((sum, { name }) => sum + name.length, 0);
  const start = bodies + entries.length * LOCAL_HEADER_SIZE;
  const size = names + entries.length * DIRECTORY_ENTRY_SIZE;
  const archive = new Writer(start + size + ARCHIVE_END_SIZE);
  const places = entries.map(({ name, bytes, crc }) => {
    const place = archive.at;
    archive.numbers(
      [4, LOCAL_HEADER],
      [2, 20],
      ...headerFields(date, crc, bytes.length, name.length),
    );
    archive.bytes(name);
    archive.bytes(bytes);
    return place;
  });
  for (const [k, { name, bytes, crc }] of entries.entries()) {
    archive.numbers([4, DIRECTORY_ENTRY], [2, UNIX], [2, 20]);
    archive.numbers(...headerFields(date, crc, bytes.length, name.length));
    archive.numbers([2, 0], [2, 0], [2, 0], [4, (MODE << 16) >>> 0], [4, places[k]]);
    archive.bytes(name);
  }
  const count = entries.length;
  archive.numbers(
    [4, ARCHIVE_END],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, size],
    [4, start],
    [2, 0],
  );
  return archive.all;
}

/**
 * What both headers of a file hold, as sizes in bytes and numbers.
 * @param {Date} date @param {number} crc @param {number} size @param {number} nameSize
 * @returns {[number, number][]}
 */
function headerFields(date, crc, size, nameSize) {
  const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
  const year = Math.min(Math.max(date.getFullYear() - 1980, 0), 127);
  const day = (year << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
  const sizes = /** @type {[number, number][]} */ ([
    [4, size],
    [4, size],
    [2, nameSize],
    [2, 0],
  ]);
  return [[2, UTF8], [2, STORED], [2, time], [2, day], [4, crc], ...sizes];
}

/** Bytes, written one after the other. */
class Writer {
  /** @param {number} size */
  constructor(size) {
    this.all = new Uint8Array(size);
    this.view = new DataView(this.all.buffer);
    this.at = 0;
  }

  /** @param {...[number, number]} pairs how many bytes each has, and its value */
  numbers(...pairs) {
    for (const [size, value] of pairs) {
      if (size === 2) this.view.setUint16(this.at, value, true);
      else this.view.setUint32(this.at, value, true);
      this.at += size;
    }
  }

  /** @param {Uint8Array} bytes */
  bytes(bytes) {
    this.all.set(bytes, this.at);
    this.at += bytes.length;
  }
}

// Reading -----------------------------------------------------------------------------------------

/**
 * @typedef {object} Entry one file, as the directory of the archive describes it
 * @property {string} name
 * @property {number} method
 * @property {number} crc
 * @property {number} packed its size in the archive
 * @property {number} size
 * @property {number} place of its local header
 * @property {string} fault why it cannot be taken, or empty
 */

/**
 * Read the notebooks of an archive; one that is not as it should be does not keep the others back.
 * @param {string} name of the archive’s file, for messages
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Chosen>}
 * @throws {LiveError} with one sentence, if none of it can be taken
 */
export async function unzipped(name, bytes) {
  checkArchiveSize(name, bytes.length);
  const entries = directory(name, bytes).filter((entry) => isNotebookName(entry.name));
  if (!entries.length) throw refusal(name, "contains no notebook");
  const sound = entries.filter(({ fault }) => !fault);
  const sizes = sound.reduce((sum, { size }) => sum + size, 0);
  checkArchiveSize(name, sizes);
  const packed = sound.reduce((sum, entry) => sum + entry.packed + LOCAL_HEADER_SIZE, 0);
  if (packed > bytes.length) throw refusal(name, "is damaged: its files overlap");
  /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
  const files = new Map();
  const notes = [];
  for (const entry of entries) {
    const content = entry.fault ? undefined : await fileContent(bytes, entry);
    if (content === undefined) {
      const fault = entry.fault || "is damaged";
      notes.push(notTaken(entry.name, fault));
      if (entries.length === 1)
        throw refusal(name, `contains ${shortName(entry.name)}, which ${fault}`);
    } else {
      // What unpacks archives leaves the last one, too.
      if (files.has(entry.name)) notes.push(notTaken(entry.name, TWICE));
      files.set(entry.name, content);
    }
  }
  if (!files.size) throw refusal(name, `holds no notebook that can be read. ${notes.join(" ")}`);
  return { files: [...files].map(([path, content]) => ({ name: path, bytes: content })), notes };
}

/** @param {string} name @param {number} size @throws {LiveError} */
export function checkArchiveSize(name, size) {
  if (size <= LARGEST_ARCHIVE) return;
  const limit = megabytes(LARGEST_ARCHIVE);
  throw refusal(name, `has ${megabytes(size)}, and an archive may have ${limit}`);
}

/** Neither hidden nor what a Mac adds. @param {string} path */
function isNotebookName(path) {
  const parts = path.split("/");
  const own = parts.every((part) => part === ".." || !/^\.|^__MACOSX$/.test(part));
  return own && path.toLowerCase().endsWith(".ipynb");
}

/** @param {string} name @param {Uint8Array<ArrayBuffer>} bytes @returns {Entry[]} */
function directory(name, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const damaged = refusal(name, "is damaged, or is not a zip archive");
  let end = bytes.length - ARCHIVE_END_SIZE;
  while (
    end >= 0 &&
    end > bytes.length - ARCHIVE_END_SIZE - 65536 &&
    view.getUint32(end, true) !== ARCHIVE_END
  ) {
    end -= 1;
  }
  if (end < 0 || view.getUint32(end, true) !== ARCHIVE_END) throw damaged;
  const count = view.getUint16(end + 10, true);
  if (count > MOST_FILES) throw refusal(name, `contains more than ${MOST_FILES} files`);
  let at = view.getUint32(end + 16, true);
  const entries = [];
  for (let k = 0; k < count; k += 1) {
    if (at + DIRECTORY_ENTRY_SIZE > end || view.getUint32(at, true) !== DIRECTORY_ENTRY)
      throw damaged;
    const [nameSize, extra, comment] = [28, 30, 32].map((from) => view.getUint16(at + from, true));
    if (at + DIRECTORY_ENTRY_SIZE + nameSize > end) throw damaged;
    const fields = {
      name: decodedName(
        bytes.subarray(at + DIRECTORY_ENTRY_SIZE, at + DIRECTORY_ENTRY_SIZE + nameSize),
      ),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      place: view.getUint32(at + 42, true),
    };
    const fault = faultOf(
      fields,
      view.getUint16(at + 8, true),
      view.getUint32(at + 38, true) >>> 16,
    );
    entries.push({ ...fields, fault });
    at += DIRECTORY_ENTRY_SIZE + nameSize + extra + comment;
  }
  return entries;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
const decodedName = (bytes) => new TextDecoder().decode(bytes).replaceAll("\\", "/");

/** @param {Omit<Entry, "fault">} entry @param {number} flags @param {number} mode */
function faultOf({ name, method, size, packed }, flags, mode) {
  const parts = name.split("/");
  if (name.startsWith("/") || parts.includes("..") || /[:\0]/.test(name)) {
    return "has a name that points outside the archive";
  }
  if (mode & FILE_TYPE && (mode & FILE_TYPE) !== REGULAR && !name.endsWith("/")) {
    return "is a link or another special file";
  }
  if (flags & ENCRYPTED) return "is encrypted: make the archive again without a password";
  if (method !== STORED && method !== DEFLATED) {
    return "is compressed in a way that this page does not read: make an ordinary zip archive";
  }
  if (size > LARGEST_NOTEBOOK && isNotebookName(name)) {
    return `has ${megabytes(size)}, and a notebook may have ${megabytes(LARGEST_NOTEBOOK)}`;
  }
  if (method === STORED && size !== packed) return "is damaged";
  return "";
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes of the archive
 * @param {Entry} entry
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} undefined if it is damaged
 */
async function fileContent(bytes, entry) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { place, packed, size } = entry;
  if (place + LOCAL_HEADER_SIZE > bytes.length) return undefined;
  if (view.getUint32(place, true) !== LOCAL_HEADER) return undefined;
  const start =
    place + LOCAL_HEADER_SIZE + view.getUint16(place + 26, true) + view.getUint16(place + 28, true);
  if (start + packed > bytes.length) return undefined;
  const body = bytes.subarray(start, start + packed);
  const found = entry.method === STORED ? body : await inflated(body, size);
  return found?.length === size && crc32(found) === entry.crc ? found : undefined;
}

/**
 * Unpack, but never more than the archive said: what is larger is refused while it is read.
 * @param {Uint8Array<ArrayBuffer>} body
 * @param {number} size
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} undefined if it is damaged or larger
 */
async function inflated(body, size) {
  const out = new Uint8Array(size);
  let at = 0;
  try {
    const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    for (const reader = stream.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return at === size ? out : undefined;
      if (at + value.length > size) {
        await reader.cancel();
        return undefined;
      }
      out.set(value, at);
      at += value.length;
    }
  } catch {
    return undefined;
  }
}

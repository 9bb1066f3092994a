/**
 * Files that a reader saves, chooses or drops on a page.
 * @import { Chosen } from "./zip.js"
 */
import { checkNotebookSize, Refusal, refusal } from "./opening.js";
import { checkArchiveSize, unzipped } from "./zip.js";

const ZIP_START = "PK";

/**
 * Save a file where the reader’s downloads go.
 * @param {string} name
 * @param {BlobPart} content
 * @param {string} type
 */
export function saveFile(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * Read what may be notebooks: a file, or those in an archive.
 * @param {File} file
 * @returns {Promise<Chosen>}
 * @throws {LiveError} with one sentence
 */
export async function readChosen(file) {
  const { name, size } = file;
  try {
    const isArchive = (await file.slice(0, ZIP_START.length).text()) === ZIP_START;
    (isArchive ? checkArchiveSize : checkNotebookSize)(name, size);
    const bytes = new Uint8Array(await file.arrayBuffer());
    return isArchive ? await unzipped(name, bytes) : { files: [{ name, bytes }], notes: [] };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refusal(name, "cannot be read; is it a folder?");
  }
}

/** @returns {Promise<File[]>} what the reader chooses; never, if it is nothing */
export function chooseFiles() {
  const input = document.createElement("input");
  input.type = "file";
  // Phones do not know the first and would let nobody choose such a file.
  if (matchMedia("(pointer: fine)").matches) input.accept = ".ipynb,.zip";
  input.multiple = true;
  return new Promise((done) => {
    input.addEventListener("change", () => done([...(input.files ?? [])]));
    input.click();
  });
}

/**
 * Take files that are dropped anywhere on the page.
 * @param {HTMLElement} place gets the class `dropping` while files are above the page
 * @param {(files: File[]) => Promise<void>} open
 */
export function receiveDrops(place, open) {
  const first = { capture: true }; // before the editor, which would write the file’s text
  /** @param {DragEvent} event @param {boolean} above @returns {boolean} whether it brings files */
  const hover = (event, above) => {
    if (!event.dataTransfer?.types.includes("Files")) return false;
    event.preventDefault();
    place.classList.toggle("dropping", above);
    return true;
  };
  addEventListener("dragover", (event) => hover(event, true), first);
  addEventListener("dragleave", (event) => event.relatedTarget ?? hover(event, false), first);
  addEventListener(
    "drop",
    (event) => {
      if (!hover(event, false)) return;
      event.stopPropagation();
      open([...(event.dataTransfer?.files ?? [])]);
    },
    first,
  );
}

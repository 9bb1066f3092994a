// Types that several modules share. Only the type checker reads this file.

// Arrays ---------------------------------------------------------------------------------------

/** One integer for each axis. */
export type Index = number[];

/** An axis as its length and its stride in bytes. */
export type Axis = [length: number, stride: number];

/** Where the elements of an array lie in a buffer; offset, strides and itemsize in bytes. */
export interface Layout {
  offset: number;
  shape: number[];
  strides: number[];
  itemsize: number;
}

/** A Python slice; null stands for what is left out. */
export interface Slice {
  start: number | null;
  stop: number | null;
  step: number | null;
}

/** What decodes an element: NumPy's `dtype.kind`, bytes, byte order. */
export interface Dtype {
  kind: string;
  itemsize: number;
  little: boolean;
}

export interface NamedDtype extends Dtype {
  name: string;
}

/** Which bytes of a buffer a page holds. */
export interface SentBytes {
  /** Length of the buffer. */
  nbytes: number;
  /** Where the bytes start, if they are one run. */
  start?: number;
  /** The runs of bytes as [start, stop], one after the other. */
  runs?: number[][];
  /** Values by address, for dtypes that are not decoded here. */
  texts?: Record<string, string> | null;
}

/** The text of an element by its first byte: "?" outside the buffer, "·" where no byte was sent. */
export type ReadValue = (byte: number) => string;

/** How many steps a search may still take. */
export interface Budget {
  left: number;
}

// Indexing -------------------------------------------------------------------------------------

/** Start, stop and step of a slice as written; null where left out. */
export type SliceEnds = [start: number | null, stop: number | null, step: number | null];

/** One entry of an index, as Python sends it. `on` holds indices, of a mask 0 and 1, in C order. */
export type Entry =
  | { kind: ":" | "None" | "…" }
  | { kind: "int"; at: number }
  | { kind: "slice"; at: SliceEnds }
  | PickedEntry;

/** An entry that picks elements one by one. */
export interface PickedEntry {
  kind: "list" | "mask";
  shape: number[];
  on: number[];
}

/** An entry with the first axis that it takes. */
export interface EntryAxis {
  entry: Entry;
  axis: number;
}

/** Where an element of a copy comes from and goes to: first bytes. */
export interface CopiedElement {
  from: number;
  to: number;
}

/** What NumPy gives for an index. */
export type Indexed =
  | { kind: "view"; layout: Layout }
  | { kind: "scalar"; byte: number }
  | { kind: "copy"; shape: number[]; strides: number[]; reads: () => CopiedElement[] };

// Reshape --------------------------------------------------------------------------------------

/** Why axes do not merge; null for a shape that does not hold the elements. */
export interface FailedMerge {
  outer: Axis | null;
  inner: Axis | null;
  text: string;
}

/** A view by reshape, or why there is none. */
export type Reshaped =
  | { layout: Layout; fails?: undefined }
  | { layout?: undefined; fails: FailedMerge };

/** Two neighboring axes in a reshape: merged, not mergeable, kept apart, or free by length 1. */
export interface ChainLink {
  outer: Axis;
  inner: Axis;
  state: "merge" | "fail" | "apart" | "free";
}

/** Strides of the view or of the copy, or NumPy's words for why there is neither. */
export interface ReshapeResult {
  view?: number[];
  copy?: number[];
  refused?: string;
}

// Numbers --------------------------------------------------------------------------------------

/** A number of 8 to 64 bits as its bits, lowest first. */
export interface Pattern {
  dtype: string;
  pattern: bigint;
}

/** A name and a text. */
export type Fact = [name: string, text: string];

/** An integer as bigint, a float as number. */
export type Numeric = number | bigint;

/** A number as Python sends it: text where JSON cannot hold it. */
export type SentNumber = number | string;

// Walks through memory -------------------------------------------------------------------------

export type VisitOrder = "C" | "F" | "blocks";

/** One visit to an element, and what it does to the cache; `held` is null where nothing changed. */
export interface Visit {
  index: Index;
  byte: number;
  lines: number[];
  loaded: number[];
  held: number[] | null;
}

/** A step between two bytes of a strip, along an axis. */
export interface Arc {
  start: number;
  stop: number;
  axis: number;
  label: string;
}

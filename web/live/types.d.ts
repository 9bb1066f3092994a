// What the modules of the client, its worker and the page share.

import type { Notebook } from "./notebook.js";

/** A part of the runtime: the scripts that hold it, and how many bytes they have. */
export interface Part {
  files: string[];
  /** CRC-32 of the text in each script, to find the damaged one. */
  sums: number[];
  bytes: number;
}

/** What `static/live/index.js` says. */
export interface Manifest {
  parts: Record<string, Part>;
  /** Names of files: the client, its style, the editor, instruments for pages that have none. */
  client: string;
  style: string;
  editor: string;
  instruments: string;
  instrumentStyle: string;
  /** The script with the cells of each page, by the page's name. */
  cells: Record<string, string>;
  /** The script that shows the progress over all exercises. */
  progress: string;
  /** The script that shows it on the first page. */
  firstPage: string;
  /** All exercises, in the order in which they should be done. */
  exercises: ExerciseEntry[];
  /** What Pyodide wants to know of its packages. */
  lock: { info: Record<string, string>; packages: Record<string, never> };
  /** Parts that load when a cell needs them, and by what one knows: a regular expression. */
  optional: Record<string, string>;
}

/** One code cell of a page, as it was built. */
export interface CellFacts {
  number: number;
  key: string;
  source: string;
  tags: string[];
  /** What the author says about it in a page: a sentence, or empty. */
  note: string;
  /** Whether it measures time. */
  measures: boolean;
}

/** What is known of an exercise before its script is loaded. */
export interface ExerciseEntry {
  /** Its assignment and its name, such as `02-strides/ravel`. */
  place: string;
  title: string;
  script: string;
  /** The grade_ids of the answers, and of the visible tests. */
  answers: string[];
  tests: string[];
}

/** One cell of an exercise that runs or is answered. */
export interface ExerciseCell {
  number: number;
  /** Empty for a cell without a name. */
  grade_id: string;
  kind: "answer" | "text" | "given" | "words" | "test";
  source: string;
  /** The grade_id of the answer that it belongs to: its own, or the nearest one above. */
  answer: string;
  /** Why it does not run in a page: a sentence, or empty. */
  stays: string;
}

/** What the script of an exercise holds. */
export interface LiveExercise {
  assignment: string;
  name: string;
  cells: ExerciseCell[];
  /** The notebook as it was handed out. */
  notebook: Notebook;
}

/** Where a mouse or a finger pressed, in the window. */
export interface Point {
  x: number;
  y: number;
}

/** An instrument, as Python describes it. */
export interface Instrument {
  key: string;
  kind: string;
  state: object;
  data: string;
}

export interface Versions {
  python: string;
  numpy: string;
  bits: number;
}

export interface RunError {
  name: string;
  value: string;
  trace: string;
  hint: string;
  /** A module that the page does not have, or empty. */
  missing: string;
  /** The name of a NameError, or empty. */
  unknown: string;
}

/** How a run ended. */
export interface Result {
  error: RunError | null;
  seconds: number;
  dropped: number;
  /** Python itself ended: by Stop, or by what the cell did. */
  ended?: string;
}

export interface StreamMessage {
  type: "stream";
  name: "stdout" | "stderr";
  text: string;
}

export interface DisplayMessage {
  type: "display";
  data: Record<string, string> & { model?: Instrument };
}

export type OutputMessage = StreamMessage | DisplayMessage;

/** From the page to the worker. */
export type Request =
  | { type: "hello"; core?: WebAssembly.Module }
  | { type: "start"; lock: Manifest["lock"]; folder: string }
  | { type: "part"; name: string; data: WebAssembly.Module | ArrayBuffer }
  | { type: "add"; files: Record<string, ArrayBuffer> }
  | { type: "run"; id: number; source: string; name: string }
  | { type: "reply"; key: string; value: unknown };

/** From the worker to the page. */
export type Answer =
  | { type: "hello"; core: boolean }
  | { type: "ready"; versions: Versions }
  | { type: "failed"; text: string }
  | ({ id: number } & OutputMessage)
  | ({ id: number; type: "done" } & Result)
  | { id: number; type: "died"; text: string };

declare global {
  /** Pyodide's two modules, in the worker. */
  // biome-ignore lint/suspicious/noExplicitAny: Pyodide's own types are not installed here.
  const loadPyodide: (options: object) => Promise<any>;
  const createPyodideModule: unknown;
  interface Window {
    courseLive: Manifest & {
      /** What the client has to do before somebody presses a button. */
      ready?: Promise<unknown>;
      act?: (button: HTMLElement, point?: Point) => Promise<void>;
    };
    liveParts?: Record<string, string>;
    liveCells?: CellFacts[];
    liveExercise?: LiveExercise;
    frontEnds?: Record<string, string>;
    mountInstrument?: (
      el: HTMLElement,
      instrument: Instrument,
      reply: (value: unknown) => void,
    ) => Promise<void>;
    // biome-ignore lint/suspicious/noExplicitAny: CodeMirror's own types are not installed here.
    codeMirror: any;
  }
}

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

// Memory of an expression -----------------------------------------------------------------------

/** Memory from the step of its birth to that of its death; 0 is before the first. */
export interface Block {
  name: string;
  nbytes: number;
  birth: number;
  death: number;
  /** The line that makes a buffer. */
  code?: string;
}

/** An expression step by step; `held` is what its own blocks take at each step. */
export interface Program {
  steps: { code: string }[];
  /** Blocks that are there before. */
  there: Block[];
  buffers: Block[];
  blocks: Block[];
  held: number[];
  peak: number;
  peakStep: number;
}

// Walks through memory -------------------------------------------------------------------------

export type VisitOrder = "C" | "F" | "blocks";

/** How an array is walked: the order, lines of the cache, rows and columns of a block. */
export interface WalkSetting {
  order: VisitOrder;
  lines: number;
  block: number;
}

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

// Elements --------------------------------------------------------------------------------------

/** What `h` and `s` append; null, undefined and false are left out. */
export type Child = Node | string | number | bigint | boolean | null | undefined | readonly Child[];

type Plain = string | number | bigint | boolean | null | undefined;

/** Attributes, listeners and data of an element. */
export interface Attributes {
  class?: string | false | readonly (string | false | null | undefined)[];
  dataset?: Record<string, string | number | undefined>;
  onChange?: (event: Event) => void;
  onClick?: (event: MouseEvent) => void;
  onFocus?: (event: FocusEvent) => void;
  onInput?: (event: Event) => void;
  onKeydown?: (event: KeyboardEvent) => void;
  onPointerdown?: (event: PointerEvent) => void;
  onPointermove?: (event: PointerEvent) => void;
  [name: string]: Plain | readonly Plain[] | object;
}

// Strips ----------------------------------------------------------------------------------------

/** How many elements read the box at a byte; null if too many to count. */
export type CountReads = (byte: number) => number | null;

/** What a strip is of. */
export interface StripSpec {
  /** Bytes of the owner. */
  nbytes: number;
  /** Bytes of a box. */
  unit: number;
  /** Where boxes start, modulo `unit`. */
  phase?: number;
  /** First byte to draw, if that is below 0. */
  low?: number;
  /** End of the bytes to draw, if that is above `nbytes`. */
  high?: number;
  /** 1 by default. */
  times?: CountReads;
  /** Bytes that should be visible where rows are left out, most wanted first. */
  wanted?: number[];
  /** Where ▼ is drawn. */
  offset?: number | null;
  /** Bytes of the element in focus; `unit` by default. */
  itemsize?: number;
  /** Levels of arcs to leave room for. */
  levels?: number;
  /** Height of what the caller draws under a row, px; by default the owner's bracket and a lane. */
  below?: (row: number, pieces: StripPlan["pieces"], rows: number[]) => number;
  /** Hues of the box at a byte; none by default. */
  hues?: HuesAt;
  /** Two hexadecimal digits of a byte, if the bytes of a box are written out. */
  hexAt?: ReadValue | null;
  /** Height of a path above the boxes, px. */
  pathRoom?: number;
  /** Characters of the longest value, where a line is cut into rows instead of scrolled. */
  longest?: number;
  label?: string;
}

/** The hues of a byte, or of the rows that read it. */
export type HuesAt = (byte: number) => number[];

/** A bracket under the bytes of an array; solid if the array owns them. */
export interface Lane {
  name: string;
  layout: Layout;
  solid: boolean;
  /** Text of the bar of a single lane, if there is room for it; the name otherwise. */
  label?: string;
}

/** A bracket with a text and the numerals of its visits. */
export interface LabeledLane extends Lane {
  label: string;
  /** Numerals by byte of what another array takes from here, which no bracket spans. */
  picked?: Map<number, string>;
  /** What the tiles say by byte, instead of the order of reading. */
  texts?: Map<number, string>;
  /** The hues of an element by its first byte; by default, those of the rows of the layout. */
  hues?: HuesAt;
  /** Draws the order of reading as a path, too; a new one is drawn before the reader's eyes. */
  isNew?: boolean;
}

/** A part of a run of bytes that lies in one row. */
export interface StripPiece {
  row: number;
  x: number;
  width: number;
  /** Whether the run starts here. */
  first: boolean;
  /** Whether the run ends here. */
  last: boolean;
}

/** A box of a strip; text and group are null where nothing is written. */
export interface StripBox {
  byte: number;
  times: number | null;
  value: string;
  /** Characters that fit. */
  room: number;
  role: string;
  text: SVGTextElement | null;
  group: SVGGElement | null;
}

/** What is needed to place a byte in a row. */
export interface ByteGrid {
  rows: { includes: (row: number) => boolean };
  /** Width of a whole row, px. */
  rowWidth: number;
  row: (byte: number) => number;
  /** Left edge of a byte in its row, px. */
  x: (byte: number) => number;
  /** Middle of the box that starts at a byte, in its row, px. */
  middle: (byte: number) => number;
}

/** Where everything in a strip is drawn, px. */
export interface StripPlan extends ByteGrid {
  spec: StripSpec;
  nbytes: number;
  unit: number;
  low: number;
  high: number;
  /** The byte where row 0 starts. */
  origin: number;
  /** Bytes of a row. */
  perRow: number;
  rows: number[];
  boxes: Map<number, StripBox>;
  /** Width and height of a box, px. */
  w: number;
  boxHeight: number;
  /** Whether the bytes of a box are written in hexadecimal. */
  isHexed: boolean;
  /** Whether all boxes are in one line. */
  inLine: boolean;
  /** Top of the boxes of each row. */
  tops: Map<number, number>;
  /** Texts between rows, about the rows left out. */
  gaps: { y: number; text: string }[];
  /** Height of the bars over boxes that are read more than once. */
  lift: number;
  /** Levels of arcs. */
  levels: number;
  width: number;
  height: number;
  pieces: (start: number, stop: number) => StripPiece[];
}

/** A strip that is drawn. */
export interface Strip extends StripPlan {
  svg: SVGSVGElement;
  ring: SVGPathElement;
  /** The path of the order of reading. */
  way: SVGGElement;
  over: SVGGElement;
  /** Fills of boxes. */
  fills: SVGGElement;
  /** Boxes in focus. */
  lit: StripBox[];
  /** Bytes of the element in focus. */
  itemsize: number;
  /** First byte of the box at a place in px. */
  at: (x: number, y: number) => number | null;
  /** Move the focus; false if it is not on the picture. */
  show: (byte: number | null, arcs?: Arc[]) => boolean;
  /** Write the values again; returns the bytes of boxes whose text changed. */
  rewrite: (read: ReadValue) => number[];
}

// Grids -----------------------------------------------------------------------------------------

/** Indices drawn along an axis; null stands for those left out. */
export type Slots = (number | null)[];

/** A board of a grid: the last two axes at one index of the others. */
export interface Board {
  at: Index;
  title: string;
  x: number;
  y: number;
}

/** Where the boards of a grid are drawn, px. */
export interface GridPlan {
  rows: Slots;
  cols: Slots;
  left: number;
  top: number;
  /** Whether there is at most one axis. */
  flat: boolean;
  boards: Board[];
  ndim: number;
  /** Width and height of a cell, px. */
  cell: [width: number, height: number];
  width: number;
  height: number;
}

/** Place of an element in a grid. */
export interface GridPlace {
  index: Index;
  x: number;
  y: number;
}

/** An element of a grid. */
export interface GridBox extends GridPlace {
  byte: number;
  role: string;
  text: SVGTextElement;
  group: SVGGElement;
}

/** A grid that is drawn. */
export interface Grid {
  svg: SVGSVGElement;
  boxes: Map<string, GridBox>;
  ring: SVGPathElement;
  fills: SVGGElement;
  /** The index at a place in px. */
  at: (x: number, y: number) => Index | null;
  box: (index: Index) => GridBox | undefined;
  /** Move the focus, and ring other elements; false if the focus is not on the picture. */
  show: (index: Index | null, also?: Index[]) => boolean;
  /** Write the values again; returns the keys of boxes whose text changed. */
  rewrite: (read: ReadValue) => string[];
}

/** A cell of a table. */
export interface TableCell {
  index: [row: number, column: number];
  x: number;
  y: number;
  /** What is written. */
  text: string;
  /** Write a text, in the style of a class. */
  write: (value: string, cls?: string) => void;
}

/** A table of cells that is drawn. */
export interface CellTable {
  svg: SVGSVGElement;
  cells: Map<string, TableCell>;
  ring: SVGPathElement;
  /** Group below the edges, for marks. */
  marks: SVGGElement;
  /** Fill cells in hues of the ramp instead of marks; null for none. */
  fill: (hues: (index: TableCell["index"]) => number | null) => void;
  width: number;
  at: (x: number, y: number) => TableCell["index"] | null;
  /** Ring m rows from i and n columns from j. */
  around: (i: number, j: number, m: number, n: number) => void;
}

// Windows over an image --------------------------------------------------------------------------

/** One for rows, one for columns. */
export type Pair<T> = [rows: T, columns: T];

/** Which window is shown: its number along each axis, zeros around the image, step, kernel. */
export interface WindowSetting {
  at: Pair<number>;
  pad: number;
  step: number;
  flip: boolean;
}

/** An image and a kernel as numbers. */
export interface Windowed {
  state: WindowsState;
  now: WindowSetting;
  values: Numeric[][];
  weights: Numeric[][];
}

/** The windows along an axis: how many, the first and last that can be shown, their size. */
export interface WindowRange {
  many: number;
  first: number;
  last: number;
  size: number;
}

export interface ShownWindow extends Windowed {
  range: Pair<WindowRange>;
  /** Row and column of the image where the window begins. */
  corner: Pair<number>;
}

/** The part of an axis that is drawn. */
export interface AxisPart {
  from: number;
  to: number;
  total: number;
}

/** Products of a window; `exact` is the true sum if an integer wrapped. */
export interface WindowSum {
  values: Numeric[];
  weights: Numeric[];
  total: Numeric;
  exact: bigint | null;
}

// The frame of an instrument ----------------------------------------------------------------------

/** What the host hands to a front end: anywidget's model, with our traits. */
export interface Model {
  get<K extends keyof Traits>(name: K): Traits[K];
  set<K extends keyof Traits>(name: K, value: Traits[K]): void;
  save_changes(): void;
}

/** The traits of the widget in Python. */
export interface Traits {
  kind: string;
  state: States[Kind];
  data: ArrayBufferView<ArrayBuffer> | ArrayBuffer | null;
  reply: Partial<Reply> & { count?: number };
}

/** Takes an answer; null if the reader asks to be shown. */
export type Commit = (said: string | null, sure: boolean) => void;

/** What can be copied, and the way back. */
export interface Actions {
  numpy?: () => string;
  link?: () => string;
  reset?: () => void;
}

/** The parts of a mounted instrument. */
export interface View {
  model: Model;
  root: HTMLElement;
  picture: HTMLElement;
  controls: HTMLElement;
  readout: HTMLElement;
  /** Called when the instrument is taken away. */
  stop: () => void;
  /** Room for pictures, px. */
  width: () => number;
  onResize: (listener: () => void) => void;
  /** Write the readout, which a screen reader hears. */
  say: (text: string) => void;
  actions: (actions: Actions) => void;
}

/** Mounts an instrument; may return what ends it. */
export type Mount<S> = (
  view: View,
  state: S,
  data: Uint8Array<ArrayBuffer>,
  // biome-ignore lint/suspicious/noConfusingVoidType: most instruments return nothing
) => Unmount | void;

/** Ends an instrument. */
export type Unmount = () => void;

/** A number with buttons, as an element. */
export interface Stepper extends HTMLSpanElement {
  set: (value: number) => void;
  focusInput: () => void;
  nameInput: (label: string) => void;
}

// Focus -------------------------------------------------------------------------------------------

/** One focus for linked pictures. */
export interface Focus {
  index: Index | null;
  pinned: boolean;
  /** Move to an index, and pin it or not. */
  move: (index: Index, pin?: boolean) => void;
  /** Make a picture a tab stop; `hit` gives the index at a place in px. */
  attach: (name: string, svg: SVGSVGElement, hit: Hit, label: string) => void;
  /** Redraw pictures, so that the one with the keyboard's focus has it again. */
  keep: (redraw: () => void) => void;
}

export type Hit = (x: number, y: number) => Index | null;

/** Grid, formula and strip of one reading. */
export interface LinkedPictures {
  focus: Focus;
  hexAt: ReadValue;
  /**
   * Draw again, for another layout if there is one. An operation keeps the element in focus, an
   * edited number its index.
   */
  draw: (layout?: Layout, change?: "resize" | "edit" | "operation") => void;
  layout: () => Layout;
  /** Write each byte in hexadecimal, or no longer. */
  hex: (isOn: boolean) => void;
  /** Show the order of reading up to an element, counted from 0. */
  visit: (step: number) => void;
}

// A sheet of arrays ------------------------------------------------------------------------------

/** An array of `relate` that is drawn. */
export interface SheetArray extends RelatedArray {
  group: SheetGroup;
  valueAt: ReadValue;
  focus: Focus;
  grid: Grid | null;
  /** Texts of the tiles under the strip, if they are values. */
  lane?: SVGGElement | null;
}

/** The arrays of an owner, and its bytes. */
export interface SheetGroup {
  state: RelatedGroup;
  name: string;
  bytes: Uint8Array;
  /** The bytes before any edit. */
  fresh: Uint8Array;
  arrays: SheetArray[];
  /** The text of a box. */
  read: ReadValue;
  strip: Strip | null;
  /** The hues of a byte. */
  hues: HuesAt;
}

// States: what Python sends of each kind of instrument --------------------------------------------

/** What every state may hold. */
export interface CommonState {
  caption?: string | null;
  label?: string;
}

/** An array as `model/memory.py` describes it. */
export interface SavedArray extends SentBytes {
  layout: Layout;
  /** The layout whose rows give bytes their hues, if it is another one. */
  base?: Layout;
  dtype: NamedDtype;
}

/** The bytes of an owner, or only their number. */
export interface ArrayBytes extends SentBytes {
  /** The layout whose rows give bytes their hues, if it is not the one that is drawn. */
  base?: Layout;
  dtype?: Dtype;
  owns?: boolean;
}

/** An array as `model/array_state.py` describes it. */
export interface ArrayState extends ArrayBytes {
  name: string;
  layout: Layout;
}

/** The text of a box by its byte and the bytes of a box. */
export type ReadBox = (byte: number, unit?: number) => string;

export interface LayoutState extends CommonState, SavedArray {
  name: string;
  /** What the bar below the bytes says. */
  bar: string;
  owns: boolean;
  /** The dtype as Python code. */
  code: string;
  focus: Index | null;
  facts: Fact[];
  notes?: string[];
  /** "hex" if the bytes are written out. */
  bytes?: string;
}

export interface WorkbenchState extends CommonState, SavedArray {
  code: string;
  /** What the buffer is called in code; `b` in what was saved before. */
  buffer?: string;
  focus: Index | null;
  tasks?: BenchTask[];
}

/** A reading to reach on the workbench. */
export interface BenchTask {
  words: string;
  /** Said once it is solved, or when asked for. */
  how: string;
  /** The reading with which it starts. */
  start: Layout;
  target: Layout;
}

/** An array of `relate`; its bytes are those of the owner. */
export interface RelatedArray {
  layout: Layout;
  dtype: NamedDtype;
  texts?: Record<string, string> | null;
  name: string;
  label: string;
  solid: boolean;
  readonly: boolean;
  code: string;
  /** Widths of the table, px, wide and narrow, if tables are side by side. */
  tables?: number[];
}

/** The arrays over one owner. */
export interface RelatedGroup extends SavedArray {
  runs: number[][];
  title: string;
  unit: number;
  phase: number;
  /** Bytes of this group in the data sent. */
  sent: number;
  arrays: RelatedArray[];
}

export interface RelateState extends CommonState {
  groups: RelatedGroup[];
  said: string[];
  /** "hex" if the bytes are written out. */
  bytes?: string;
  /** Width of an owner, px, if owners are side by side. */
  half?: number;
}

export interface WhyState extends CommonState, ArrayState {
  dtype: NamedDtype;
  index: Entry[];
}

export interface WhyReshapeState extends CommonState, ArrayState {
  dtype: NamedDtype;
  shape: number[];
  order: ReshapeOrder;
}

export type ReshapeOrder = "C" | "F" | "A";

/** An operand of `broadcast`, and how many bytes of the data are its own. */
export interface OperandState extends ArrayState {
  bytes: number;
}

export interface BroadcastState extends CommonState {
  operands: OperandState[];
}

/** A number of `bits` and `wheel`; the pattern in decimal digits. */
export interface NumberState extends CommonState {
  dtype: string;
  pattern: string;
}

export interface TraverseState extends CommonState {
  layout: Layout;
  name: string;
  order: VisitOrder;
  lines: number;
  block: number;
  head: string[];
}

export interface WindowsState extends CommonState {
  name: string;
  /** The part of the image that was sent. */
  image: SentNumber[][];
  /** Where that part begins. */
  first: Pair<number>;
  /** Shape of the image. */
  whole: Pair<number>;
  strides: Pair<number>;
  offset: number;
  nbytes: number;
  itemsize: number;
  dtype: string;
  dtype_words: string;
  kernel: SentNumber[][];
  kernel_dtype: string;
  product: string;
  product_words: string;
  sum: string;
  at: Pair<number>;
  pad: number;
  step: number;
  flip: boolean;
}

/** A use of `out=`. */
export type OutMode = "" | "reuse" | "buffers";

export interface ProgramState {
  mode: OutMode;
  steps: { code: string }[];
  blocks: [name: string, nbytes: number, birth: number, death: number][];
  buffers: [name: string, nbytes: number, code: string][];
}

export interface TemporariesState extends CommonState {
  expression: string;
  mode: OutMode;
  before: { name: string; nbytes: number }[];
  note: string;
  programs: ProgramState[];
}

/** A picture to be touched: a byte of a strip, or an element of a grid. */
export interface TouchState {
  of: "byte" | "element";
  name: string;
  layout: Layout;
  nbytes: number;
  owns: boolean;
  /** Where NumPy would touch. */
  place: number | Index;
  /** Values by byte. */
  texts: Record<string, string>;
}

export interface PredictState extends CommonState {
  key: string;
  ask: string;
  /** Answers with the misconceptions that lead to them. */
  choices: [text: string, reason: string][];
  /** The choice that is right; null if the answer is typed or touched. */
  right: number | null;
  answer: string;
  why: string;
  seed: number;
  /** What a typed answer counts, as in `cache lines`. */
  unit?: string;
  touch?: TouchState;
  /** In JupyterLab, the answer that the log beside the notebook has. */
  before?: Try;
}

/** An answer of a reader; `said` is null if they asked to be shown. */
export interface Try {
  said: string | null;
  sure: boolean;
  right: boolean;
  seed?: number;
}

/** An answer with its question. */
export interface Reply extends Try {
  key: string;
  ask: string;
}

/** The answers to a question, in order. */
export interface LogEntry {
  ask: string;
  tries: Try[];
}

export type AnswerLog = Record<string, LogEntry>;

export interface ReviewState extends CommonState {
  ideas: { key: string; variants: PredictState[] }[];
  due: string[];
  said: string;
}

/** An idea asked twice; `tries` is what Python knows. */
export interface BeforeAfterRow {
  idea: string;
  keys: Pair<string>;
  tries: Pair<Try | null>;
}

export interface BeforeAfterState extends CommonState {
  rows: BeforeAfterRow[];
}

/** The state of each kind of instrument. */
export interface States {
  before_after: BeforeAfterState;
  bits: NumberState;
  broadcast: BroadcastState;
  layout: LayoutState;
  predict: PredictState;
  relate: RelateState;
  review: ReviewState;
  workbench: WorkbenchState;
  wheel: NumberState;
  why: WhyState;
  why_reshape: WhyReshapeState;
  traverse: TraverseState;
  windows: WindowsState;
  temporaries: TemporariesState;
}

export type Kind = keyof States;

declare global {
  interface DocumentEventMap {
    "ss-predict": CustomEvent<Reply>;
  }
}

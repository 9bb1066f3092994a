// What the scripts of a page share through `self`. Only the type checker reads this file.

/** A part of a model's state that JSON cannot hold: where it goes, and its bytes in base 64. */
interface SavedBuffer {
  path: (string | number)[];
  data: string;
}

/** A widget's model as the page carries it; `esm` is the digest of its front end. */
interface SavedModel {
  state: Record<string, unknown>;
  buffers?: SavedBuffer[];
  esm: string;
}

/** What `course.js` lends to the other scripts of a page. */
interface CoursePage {
  /** What this browser remembers under a name, if it has the form of the second value. */
  recall: <T>(name: string, otherwise: T) => T;
  remember: (name: string, value: unknown) => void;
  /** Say something to a screen reader. */
  say: (text: string) => void;
  element: (part: ParentNode, selector: string) => HTMLElement | null;
  elements: (selector: string) => NodeListOf<HTMLElement>;
  /** The id that the page's address names. */
  addressed: () => string;
}

interface Window {
  coursePage: CoursePage;
  /** Opens the search; there once its script is loaded. */
  openSearch?: () => Promise<void>;
  /** Front ends by digest, compressed. */
  frontEnds?: Record<string, string>;
  /** Models of the page by name. */
  savedModels: Record<string, SavedModel>;
  /** The search index, compressed. */
  searchIndex: string;
}

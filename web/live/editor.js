/** The editor of a cell: CodeMirror 6, with the page's colors. It loads when it is first needed. */
import { loadScript } from "./parts.js";

/** More is a mistake, and would not fit into the browser's storage. */
export const LONGEST = 200_000;
/** @param {number} count */
export const inDigits = (count) => count.toLocaleString("en-US");
/** Pixels between the header of the page, which stays in view, and the line that is shown. */
const BELOW_HEADER = 12;

/** @type {Promise<void> | undefined} */
let library;

/** @returns {Promise<void>} */
function codeMirror() {
  library ??= loadScript(`live/${self.courseLive.editor}`, () => Boolean(self.codeMirror));
  library.catch(() => {
    library = undefined;
  });
  return library;
}

/**
 * @typedef {object} Editor
 * @property {HTMLElement} place
 * @property {() => string} text
 * @property {(text: string) => void} replace
 * @property {() => void} focus
 * @property {() => boolean} focused
 * @property {(pattern: RegExp, near?: number) => void} select what it finds nearest to a place in
 *   the text; by default, what it finds first
 */

/**
 * @typedef {object} Hooks
 * @property {(text: string) => void} changed
 * @property {() => void} run
 * @property {() => void} leave
 * @property {(size: number) => void} refused a text that is too long
 */

/** @param {string} text @param {string} name @param {Hooks} hooks @returns {Promise<Editor>} */
export async function makeEditor(text, name, hooks) {
  await codeMirror();
  const place = document.createElement("div");
  place.className = "editor";
  const { EditorView } = self.codeMirror;
  const view = new EditorView({
    doc: text.replace(/\n$/, ""),
    parent: place,
    extensions: extensions(name, hooks),
  });
  return {
    place,
    text: () => view.state.doc.toString(),
    replace: (to) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: to } }),
    focus: () => view.focus(),
    focused: () => view.hasFocus,
    select: (pattern, near = 0) => {
      const found = nearest(view.state.doc.toString(), pattern, near);
      if (!found) return;
      const [anchor, head] = found;
      view.dispatch({ selection: { anchor, head }, scrollIntoView: true });
    },
  };
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {number} near a place in the text
 * @returns {[number, number] | undefined} where the nearest match begins and ends
 */
export function nearest(text, pattern, near) {
  const all = [...text.matchAll(new RegExp(pattern, "g"))];
  const spans = all.map(({ index, 0: { length } }) => [index, index + length]);
  const away = (/** @type {number[]} */ [from, to]) => Math.max(from - near, near - to, 0);
  const [first] = spans.sort((one, other) => away(one) - away(other));
  return first && [first[0], first[1]];
}

/** @returns {{top: number}} what of the window is covered: what is shown must not be below it */
function margins() {
  const header = document.querySelector("header.top");
  return { top: (header?.getBoundingClientRect().bottom ?? 0) + BELOW_HEADER };
}

/** @param {string} name @param {Hooks} hooks */
function extensions(name, hooks) {
  const cm = self.codeMirror;
  const { EditorState, EditorView } = cm;
  return [
    cm.history(),
    cm.bracketMatching(),
    cm.indentOnInput(),
    cm.indentUnit.of("    "),
    cm.pythonLanguage,
    cm.syntaxHighlighting(colors()),
    cm.keymap.of(keys(hooks)),
    EditorView.lineWrapping,
    EditorView.scrollMargins.of(margins),
    EditorView.contentAttributes.of({
      "aria-label": name,
      "aria-describedby": "editing-keys",
      tabindex: "0", // for what asks whether a box that scrolls can be reached
    }),
    EditorState.changeFilter.of((/** @type {any} */ change) => {
      if (change.newDoc.length <= LONGEST) return true;
      hooks.refused(change.newDoc.length);
      return false;
    }),
    EditorView.updateListener.of((/** @type {any} */ update) => {
      if (update.docChanged) hooks.changed(update.state.doc.toString());
    }),
  ];
}

/** @param {Hooks} hooks */
function keys({ run, leave }) {
  const cm = self.codeMirror;
  const does = (/** @type {() => void} */ act) => () => {
    act();
    return true;
  };
  return [
    { key: "Shift-Enter", run: does(run) },
    { key: "Mod-Enter", run: does(run) },
    { key: "Escape", run: does(leave) },
    { key: "Tab", run: cm.indentMore, shift: cm.indentLess },
    ...cm.standardKeymap,
    ...cm.historyKeymap,
  ];
}

/** The five colors of code in the pages. */
function colors() {
  const { tagHighlighter, tags } = self.codeMirror;
  return tagHighlighter([
    { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], class: "k" },
    { tag: [tags.string, tags.special(tags.string)], class: "s" },
    { tag: tags.number, class: "m" },
    { tag: [tags.function(tags.variableName), tags.definition(tags.className)], class: "n" },
    { tag: tags.comment, class: "c" },
  ]);
}

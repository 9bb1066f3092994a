// What the pages use of CodeMirror 6, as one classic script: `self.codeMirror`.
// Built with `make live-editor`; the result, codemirror.js, is committed, so that nobody else needs npm.
export { history, historyKeymap, standardKeymap, indentMore, indentLess } from "@codemirror/commands";
export {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
export { pythonLanguage } from "@codemirror/lang-python";
export { EditorState, Compartment } from "@codemirror/state";
export { drawSelection, EditorView, keymap } from "@codemirror/view";
export { tagHighlighter, tags } from "@lezer/highlight";

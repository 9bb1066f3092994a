/**
 * What a reader writes into a cell: its text and editor, the way back, and keeping both.
 * @import { Editor, Hooks } from "./editor.js"
 * @import { Storage } from "./storage.js"
 */
import { inDigits, LONGEST, makeEditor } from "./editor.js";
import { element } from "./output.js";
import { LiveError } from "./parts.js";
import { UNDONE } from "./storage.js";

/** What the browser could not keep, and would be lost with the page. @type {Set<Draft>} */
const unkept = new Set();
addEventListener("beforeunload", (event) => {
  if (unkept.size) event.preventDefault(); // the browser asks
});

/**
 * @param {string} button where Escape leads
 * @returns {HTMLElement} what is shown below an editor that has the focus; its room is reserved
 */
function keyHint(button) {
  const line = element("p", "keys", `Tab indents; Escape moves to ${button}.`);
  line.setAttribute("aria-hidden", "true"); // a screen reader hears it from the editor itself
  return line;
}

/** A cell of the page whose text a reader can change. */
export class Draft {
  /**
   * @param {{key: string, source: string}} facts
   * @param {Storage} storage
   * @param {HTMLElement | null} place the cell in the page
   */
  constructor(facts, storage, place) {
    /** What the page had at first. */
    this.original = facts.source;
    this.key = facts.key;
    this.storage = storage;
    this.text = storage.get(facts.key) ?? facts.source;
    this.place = place;
    this.code = /** @type {HTMLElement | null} */ (place?.querySelector(".in") ?? null);
    this.bar = /** @type {HTMLElement | null} */ (this.code?.querySelector(".bar") ?? null);
    this.state = element("span", "state");
    this.state.setAttribute("role", "status");
    /** Why the text is not kept: it stays there until it is. */
    this.trouble = element("p", "trouble");
    this.trouble.setAttribute("role", "status");
    this.bar?.append(this.state, this.trouble);
    /** @type {Editor | undefined} */
    this.editor = undefined;
    /** The last edit that `undo` took away. @type {string | null} */
    this.undone = storage.get(facts.key + UNDONE);
  }

  /** What a screen reader calls the editor. */
  get label() {
    return "Code";
  }

  /** What the button says that goes back, and what it says afterwards. */
  get ways() {
    return ["Undo my edits", "Redo my edits"];
  }

  get edited() {
    return this.text.trimEnd() !== this.original.trimEnd();
  }

  /** What the editor shows of an unchanged cell. */
  get blank() {
    return this.original;
  }

  /** What the editor shows. */
  get shown() {
    return this.edited ? this.text : this.blank;
  }

  /** Do what Shift and Enter mean. */
  submit() {}

  /** @param {string} text @param {number} [read] @param {number} [all] */
  say(text, read, all) {
    this.state.textContent = text;
    if (all === undefined || read === undefined) return;
    const bar = document.createElement("progress");
    bar.max = all;
    bar.value = read;
    bar.setAttribute("aria-label", text);
    const size = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
    this.state.append(` ${size(read)} of ${size(all)} MB `, bar);
  }

  /** @param {string} act @returns {HTMLElement | null} */
  button(act) {
    return this.bar?.querySelector(`[data-do="${act}"]`) ?? null;
  }

  /** What the button does that runs it, and what it says. @returns {[string, string]} */
  get start() {
    return ["run", "Run"];
  }

  /** Let the button that runs it stop it, or run again. @param {boolean} busy */
  busy(busy) {
    if (busy) for (const draft of unkept) draft.keep(); // there may be room again
    const [act, word] = this.start;
    const button = this.button(busy ? act : "stop");
    if (!button) return;
    button.dataset.do = busy ? "stop" : act;
    const label = button.querySelector("b");
    if (label) label.textContent = busy ? "Stop" : word;
    this.place?.classList.toggle("running", busy);
  }

  /** @param {boolean} focus */
  async edit(focus) {
    if (!this.code) return;
    this.editor ??= await this.makeEditor();
    const { place } = this.editor;
    this.code.querySelector(":scope > :is(pre, .handed)")?.replaceWith(place);
    if (place.matches("div") && !place.nextElementSibling?.matches(".keys")) {
      place.after(keyHint(this.start[1]));
    }
    const button = this.button("edit");
    if (button) button.hidden = true;
    this.showUndo();
    if (focus) this.editor.focus();
  }

  /** @returns {Promise<Editor>} */
  makeEditor() {
    return makeEditor(this.shown, this.label, this.hooks());
  }

  /** @returns {Hooks} */
  hooks() {
    return {
      changed: (text) => this.change(text),
      run: () => this.submit(),
      leave: () => this.firstButton()?.focus(),
      refused: (size) =>
        this.say(`That text has ${inDigits(size)} characters; a cell takes ${inDigits(LONGEST)}.`),
    };
  }

  /** Where the focus goes when it leaves the editor. @returns {HTMLElement | null} */
  firstButton() {
    return this.button("run") ?? this.button("stop");
  }

  /** @param {string} text */
  change(text) {
    this.text = text;
    this.say("");
    this.keep();
    this.showUndo();
  }

  /** Keep the text in the browser, and say so while it cannot be kept. */
  keep() {
    const refused = this.storage.set(this.key, this.edited ? this.text : null);
    const trouble = this.edited || this.undone !== null ? refused : "";
    if (trouble) unkept.add(this);
    else unkept.delete(this);
    if (this.trouble.textContent !== trouble) this.trouble.textContent = trouble;
  }

  /** Show what was written on earlier visits. */
  async recall() {
    if (!this.edited && this.undone === null) return;
    try {
      await this.edit(false);
    } catch (error) {
      if (!(error instanceof LiveError)) throw error;
      this.say(error.message);
    }
  }

  showUndo() {
    let button = this.button("undo");
    if (!button && this.bar) {
      button = element("button", "quiet");
      button.setAttribute("type", "button");
      button.dataset.do = "undo";
      this.state.before(button);
    }
    if (!button) return;
    button.hidden = !this.edited && this.undone === null;
    button.textContent = this.ways[this.edited ? 0 : 1];
  }

  /** Go back to the page's text, or to the last edit again. */
  undo() {
    const back = this.edited ? this.blank : this.undone;
    if (back === null) return;
    if (this.edited) this.putAside(this.text);
    this.editor?.replace(back.replace(/\n$/, ""));
    this.showUndo();
  }

  /** Keep an edit that is taken away; another tab has it, too. @param {string} text */
  putAside(text) {
    this.undone = text;
    const full = this.storage.set(this.key + UNDONE, text);
    this.storage.set(this.key, null);
    if (full) this.storage.set(this.key + UNDONE, text); // there may be room for one of the two
  }

  /** Another tab, or a file, has changed the text. @param {string | null} text */
  async adopt(text) {
    if (this.editor?.focused()) return;
    this.undone ??= this.storage.get(this.key + UNDONE);
    this.text = text ?? this.original;
    const { editor } = this;
    if (editor && editor.text() !== this.shown) editor.replace(this.shown);
    else if (!editor) await this.edit(false);
  }
}

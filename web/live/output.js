/**
 * What a run shows, in the form that the pages have for it.
 * @import { Engine } from "./engine.js"
 * @import { DisplayMessage, OutputMessage, Result, Versions } from "./types.d.ts"
 */
import { harmless } from "./markup.js";
import { LONE_SURROGATE } from "./notebook.js";
import { LiveError, loadScript, loadStyle } from "./parts.js";

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const SVG = "image/svg+xml";

/** @param {string} text */
function pre(text) {
  const made = element("pre", "", text);
  made.tabIndex = 0; // it may scroll
  return made;
}

/** @param {string} label @param {...Node} nodes */
export function notice(label, ...nodes) {
  const box = element("div", "notice");
  box.append(element("p", "label", label), ...nodes);
  return box;
}

/** @param {Versions} versions */
export const described = ({ python, numpy, bits }) =>
  `Python ${python}, NumPy ${numpy}, ${bits}-bit`;

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds >= 1) return `${seconds.toFixed(1)} s`;
  return `${Math.max(1, Math.round(seconds * 1000))} ms`;
}

/** @type {Promise<void> | undefined} */
let instruments;

/** The front end of the instruments: the page's own, else from beside it. */
function frontEnd() {
  instruments ??= (async () => {
    const { instruments: script, instrumentStyle } = self.courseLive;
    if (!self.frontEnds) {
      await loadStyle(`live/${instrumentStyle}`);
      await loadScript(`live/${script}`, () => self.frontEnds !== undefined);
    }
    if (!self.mountInstrument) await loadScript("host.js", () => Boolean(self.mountInstrument));
  })();
  instruments.catch(() => {
    instruments = undefined;
  });
  return instruments;
}

/** The output of one run. */
export class Output {
  /**
   * @param {Engine} engine answers the instruments
   * @param {boolean} onPurpose whether the lesson wants the error
   */
  constructor(engine, onPurpose = false) {
    this.engine = engine;
    this.onPurpose = onPurpose;
    this.place = element("div", "made");
    /** The stream that the last text belongs to. @type {{name: string, text: Text} | undefined} */
    this.stream = undefined;
  }

  /** @param {OutputMessage} message */
  hear(message) {
    if (message.type === "stream") this.write(message.name, message.text);
    else this.show(message.data);
  }

  /** @param {"stdout" | "stderr"} name @param {string} text */
  write(name, text) {
    if (this.stream?.name !== name) {
      const node = document.createTextNode("");
      const box = pre("");
      box.append(node);
      this.stream = { name, text: node };
      this.place.append(name === "stderr" ? notice("Written to stderr", box) : box);
    }
    this.stream.text.appendData(text);
  }

  /** @param {DisplayMessage["data"]} data */
  show(data) {
    this.stream = undefined;
    const place = drawn(data);
    this.place.append(place);
    const { model } = data;
    if (!model) return;
    frontEnd()
      .then(async () => {
        const live = element("div");
        await self.mountInstrument?.(live, model, (value) => this.engine.reply(model.key, value));
        if (!live.childNodes.length) return;
        place.classList.remove("guarded"); // it is drawn by the page
        place.replaceChildren(live);
      })
      .catch((error) => {
        // the static form stays
        if (error instanceof LiveError) place.after(element("p", "hint", error.message));
        else console.error(error);
      });
  }

  /** @param {Result} result */
  end({ error, dropped }) {
    if (error) {
      const label = this.onPurpose ? "An error, shown on purpose" : "An error";
      const said = error.value ? `${error.name}: ${error.value}` : error.name;
      const box = notice(label, pre(said));
      if (error.hint) box.append(element("p", "hint", error.hint));
      const more = element("details", "source");
      more.append(element("summary", "", "The whole traceback"), pre(error.trace));
      box.append(more);
      this.place.append(box);
    }
    if (dropped) {
      const count = dropped.toLocaleString("en-US");
      const text = `The output was cut: ${count} more characters are not shown.`;
      this.place.append(element("p", "label", text));
    }
  }
}

/** @param {string} address @param {DisplayMessage["data"]} data @returns {HTMLElement} */
function pictured(address, data) {
  const box = element("div", "picture");
  const image = new Image();
  image.src = address;
  image.alt = data["text/plain"];
  box.append(image);
  return box;
}

/**
 * The richest form that the page has.
 * @param {DisplayMessage["data"]} data
 * @returns {HTMLElement}
 */
function drawn(data) {
  const picture = ["image/png", "image/jpeg"].find((kind) => kind in data);
  if (data["text/html"]) {
    const box = element("div", "html");
    box.classList.add("guarded");
    box.append(harmless(data["text/html"])); // the page has the style of the instruments already
    return box;
  }
  const drawing = data[SVG];
  if (drawing) {
    const text = drawing.replace(LONE_SURROGATE, "\ufffd");
    return pictured(`data:${SVG},${encodeURIComponent(text)}`, data);
  }
  if (picture) return pictured(`data:${picture};base64,${data[picture]}`, data);
  return pre(data["text/plain"]);
}

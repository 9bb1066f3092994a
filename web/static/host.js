// Brings the instruments of a page to life, each in the place of its static picture, which stays
// where anything fails. A classic script, because modules do not load from file://.
"use strict";

(() => {
  const root = document.documentElement;
  root.dataset.page = "course";

  /** How one saved model refers to another. */
  const REFERENCE = "IPY_MODEL_";

  /** @typedef {(model: Model, value?: unknown) => void} Listener */

  /**
   * What a front end exports, as anywidget has it.
   * @typedef {object} FrontEnd
   * @property {(context: {model: Model}) => unknown} [initialize]
   * @property {(context: {model: Model, el: HTMLElement}) => unknown} render
   */

  /** @typedef {(name: string) => Model} FindModel */

  /** What anywidget hands to a front end; here nobody listens at the other end. */
  class Model {
    /**
     * @param {SavedModel} saved
     * @param {FindModel} find
     */
    constructor({ state, buffers = [] }, find) {
      this.state = structuredClone(state);
      for (const { path, data } of buffers) put(this.state, path, bytes(data));
      /** @type {Map<string, Listener[]>} */
      this.listeners = new Map();
      this.widget_manager = {
        get_model: async (/** @type {string} */ id) => find(id.replace(REFERENCE, "")),
      };
    }

    /** @param {string} name */
    get(name) {
      return this.state[name];
    }

    /**
     * @param {string} name
     * @param {unknown} value
     */
    set(name, value) {
      if (this.state[name] === value) return;
      this.state[name] = value;
      this.tell(`change:${name}`, value);
      this.tell("change");
    }

    /**
     * @param {string} names
     * @param {Listener} listener
     */
    on(names, listener) {
      for (const name of names.split(/\s+/)) {
        this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
      }
    }

    /**
     * @param {string} [name]
     * @param {Listener} [listener]
     */
    off(name, listener) {
      if (!name) {
        this.listeners.clear();
        return;
      }
      const left = (this.listeners.get(name) ?? []).filter((one) => listener && one !== listener);
      this.listeners.set(name, left);
    }

    /**
     * @param {string} name
     * @param {unknown} [value]
     */
    tell(name, value) {
      for (const listener of this.listeners.get(name) ?? []) listener(this, value);
    }

    save_changes() {}

    send() {}
  }

  /**
   * @param {string} text base 64
   * @returns {DataView}
   */
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

  /** The digits of base 85, in the order of RFC 1924. */
  const DIGITS =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

  /** @param {string} text base 85 */
  function bytes85(text) {
    const value = Object.fromEntries([...DIGITS].map((digit, k) => [digit, k]));
    const words = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
    for (let k = 0; k < text.length; k += 5) {
      let number = 0;
      for (let i = k; i < k + 5; i++) number = number * 85 + value[text[i] ?? "~"];
      words.setUint32((k / 5) * 4, number);
    }
    return new Uint8Array(words.buffer, 0, Math.floor((text.length * 4) / 5));
  }

  /**
   * @param {string} packed zlib, then base 85
   * @returns {Promise<string>}
   */
  const unpacked = (packed) => {
    const stream = new Blob([bytes85(packed)]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("deflate"))).text();
  };

  /**
   * Put a value where a path leads, through objects and lists.
   * @param {any} into JSON
   * @param {(string | number)[]} path
   * @param {DataView} value
   */
  function put(into, path, value) {
    let place = into;
    for (const key of path.slice(0, -1)) {
      place[key] ??= {};
      place = place[key];
    }
    place[path[path.length - 1]] = value;
  }

  /**
   * Front ends by digest, each imported once.
   * @type {Map<string, Promise<FrontEnd>>}
   */
  const imported = new Map();

  /** @param {string} digest */
  function frontEnd(digest) {
    const module = imported.get(digest) ?? importText(self.frontEnds?.[digest]);
    imported.set(digest, module);
    return module;
  }

  /**
   * @param {string} [packed]
   * @returns {Promise<FrontEnd>}
   */
  async function importText(packed) {
    if (packed === undefined) throw new Error("a front end is missing beside this page");
    const text = await unpacked(packed);
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const module = await import(address);
    URL.revokeObjectURL(address);
    const widget = module.default ?? module;
    return typeof widget === "function" ? widget() : widget;
  }

  /**
   * A table of the page's models, each made once.
   * @param {Window["savedModels"]} saved
   */
  function modelsOf(saved) {
    /** @type {Map<string, Model>} */
    const models = new Map();
    /** @type {FindModel} */
    const find = (name) => {
      const model = models.get(name) ?? new Model(saved[name], find);
      models.set(name, model);
      return model;
    };
    return find;
  }

  /**
   * Mount one instrument; if anything goes wrong, its static picture comes back.
   * @param {HTMLElement} place
   * @param {FindModel} find
   * @param {Map<string, unknown>} started what `initialize` gave, by model
   */
  async function mount(place, find, started) {
    const picture = [...place.childNodes];
    const el = document.createElement("div");
    try {
      const name = place.dataset.model ?? "";
      const widget = await frontEnd(self.savedModels[name].esm);
      const model = find(name);
      if (!started.has(name)) started.set(name, widget.initialize?.({ model }));
      await started.get(name);
      // A reader who is already busy with the picture keeps it.
      if (place.querySelector("details[open]") || place.contains(document.activeElement)) return;
      place.replaceChildren(el);
      await widget.render({ model, el });
      if (!el.childNodes.length) place.replaceChildren(...picture);
    } catch (error) {
      place.replaceChildren(...picture);
      console.error(error);
    }
  }

  /** Mount an instrument that a cell has made in this page. */
  self.mountInstrument = async (el, { kind, state, data }, reply) => {
    const [digest] = Object.keys(self.frontEnds ?? {});
    const widget = await frontEnd(digest);
    const buffers = [{ path: ["data"], data }];
    const saved = { state: { kind, state, reply: {} }, buffers, esm: digest };
    const model = new Model(saved, () => model);
    model.on("change:reply", (_model, value) => reply(value));
    await widget.render({ model, el });
  };

  /** Wait until the browser has nothing better to do. */
  const idle = () =>
    new Promise((done) => {
      if ("requestIdleCallback" in self) requestIdleCallback(done, { timeout: 300 });
      else setTimeout(done, 20);
    });

  /** First what is near the screen, then the rest from top to bottom, one in each idle moment. */
  async function start() {
    if (!self.savedModels) return; // this page has none of its own
    /** @type {HTMLElement[]} */
    const places = [...document.querySelectorAll("[data-model]")].filter(
      (place) => place instanceof HTMLElement,
    );
    const find = modelsOf(self.savedModels);
    const started = new Map();
    /** @type {Map<Element, Promise<void>>} */
    const mounted = new Map();
    /** @param {HTMLElement} place */
    const go = (place) => {
      near.unobserve(place);
      const mounting = mounted.get(place) ?? mount(place, find, started);
      mounted.set(place, mounting);
      return mounting;
    };
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries)
          if (isIntersecting && target instanceof HTMLElement) go(target);
      },
      { rootMargin: "400px" },
    );
    for (const place of places) near.observe(place);
    for (const place of places) {
      await idle();
      await go(place);
    }
    root.dataset.instruments = "ready";
  }

  start();
})();

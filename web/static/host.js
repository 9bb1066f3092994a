// Brings the instruments of a page to life, each in the place of its static picture, which stays where
// anything fails. A classic script, because modules do not load from file://.
"use strict";

(() => {
  const root = document.documentElement;
  root.dataset.page = "course";

  /** How one saved model refers to another. */
  const REFERENCE = "IPY_MODEL_";

  /** What anywidget hands to a front end; here nobody listens at the other end. */
  class Model {
    /** @param {{state: object, buffers?: {path: (string|number)[], data: string}[]}} saved */
    constructor({ state, buffers = [] }, find) {
      this.state = structuredClone(state);
      for (const { path, data } of buffers) put(this.state, path, bytes(data));
      this.listeners = new Map();
      this.widget_manager = { get_model: async (id) => find(id.replace(REFERENCE, "")) };
    }

    get(name) {
      return this.state[name];
    }

    set(name, value) {
      if (this.state[name] === value) return;
      this.state[name] = value;
      this.tell(`change:${name}`, value);
      this.tell("change");
    }

    on(names, listener) {
      for (const name of names.split(/\s+/)) {
        this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
      }
    }

    off(name, listener) {
      if (!name) this.listeners.clear();
      const left = (this.listeners.get(name) ?? []).filter((one) => listener && one !== listener);
      this.listeners.set(name, left);
    }

    tell(name, value) {
      for (const listener of this.listeners.get(name) ?? []) listener(this, value);
    }

    save_changes() {}

    send() {}
  }

  /** @param {string} text base64 @returns {DataView} */
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

  /** The digits of base 85, in the order of RFC 1924. */
  const DIGITS =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

  /** @param {string} text base 85 @returns {Uint8Array} */
  function bytes85(text) {
    const value = Object.fromEntries([...DIGITS].map((digit, k) => [digit, k]));
    const made = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
    for (let k = 0; k < text.length; k += 5) {
      let number = 0;
      for (let i = k; i < k + 5; i++) number = number * 85 + value[text[i] ?? "~"];
      made.setUint32((k / 5) * 4, number);
    }
    return new Uint8Array(made.buffer, 0, Math.floor((text.length * 4) / 5));
  }

  /** @param {string} dense zlib, then base 85 @returns {Promise<string>} */
  const unpacked = (dense) => {
    const stream = new Blob([bytes85(dense)]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("deflate"))).text();
  };

  /** Put a value where a path leads, through objects and lists. */
  function put(into, path, value) {
    const last = path.at(-1);
    const place = path.slice(0, -1).reduce((inner, key) => (inner[key] ??= {}), into);
    place[last] = value;
  }

  /** The front end of a digest, imported once. @type {Map<string, Promise<object>>} */
  const imported = new Map();

  function frontEnd(digest) {
    if (!imported.has(digest)) imported.set(digest, importText(self.frontEnds?.[digest]));
    return imported.get(digest);
  }

  async function importText(packed) {
    if (packed === undefined) throw new Error("a front end is missing beside this page");
    const text = await unpacked(packed);
    const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    const module = await import(address);
    URL.revokeObjectURL(address);
    const widget = module.default ?? module;
    return typeof widget === "function" ? widget() : widget;
  }

  /** A table of the page's models, each made once. */
  function modelsOf(saved) {
    const made = new Map();
    const find = (name) => {
      if (!made.has(name)) made.set(name, new Model(saved[name], find));
      return made.get(name);
    };
    return find;
  }

  /** Mount one instrument; whatever goes wrong, the picture that stood there stands there again. */
  async function mount(place, find, started, saved) {
    const still = [...place.childNodes];
    const el = document.createElement("div");
    try {
      const name = place.dataset.model;
      const widget = await frontEnd(saved[name].esm);
      const model = find(name);
      if (!started.has(name)) started.set(name, widget.initialize?.({ model }));
      await started.get(name);
      // A reader who is already busy with the picture keeps it.
      if (place.querySelector("details[open]") || place.contains(document.activeElement)) return;
      place.replaceChildren(el);
      await widget.render({ model, el });
      if (!el.childNodes.length) place.replaceChildren(...still);
    } catch (error) {
      place.replaceChildren(...still);
      console.error(error);
    }
  }

  /** Mount an instrument that a cell has made in this page. */
  self.mountInstrument = async (el, { kind, state, data }, reply) => {
    const widget = await frontEnd(Object.keys(self.frontEnds)[0]);
    const buffers = [{ path: ["data"], data }];
    const model = new Model({ state: { kind, state, reply: {} }, buffers });
    model.on("change:reply", (_model, value) => reply(value));
    await widget.render({ model, el });
  };

  /** Wait until the browser has nothing better to do. */
  const idle = () =>
    new Promise((done) => {
      if (self.requestIdleCallback) requestIdleCallback(done, { timeout: 300 });
      else setTimeout(done, 20);
    });

  /** First what is near the screen, then the rest from top to bottom, one in each idle moment. */
  async function start() {
    const saved = self.savedModels;
    if (!saved) return; // this page has none of its own
    const places = [...document.querySelectorAll("[data-model]")];
    const [find, started, mounted] = [modelsOf(saved), new Map(), new Map()];
    const go = (place) => {
      near.unobserve(place);
      if (!mounted.has(place)) mounted.set(place, mount(place, find, started, saved));
      return mounted.get(place);
    };
    const near = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) if (entry.isIntersecting) go(entry.target);
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

// `bits` live: every bit can be flipped; value, fields and neighbours follow.

import { linkKey, readLink, writeLink } from "../controls/link.js";
import { button, h } from "../drawing/dom.js";
import { bitCount, bitText, endsOf, fieldsOf, integerOf, isFloatName, nearestFloat, nextFloat, numberFacts, numberText, numberWords, wrappedInteger } from "../model/bit_pattern.js";

/** Mount the instrument. @param {any} view the frame @param {any} state */
export function mountBits(view, state) {
  const me = { view, one: patternOf(state.dtype, state.pattern) };
  const words = h("p", { class: "ss-sum" });
  const facts = h("dl", { class: "ss-facts" });
  const fields = bitBoxes(me.one, (at) =>
    set({ ...me.one, pattern: me.one.pattern ^ (1n << BigInt(at)) }),
  );
  view.picture.append(words, fields.root, facts);
  view.controls.append(
    ...specialButtons(
      me.one.dtype,
      () => me.one,
      (one) => set(one),
    ),
    typedNumber(me.one.dtype, (one) => set(one)),
  );
  function set(one) {
    me.one = one;
    fields.show(one);
    words.replaceChildren(h("b", {}, numberWords(one)));
    showFacts(facts, numberFacts(one));
    view.root.dataset.pattern = one.pattern;
    view.say(
      `${one.dtype}(${numberText(one)}) is ${fieldsOf(one)
        .map(([, bits]) => bits)
        .join(" ")}.`,
    );
  }
  openNumber("bits", me, state, set);
}

/** Start at the number of a link, else at the given one, and say what can be copied. @param {(one: any) => void} set shows a number, and keeps it in `me.one` */
export function openNumber(kind, me, state, set) {
  const key = linkKey(state);
  const linked = patternOf(state.dtype, readLink(kind, key));
  const start = () => set(patternOf(state.dtype, state.pattern));
  me.view.actions({
    numpy: () => patternCode(me.one),
    link: () => writeLink(kind, key, String(me.one.pattern)),
    reset: start,
  });
  if (linked) set(linked);
  else start();
}

/** A pattern from decimal digits; null if they are none or too many. */
export function patternOf(dtype, text) {
  if (!/^\d{1,20}$/.test(text ?? "")) return null;
  const pattern = BigInt(text);
  return pattern >> BigInt(bitCount(dtype)) ? null : { dtype, pattern };
}

/** The line that makes the number from its bits. */
const patternCode = ({ dtype, pattern }) =>
  `np.array(${pattern}, 'uint${bitCount(dtype)}').view('${dtype}')[()]`;

/** Pairs of word and text as a list; a long text scrolls in its own box. */
export function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.map(([word, text]) => {
      const long =
        text.length > 160 &&
        h(
          "div",
          { class: "ss-facts-long", tabindex: 0, role: "group", "aria-label": `${word}, scrolls` },
          text,
        );
      return h("div", {}, h("dt", {}, word), h("dd", {}, long || text));
    }),
  );
}

/**
 * Bits as buttons by field: one tab stop, arrows move, Enter flips.
 * @param {any} one @param {(at: number) => void} flip with the number of the bit, 0 the lowest
 */
export function bitBoxes(one, flip) {
  const width = bitCount(one.dtype);
  const boxes = [];
  const fields = fieldsOf(one).map(([name, text]) =>
    h(
      "span",
      { class: "ss-field", role: "group", "aria-label": name },
      h("small", {}, name),
      h(
        "span",
        {},
        [...text].map(() => {
          const at = width - 1 - boxes.length;
          const box = h("button", {
            type: "button",
            tabindex: at === width - 1 ? 0 : -1,
            onClick: () => {
              focusBit(at);
              flip(at);
            },
            onKeydown: (e) => keyed(e, at),
          });
          boxes.push(box);
          return box;
        }),
      ),
    ),
  );
  function focusBit(at) {
    boxes.forEach((box, k) => {
      box.tabIndex = k === width - 1 - at ? 0 : -1;
    });
    boxes[width - 1 - at].focus();
  }
  function keyed(event, at) {
    const to = { ArrowLeft: at + 1, ArrowRight: at - 1, Home: width - 1, End: 0 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to >= 0 && to < width) focusBit(to);
  }
  const show = (now) =>
    [...bitText(now)].forEach((bit, k) => {
      if (boxes[k].textContent === bit) return;
      boxes[k].textContent = bit;
      boxes[k].setAttribute("aria-label", `bit ${width - 1 - k}: ${bit}`);
      boxes[k].setAttribute("aria-pressed", bit === "1");
    });
  show(one);
  return { root: h("div", { class: "ss-fields" }, fields), show };
}

/** Buttons for telling values, and for the neighbours. */
function specialButtons(dtype, now, set) {
  const way = (step) => () =>
    set(
      isFloatName(dtype)
        ? nextFloat(now(), step)
        : wrappedInteger(dtype, integerOf(now()) + BigInt(step)),
    );
  const made = isFloatName(dtype)
    ? specialFloats(dtype)
    : [
        ["0", wrappedInteger(dtype, 0n)],
        ["min", wrappedInteger(dtype, endsOf(dtype)[0])],
        ["max", wrappedInteger(dtype, endsOf(dtype)[1])],
      ];
  return [
    button("previous", way(-1)),
    button("next", way(1)),
    ...made.map(([name, one]) => button(name, () => set(one))),
  ];
}

function specialFloats(dtype) {
  const n = BigInt(bitCount(dtype));
  const inf = nearestFloat(dtype, Infinity);
  const at = (pattern) => ({ dtype, pattern });
  return [
    ["0", at(0n)],
    ["−0", at(1n << (n - 1n))],
    ["0.1", nearestFloat(dtype, 0.1)],
    ["1", nearestFloat(dtype, 1)],
    ["smallest", at(1n)],
    ["largest", at(inf.pattern - 1n)],
    ["inf", inf],
    ["nan", nearestFloat(dtype, NaN)],
  ];
}

/** A field that takes a number as Python writes it, and says why not. */
function typedNumber(dtype, set) {
  const said = h("small", { class: "ss-refused", role: "status" });
  const input = h("input", {
    type: "text",
    size: 12,
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `A number of ${dtype}`,
    onChange: () => {
      const [one, no] = readNumber(dtype, input.value.trim().replaceAll("−", "-"));
      said.textContent = no;
      if (one) set(one);
    },
  });
  return h("label", { class: "ss-field-type" }, h("small", {}, "type a number"), input, said);
}

function readNumber(dtype, text) {
  const no = `“${text.slice(0, 20)}” is no number that ${dtype} holds.`;
  if (isFloatName(dtype)) {
    const named = { inf: Infinity, "-inf": -Infinity, nan: NaN }[text];
    if (named !== undefined) return [nearestFloat(dtype, named), ""];
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
      ? [nearestFloat(dtype, Number(text)), ""]
      : [null, no];
  }
  const [low, high] = endsOf(dtype);
  if (!/^-?\d{1,30}$/.test(text)) return [null, no];
  const n = BigInt(text);
  return n < low || n > high
    ? [null, `OverflowError: Python integer ${n} out of bounds for ${dtype}`]
    : [wrappedInteger(dtype, n), ""];
}

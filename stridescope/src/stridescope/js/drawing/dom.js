// Elements of HTML and SVG, and the two controls every instrument uses. Text enters as text, never as markup.

const SVG_SPACE = "http://www.w3.org/2000/svg";

/**
 * Put attributes, listeners and children on an element. `onClick: fn` listens, `dataset: {}` merges, `class` joins a list,
 * false, null and undefined leave an attribute out; children may be nested lists, strings or numbers.
 */
function fill(el, attrs, children) {
  for (const [name, value] of Object.entries(attrs ?? {})) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") el.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "dataset") Object.assign(el.dataset, value);
    else
      el.setAttribute(
        name,
        Array.isArray(value)
          ? value.filter(Boolean).join(" ")
          : value === true
            ? ""
            : String(value),
      );
  }
  el.append(
    ...children
      .flat(Infinity)
      .filter((c) => c !== null && c !== undefined && c !== false)
      .map((c) => (c instanceof Node ? c : String(c))),
  );
  return el;
}

/** An HTML element. @param {string} tag @param {object} [attrs] @returns {any} */
export function h(tag, attrs, ...children) {
  return fill(document.createElement(tag), attrs, children);
}

/** An SVG element. @param {string} tag @param {object} [attrs] @returns {any} */
export function s(tag, attrs, ...children) {
  return fill(document.createElementNS(SVG_SPACE, tag), attrs, children);
}

/** Take everything out of an element and return it. @param {Element} el */
export function clear(el) {
  el.replaceChildren();
  return el;
}

/** A sentence with `code` in backticks, as nodes. @param {string} text @returns {(string|Element)[]} */
export function prose(text) {
  return text.split("`").map((part, k) => (k % 2 ? h("code", {}, part) : part));
}

/** A button of at least 44 px. @param {string} label @param {(event: Event) => void} onClick */
export function button(label, onClick) {
  return h("button", { type: "button", class: "ss-btn", onClick }, label);
}

/** Read an integer as people type one; true minus signs and a leading plus count. @returns {number|null} */
export function parseWhole(text) {
  const plainText = text.trim().replace(/\u2212/g, "-");
  if (!/^[+-]?\d{1,15}$/.test(plainText)) return null;
  return Number(plainText) || 0;
}

/**
 * A number with − and + (44 px), scrubbed by dragging its digits, ↑ ↓ (Alt: one), PageUp and PageDown (ten steps) or typing.
 * Letters are refused with a sentence; `onChange` may refuse a number by returning a sentence: the old number stays.
 * @param {string} label what the number is, for a screen reader
 * @param {number} value
 * @param {number} step
 * @param {(value: number) => string|void} onChange
 * @returns {HTMLElement & {set: (value: number) => void, value: () => number, focusInput: () => void}}
 */
export function stepper(label, value, step, onChange) {
  let now = value;
  const words = h("small", { class: "ss-refused", role: "status" });
  const input = h("input", {
    type: "text",
    role: "spinbutton",
    inputmode: "text",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": label,
    onChange: () => typed(),
    onKeydown: (e) => keyed(e),
    onFocus: () => input.select(),
  });
  const less = button("\u2212", () => attempt(now - step));
  const more = button("+", () => attempt(now + step));
  less.setAttribute("aria-label", `${label}, ${step} less`);
  more.setAttribute("aria-label", `${label}, ${step} more`);
  for (const b of [less, more]) b.tabIndex = -1;

  function show() {
    input.value = String(now).replace("-", "\u2212");
    input.setAttribute("aria-valuenow", now);
    input.style.width = `${Math.max(2, input.value.length) + 1}ch`;
  }
  function refuse(text) {
    words.textContent = text;
    input.toggleAttribute("aria-invalid", false);
    if (text) input.setAttribute("aria-invalid", "true");
    show();
  }
  function attempt(next) {
    if (!Number.isSafeInteger(next)) return refuse("That number is too large to count exactly.");
    const no = next === now ? "" : onChange(next);
    if (!no) now = next;
    refuse(no || "");
  }
  function typed() {
    const next = parseWhole(input.value);
    if (next === null)
      refuse(
        `\u201c${input.value.trim().slice(0, 20)}\u201d is no whole number; ${String(now).replace("-", "\u2212")} stays.`,
      );
    else attempt(next);
  }
  function keyed(event) {
    const way = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (event.key === "Enter") typed();
    if (event.key === "Escape") refuse("");
    if (!way) return;
    event.preventDefault();
    const from = parseWhole(input.value);
    attempt((from === null ? now : from) + way * (event.altKey ? 1 : step));
    input.select();
  }
  scrub(
    input,
    (moved, start) => attempt(start + moved * step),
    () => now,
  );
  const root = h(
    "span",
    { class: "ss-step", role: "group", "aria-label": label },
    h("span", { class: "ss-nudge" }, less, input, more),
    words,
  );
  show();
  const set = (next) => {
    now = next;
    refuse("");
  };
  return Object.assign(root, { set, value: () => now, focusInput: () => input.focus() });
}

/** Turn dragging over digits into steps: 14 px sideways is one. */
function scrub(input, move, read) {
  let from = null;
  let start = 0;
  let last = 0;
  input.addEventListener("pointerdown", (e) => {
    from = e.clientX;
    start = read();
    last = 0;
  });
  input.addEventListener("pointermove", (e) => {
    if (from === null || !e.buttons) return;
    const moved = Math.trunc((e.clientX - from) / 14);
    if (moved === last) return;
    if (!input.hasPointerCapture(e.pointerId)) input.setPointerCapture(e.pointerId);
    last = moved;
    move(moved, start);
    e.preventDefault();
  });
  // Chosen digits would be dragged away as text.
  input.addEventListener("dragstart", (e) => e.preventDefault());
  for (const end of ["pointerup", "pointercancel"])
    input.addEventListener(end, () => {
      from = null;
    });
}

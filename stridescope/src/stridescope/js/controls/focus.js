// One focus for linked pictures: hover shows, click or Enter pins, Esc frees, arrows move along axes, b crosses.

/**
 * @param {{shape: () => number[], show: (index: number[]) => void, say: (text: string) => void,
 *   words: (index: number[]) => string, start: number[]|null, onPin?: (on: boolean, key?: string) => void}} on
 */
export function createFocus({ shape, show, say, words, start, onPin = () => {} }) {
  const state = { index: start, pinned: false, axis: null, pictures: [] };

  function move(index, pin = state.pinned) {
    state.pinned = pin;
    if (state.index && index.join() === state.index.join()) return;
    state.index = index;
    show(index);
    say(words(index));
  }
  function along(axis, step) {
    const n = shape()[axis];
    const next = [...state.index];
    next[axis] += step;
    if (next[axis] < 0 || next[axis] >= n) say(`Axis ${axis} ends here: ${words(state.index)}`);
    else move(next);
  }
  function choose(step) {
    const ndim = shape().length;
    if (ndim < 3) return;
    state.axis = ((state.axis ?? ndim - 2) + step + ndim - 1) % (ndim - 1);
    say(`Up and down arrows move along axis ${state.axis}.`);
  }
  function cross(name) {
    const k = state.pictures.findIndex((p) => p.name === name);
    state.pictures[(k + 1) % state.pictures.length]?.svg.focus();
  }
  function pin(on, by) {
    state.pinned = on;
    for (const { svg } of state.pictures) svg.dataset.pinned = on;
    say(on ? `Pinned: ${words(state.index)}` : `Free: ${words(state.index)}`);
    onPin(on, by);
  }
  function keyed(event, name) {
    if (event.ctrlKey || event.metaKey || event.altKey || !state.index) return;
    const act = focusKey(event.key, shape(), state, {
      along,
      choose,
      cross: () => cross(name),
      pin,
      move,
    });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }
  function pointed(event, hit) {
    const box = event.currentTarget.getBoundingClientRect();
    return hit(event.clientX - box.left, event.clientY - box.top);
  }
  /** Make a picture a tab stop of this focus; `hit(x, y)` gives the index at a place in px, or null. */
  function attach(name, svg, hit, label) {
    const before = state.pictures.find((p) => p.name === name);
    const held = before && document.activeElement === before.svg;
    state.pictures = [...state.pictures.filter((p) => p.name !== name), { name, svg }].sort(
      (a, b) => (a.name < b.name ? -1 : 1),
    );
    for (const [key, value] of Object.entries({
      tabindex: 0,
      role: "application",
      "aria-label": label,
      "data-pinned": state.pinned,
    }))
      svg.setAttribute(key, value);
    svg.addEventListener("keydown", (e) => keyed(e, name));
    svg.addEventListener("focus", () => state.index && say(words(state.index)));
    svg.addEventListener("pointermove", (e) => {
      const index = state.pinned ? null : pointed(e, hit);
      if (index) move(index);
    });
    svg.addEventListener("click", (e) => {
      const index = pointed(e, hit);
      if (index) {
        state.index = null;
        move(index, true);
        pin(true);
      }
    });
    if (held) queueMicrotask(() => svg.focus({ preventScroll: true }));
  }
  /** Redraw pictures; the one that had the keyboard's focus has it again. */
  function keep(redraw) {
    const held = state.pictures.find((p) => p.svg === document.activeElement)?.name;
    redraw();
    if (held) state.pictures.find((p) => p.name === held).svg.focus({ preventScroll: true });
  }
  return {
    attach,
    keep,
    move,
    get index() {
      return state.index;
    },
    get pinned() {
      return state.pinned;
    },
    set pinned(on) {
      state.pinned = on;
    },
    set index(index) {
      state.index = index;
    },
  };
}

/** What a key does, as a function; null if nothing. */
function focusKey(key, shape, state, { along, choose, cross, pin, move }) {
  const ndim = shape.length;
  const last = ndim - 1;
  const other = state.axis ?? ndim - 2;
  const ends = (i) => () => move([...state.index.slice(0, -1), i]);
  const table = {
    "[": () => choose(-1),
    "]": () => choose(1),
    b: cross,
    Enter: () => pin(true, "Enter"),
    " ": () => pin(true),
    Escape: () => pin(false),
  };
  if (ndim)
    Object.assign(table, {
      ArrowLeft: () => along(last, -1),
      ArrowRight: () => along(last, 1),
      Home: ends(0),
      End: ends(shape[last] - 1),
    });
  if (ndim > 1)
    Object.assign(table, { ArrowUp: () => along(other, -1), ArrowDown: () => along(other, 1) });
  return table[key] ?? null;
}

/** "row 1, column 2" for an index; axes named where there are more than two. */
export function placeWords(index) {
  if (!index.length) return "the one element";
  if (index.length === 1) return `index ${index[0]}`;
  const lead = index
    .slice(0, -2)
    .map((i, k) => `axis ${k}: ${i}, `)
    .join("");
  return `${lead}row ${index.at(-2)}, column ${index.at(-1)}`;
}

/** "bytes 40 to 47" */
export const byteWords = (byte, itemsize) =>
  itemsize === 1 ? `byte ${byte}` : `bytes ${byte} to ${byte + itemsize - 1}`;

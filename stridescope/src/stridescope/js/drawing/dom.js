// Elements of HTML and SVG. Text enters as text, never as markup.

/** @import { Attributes, Child } from "../types.js" */

const SVG_SPACE = "http://www.w3.org/2000/svg";

/**
 * Put attributes, listeners and children on an element. `onClick: fn` listens, `dataset: {}`
 * merges, `class` joins a list, false, null and undefined leave an attribute out; children may be
 * nested lists, strings or numbers.
 * @template {HTMLElement | SVGElement} E
 * @param {E} el
 * @param {Attributes} attrs
 * @param {Child[]} children
 * @returns {E}
 */
function fill(el, attrs, children) {
  for (const [name, value] of Object.entries(attrs)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function")
      el.addEventListener(name.slice(2).toLowerCase(), /** @type {EventListener} */ (value));
    else if (name === "dataset") Object.assign(el.dataset, value);
    else if (Array.isArray(value)) el.setAttribute(name, value.filter(Boolean).join(" "));
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...nodesOf(children));
  return el;
}

/**
 * @param {Child} child
 * @returns {(Node | string)[]}
 */
function nodesOf(child) {
  if (Array.isArray(child)) return child.flatMap(nodesOf);
  if (child === null || child === undefined || child === false) return [];
  return [child instanceof Node ? child : String(child)];
}

/**
 * An HTML element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attrs]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attrs, ...children) {
  return fill(document.createElement(tag), attrs ?? {}, children);
}

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attrs]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function s(tag, attrs, ...children) {
  return fill(document.createElementNS(SVG_SPACE, tag), attrs ?? {}, children);
}

/**
 * Take everything out of an element and return it.
 * @template {Element} E
 * @param {E} el
 */
export function clear(el) {
  el.replaceChildren();
  return el;
}

/**
 * A sentence with `code` in backticks, as nodes.
 * @param {string} text
 */
export function prose(text) {
  return text.split("`").map((part, k) => (k % 2 ? h("code", {}, part) : part));
}

/**
 * A box that scrolls sideways where its content is wider; a shadow at an edge shows that it goes on
 * there.
 * @param {Element} content
 */
export function scrollBox(content) {
  const box = h("div", { class: "ss-scroll" }, content);
  const mark = () => {
    const { scrollLeft, clientWidth, scrollWidth } = box;
    const sides = [scrollLeft > 1 && "left", scrollLeft + clientWidth < scrollWidth - 1 && "right"];
    box.dataset.more = sides.filter(Boolean).join(" ");
  };
  box.addEventListener("scroll", mark, { passive: true });
  new ResizeObserver(mark).observe(box);
  return box;
}

/**
 * A picture in a box that scrolls sideways, if it is wider than the room.
 * @param {SVGSVGElement} svg
 * @param {number} width room, px
 * @param {number} [left] how far it is scrolled, px
 */
export function scrolled(svg, width, left = 0) {
  if (Number(svg.getAttribute("width")) <= width + 1) return svg;
  const box = scrollBox(svg);
  if (left) queueMicrotask(() => box.scrollTo({ left, behavior: "instant" }));
  return box;
}

/**
 * The same for a picture that has no keys of its own: its box takes the keyboard's focus.
 * @param {SVGSVGElement} svg
 * @param {number} width room, px
 */
export function scrolledByKeys(svg, width) {
  const box = scrolled(svg, width);
  if (box === svg) return svg;
  box.setAttribute("tabindex", "0");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Picture of memory, scrolls sideways");
  return box;
}

/**
 * How far the picture of a place is scrolled, px; 0 if it does not scroll.
 * @param {Element} place
 */
export const scrolledBefore = (place) => place.querySelector(".ss-scroll")?.scrollLeft ?? 0;

/**
 * Scroll a picture sideways so that a part of it is seen.
 * @param {SVGSVGElement} svg
 * @param {number} width room, px
 * @param {number} middle of the part, px
 * @param {number} part its width, px
 */
export function keepInSight(svg, width, middle, part) {
  const box = svg.parentElement;
  if (!box?.classList.contains("ss-scroll")) return;
  const { scrollLeft } = box;
  const isSeen = middle - part / 2 >= scrollLeft && middle + part / 2 <= scrollLeft + width;
  // The picture rests with a whole part at its left edge.
  const first = Math.round((middle - width / 2) / part) * part;
  if (!isSeen) box.scrollTo({ left: width < 2 * part ? middle - part / 2 : first });
}

/**
 * Where a pointer is in an element, px.
 * @param {MouseEvent} event
 * @param {Element} el
 * @returns {[x: number, y: number]}
 */
export function pointIn(event, el) {
  const box = el.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

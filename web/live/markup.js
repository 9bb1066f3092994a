/**
 * The HTML that a value shows, made harmless: a cell’s code may be a stranger’s. Of it, only what
 * text and pictures need gets into the page, so nothing in it runs or asks for anything.
 */

/** Elements that may stay, those of drawings among them; of others, only what is in them. */
const KEPT_ELEMENTS = new Set(
  (
    "a abbr b blockquote br caption circle code col colgroup dd del desc details div dl dt " +
    "ellipse em figcaption figure g h1 h2 h3 h4 h5 h6 hr i img ins kbd li line mark ol p path " +
    "polygon polyline pre q rect s samp section small span strong sub summary sup svg table " +
    "tbody td text tfoot th thead title tr tspan u ul var"
  ).split(" "),
);
/** Elements that go with all that is in them. */
const REMOVED_ELEMENTS = new Set(
  (
    "applet embed frame frameset iframe math noscript object script select style template " +
    "textarea"
  ).split(" "),
);
const KEPT_ATTRIBUTES = new Set(
  (
    "align alt aria-hidden aria-label border class colspan cx cy d dir dominant-baseline dx dy " +
    "fill fill-opacity font-family font-size font-style font-weight height href lang open " +
    "opacity points r role rowspan rx ry scope src start stroke stroke-dasharray " +
    "stroke-linecap stroke-linejoin stroke-opacity stroke-width style tabindex text-anchor " +
    "title transform valign viewbox width x x1 x2 y y1 y2"
  ).split(" "),
);
/** What these attributes say is never read as style. */
const PLAIN_TEXT = new Set(["alt", "aria-label", "class", "title"]);
/** What makes a style ask for a file, in any spelling. */
const ASKS = /url|image|src|\\/i;
const PICTURE = /^data:image\//i;
const ADDRESS = /^(?:https?:\/\/|#)/i;

/**
 * @param {string} text HTML
 * @returns {DocumentFragment} what of it may be shown
 */
export function harmless(text) {
  const found = new DOMParser().parseFromString(text, "text/html"); // there, nothing runs or loads
  const shown = document.createDocumentFragment();
  copyInto(shown, found.body.childNodes);
  return shown;
}

/** @param {ParentNode} place @param {Iterable<Node>} nodes */
function copyInto(place, nodes) {
  for (const node of nodes) {
    if (node instanceof Text) place.append(node.data);
    if (!(node instanceof Element)) continue;
    const name = node.localName.toLowerCase();
    if (REMOVED_ELEMENTS.has(name)) continue;
    if (!KEPT_ELEMENTS.has(name)) {
      copyInto(place, node.childNodes);
      continue;
    }
    // before it comes into the page, where a picture would load at once
    for (const { name: attribute, value } of [...node.attributes]) {
      if (!mayStay(attribute.toLowerCase(), value)) node.removeAttribute(attribute);
    }
    if (node instanceof HTMLElement || node instanceof SVGElement) clean(node.style);
    const made = document.importNode(node, false);
    place.append(made);
    copyInto(made, node.childNodes);
  }
}

/** @param {string} name @param {string} value @returns {boolean} */
function mayStay(name, value) {
  if (!KEPT_ATTRIBUTES.has(name)) return false;
  if (name === "src") return PICTURE.test(value);
  if (name === "href") return ADDRESS.test(value);
  if (name === "tabindex") return value === "0" || value === "-1";
  return name === "style" || PLAIN_TEXT.has(name) || !ASKS.test(value);
}

/** @param {CSSStyleDeclaration} style */
function clean(style) {
  for (const name of [...style]) {
    if (name.startsWith("--") || ASKS.test(style.getPropertyValue(name))) {
      style.removeProperty(name);
    }
  }
}

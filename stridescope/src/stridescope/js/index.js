// What anywidget calls: find the instrument of this kind and mount it.

import { frame } from "./controls/frame.js";
import { goToLinked, whenLinked } from "./controls/link.js";
import { clear, h } from "./drawing/dom.js";
import { mountBeforeAfter } from "./instruments/before_after.js";
import { mountBits } from "./instruments/bits.js";
import { mountBroadcast } from "./instruments/broadcast.js";
import { mountLayout } from "./instruments/layout.js";
import { mountPredict } from "./instruments/predict.js";
import { mountRelate } from "./instruments/relate.js";
import { mountReview } from "./instruments/review.js";
import { mountTemporaries } from "./instruments/temporaries.js";
import { mountTraverse } from "./instruments/traverse.js";
import { mountWheel } from "./instruments/wheel.js";
import { mountWhy } from "./instruments/why.js";
import { mountWhyReshape } from "./instruments/why_reshape.js";
import { mountWindows } from "./instruments/windows.js";
import { mountWorkbench } from "./instruments/workbench.js";
import { LIVE_STYLE } from "./live_style.js";

/** @import { Kind, Model, Mount, States, Traits } from "./types.js" */

const STYLE_ID = "ss-live-style";

/** @type {{[K in Kind]: Mount<States[K]>}} */
const KINDS = {
  before_after: mountBeforeAfter,
  bits: mountBits,
  broadcast: mountBroadcast,
  layout: mountLayout,
  predict: mountPredict,
  relate: mountRelate,
  review: mountReview,
  workbench: mountWorkbench,
  wheel: mountWheel,
  why: mountWhy,
  why_reshape: mountWhyReshape,
  traverse: mountTraverse,
  windows: mountWindows,
  temporaries: mountTemporaries,
};

/** Add the style of the live forms to the document, and listen to its keys, once. */
function prepareDocument() {
  if (document.getElementById(STYLE_ID)) return;
  addEventListener("keydown", keepKeys, { capture: true });
  document.head.append(h("style", { id: STYLE_ID }, LIVE_STYLE));
}

/**
 * Bytes of a model's trait, however the host hands them over.
 * @param {Traits["data"]} data
 */
function bytesOf(data) {
  if (!data) return new Uint8Array(0);
  // Not by `instanceof`: the bytes may come from another frame.
  if (!("buffer" in data)) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Keep the keys of an instrument from JupyterLab, where `d d` deletes the cell. Keys with Ctrl, Alt
 * or Cmd, and Shift+Enter, are for JupyterLab. It listens at the document, so this listens above.
 * @param {KeyboardEvent} event
 */
function keepKeys({ target, key, altKey, ctrlKey, metaKey, shiftKey }) {
  const root = target instanceof Element ? target.closest(".ss-live") : null;
  const isCommand = altKey || ctrlKey || metaKey || (shiftKey && key === "Enter");
  root?.toggleAttribute("data-lm-suppress-shortcuts", !isCommand);
}

/**
 * @param {string} kind
 * @returns {kind is Kind}
 */
const isKind = (kind) => Object.hasOwn(KINDS, kind);

/**
 * Mount an instrument in el; an unknown kind leaves what is there.
 * @param {{model: Model, el: HTMLElement}} host
 * @returns {(() => void) | undefined} what ends it
 */
export function render({ model, el }) {
  const kind = model.get("kind");
  if (!isKind(kind)) return undefined;
  const state = model.get("state");
  prepareDocument();
  const data = bytesOf(model.get("data"));
  const mount = /** @type {Mount<typeof state>} */ (KINDS[kind]);
  const start = () => {
    clear(el);
    const view = frame(el, { kind, caption: state.caption, label: state.label ?? kind, model });
    const stop = mount(view, state, data);
    goToLinked(view.root, kind, state);
    return () => {
      view.stop();
      if (stop) stop();
    };
  };
  let end = start();
  const forget = whenLinked(kind, state, () => {
    end();
    end = start();
  });
  return () => {
    forget();
    end();
  };
}

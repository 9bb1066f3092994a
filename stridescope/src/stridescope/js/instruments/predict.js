// A prediction: one tap answers and says how sure; then the reason, and NumPy's answer.

import { inPage, keepReply, lastAnswer, ledgerCode } from "../controls/answer_log.js";
import { comparedPictures, touchedPicture } from "../controls/touch_target.js";
import { button, h, prose } from "../drawing/dom.js";
import { isNumeric, readAnswer } from "../model/typed_answer.js";

const SURE = [
  ["think so", false],
  ["sure", true],
];

/** Mount one prediction; an earlier answer of this reader stands there again. */
export function mountPredict(view, state) {
  for (const part of [view.readout, view.controls]) part.remove();
  view.picture.append(askOne(state, view, lastAnswer(state.key)));
}

/**
 * A question as an element. Each answer is kept and told to the page by an event `ss-predict`.
 * @param {{key: string, ask: string, choices: [string, string][], right: number|null, answer: string, why: string, seed: number, touch?: object}} state
 * @param {object} view the frame
 * @param {{said: string|null, sure: boolean, right: boolean}} [before]
 */
export function askOne(state, view, before) {
  const root = h("div", { class: "ss-predict-one" });
  const put = (...parts) =>
    root.replaceChildren(h("p", { class: "ss-ask" }, prose(state.ask)), ...parts.flat());
  const field = () =>
    state.touch
      ? touchedAnswer(state, view, commit)
      : state.right === null
        ? typedAnswer(state, commit)
        : choiceRows(state, commit);
  const ask = () => put(field(), shownButton(commit));
  const again = () => {
    ask();
    root.querySelector("svg[tabindex], button, input").focus();
  };
  function commit(said, sure) {
    const reply = {
      key: state.key,
      ask: state.ask,
      seed: state.seed,
      said,
      sure,
      right: isRight(state, said),
    };
    keepReply(view.model, reply);
    settle(reply);
    root.querySelector(".ss-predict-verdict").focus();
  }
  function settle(reply) {
    put(
      state.touch
        ? comparedPictures(state.touch, view, reply)
        : state.right === null
          ? []
          : marks(state, reply),
      verdict(state, reply),
      afterwards(again),
    );
    root.dispatchEvent(new CustomEvent("ss-predict", { bubbles: true, detail: reply }));
  }
  ask();
  // Once it stands in the page, so that the page hears of it.
  if (before) queueMicrotask(() => settle({ key: state.key, ...before }));
  return root;
}

/** Which wrong or right answer it is, by meaning. */
const sameAnswer = (one, other) => readAnswer(bare(one)) === readAnswer(bare(other));
const bare = (text) => text.replace(/`/g, "");

function isRight(state, said) {
  if (said === null) return false;
  return state.right === null
    ? sameAnswer(said, state.answer)
    : said === state.choices[state.right][0];
}

/** The two buttons that commit; `name` tells a screen reader which answer they belong to. */
function sureButtons(name, commit) {
  return h(
    "span",
    { class: "ss-predict-sure" },
    SURE.map(([word, sure]) => {
      const one = button(word, () => commit(sure));
      one.setAttribute("aria-label", `${name}: ${word}`);
      return one;
    }),
  );
}

function choiceRows(state, commit) {
  const rows = state.choices.map(([text]) =>
    h(
      "li",
      {},
      h("span", { class: "ss-predict-choice" }, prose(text)),
      sureButtons(bare(text), (sure) => commit(text, sure)),
    ),
  );
  return h(
    "ul",
    { class: "ss-predict-list", onKeydown: (event) => moveAmong(event, event.currentTarget) },
    rows,
  );
}

/** Arrow keys lead from button to button; Tab does too. */
function moveAmong(event, list) {
  const way = { ArrowUp: -2, ArrowDown: 2, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const all = [...list.querySelectorAll("button")];
  const next = all[all.indexOf(event.target) + way];
  if (!next || !event.target.matches("button")) return;
  event.preventDefault();
  next.focus();
}

/** A field for the answer, and what is said about one that cannot be read. */
function typedAnswer(state, commit) {
  const refused = h("p", { class: "ss-refused", role: "status" });
  const field = h("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    autocapitalize: "off",
    "aria-label": "Your answer",
  });
  const attempt = (sure) => {
    const no = whyNot(state, field.value);
    refused.textContent = no;
    if (no) field.focus();
    else commit(field.value.trim(), sure);
  };
  const buttons = sureButtons("Your answer", attempt);
  // Enter leads on: how sure is part of the answer.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") buttons.querySelector("button").focus();
  });
  return [h("div", { class: "ss-predict-typed" }, field, buttons), refused];
}

/** The picture to touch; what is touched is said, and the two buttons commit it. */
function touchedAnswer(state, view, commit) {
  const said = h("p", { class: "ss-predict-touch", role: "status" });
  const buttons = sureButtons("Your answer", (sure) =>
    picture.place === null ? picture.ask() : commit(picture.place, sure),
  );
  const picture = touchedPicture(
    state.touch,
    view,
    (text) => {
      said.textContent = text;
    },
    () => buttons.querySelector("button").focus(),
  );
  return [picture.root, h("div", { class: "ss-predict-typed ss-predict-place" }, said, buttons)];
}

/** A sentence about a typed answer that says nothing yet, or "". */
function whyNot(state, text) {
  const wanted = readAnswer(bare(state.answer));
  const form = readAnswer(text);
  if (!text.trim())
    return isNumeric(wanted)
      ? "Type an answer first, such as 12 or (3, 4)."
      : "Type an answer first.";
  if (form === null) return "The brackets do not match.";
  return isNumeric(wanted) && !isNumeric(form)
    ? `“${text.trim().slice(0, 30)}” is not made of numbers.`
    : "";
}

const shownButton = (commit) =>
  h(
    "p",
    {},
    h(
      "button",
      { type: "button", class: "ss-predict-shown", onClick: () => commit(null, false) },
      "Show me",
    ),
  );

/** The choices afterwards, with what the reader and what NumPy said. */
function marks(state, reply) {
  const row = ([text], k) => {
    const said = [
      text === reply.said && `you, ${reply.sure ? "sure" : "think so"}`,
      k === state.right && "✓ NumPy",
    ].filter(Boolean);
    return h(
      "li",
      { class: k === state.right ? "ss-predict-right" : false },
      h("span", { class: "ss-predict-choice" }, prose(text)),
      h("span", { class: "ss-predict-said" }, said.join(" · ")),
    );
  };
  return h("ul", { class: "ss-predict-list ss-predict-done" }, state.choices.map(row));
}

/** What is said after an answer; it takes the focus, because the button that was pressed is gone. */
function verdict(state, reply) {
  const numpy = h(
    "p",
    {},
    h("b", {}, "NumPy: "),
    prose(state.answer + (state.why ? `. ${state.why}` : "")),
  );
  const first = {
    shown: null,
    right: h("p", {}, h("b", {}, reply.sure ? "✓ Yes, and you were sure." : "✓ Yes.")),
    wrong: h("p", {}, h("b", {}, "Not yet. "), prose(reasonOf(state, reply.said))),
  }[reply.said === null ? "shown" : reply.right ? "right" : "wrong"];
  const typed =
    state.right === null && !state.touch && reply.said !== null
      ? h("p", {}, h("b", {}, "You: "), `${reply.said} (${reply.sure ? "sure" : "think so"})`)
      : null;
  return h(
    "div",
    { class: "ss-predict-verdict", tabindex: "-1", role: "group", "aria-label": "Answer" },
    typed,
    first,
    numpy,
  );
}

/** The misconception that leads to an answer, if the question knows it. */
function reasonOf(state, said) {
  if (said === null) return "";
  const known = state.choices.find(([text]) =>
    state.right === null ? sameAnswer(text, said) : text === said,
  );
  return known ? known[1] : "";
}

/** What can be done after an answer. */
function afterwards(again) {
  const said = h("span", { role: "status", class: "ss-predict-note" });
  const buttons = [button("Answer again", again)];
  const place = h("div", { class: "ss-act" }, buttons, said);
  if (inPage()) said.before(button("Copy my answers", () => giveCode(place, said)));
  return place;
}

/** Show the code of all answers, selected, and put it on the clipboard where that is allowed. */
async function giveCode(place, said) {
  const field =
    place.querySelector("textarea") ??
    h("textarea", { readonly: true, rows: 2, "aria-label": "Code of my answers" });
  field.value = ledgerCode();
  place.append(field);
  field.select();
  const copied = await navigator.clipboard?.writeText(field.value).then(
    () => true,
    () => false,
  );
  said.textContent = `${copied ? "Copied" : "Selected: copy it with Ctrl+C"}. In a notebook, ss.review("…") reads it.`;
}

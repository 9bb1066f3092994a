"""`predict`: a question that a reader answers before the output; each wrong answer is explained."""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import prose
from stridescope.drawing.svg import esc
from stridescope.drawing.touch_target import Touch, place_text, touch_target
from stridescope.runtime import answer_log
from stridescope.runtime.instrument import Instrument, is_live

if TYPE_CHECKING:
    from numpy.typing import NDArray

Again = Callable[[int], "tuple[Any, ...]"]
"""From a seed to (question, answer, choices, why); an array to touch, if there is one, is fifth."""

ARRAY = re.compile(r"\[[-+\d\s.,eE\[\]]*\d[-+\d\s.,eE\[\]]*\]")
"""An array as NumPy prints it."""

LABEL_WORDS = 7
"""Number of words of a question that name the prediction for a screen reader."""


@dataclass(frozen=True)
class Question:
    """A question and its choices, all as text with `` `code` `` in backticks.

    Parameters
    ----------
    ask
        The question.
    choices
        Pairs of text and explanation, including the right one; for a free answer, only wrong ones.
    answer, why
        NumPy's answer as text, and its explanation.
    right
        The index of the right choice; None if the answer is typed or touched.
    touch
        The picture to touch, if the question is answered that way.
    ordered
        Whether the choices are steps of a scale, which stay as they are.
    unit
        What a typed answer counts.
    """

    ask: str
    choices: tuple[tuple[str, str], ...]
    answer: str
    why: str
    right: int | None
    touch: Touch | None = None
    ordered: bool = False
    unit: str = ""

    def state(self) -> dict[str, Any]:
        """Return the state for the front end."""
        state: dict[str, Any] = {"ask": self.ask, "answer": self.answer, "why": self.why}
        state |= {"choices": [list(pair) for pair in self.choices], "right": self.right}
        state |= {"unit": self.unit} if self.unit else {}
        return state | ({"touch": self.touch.state()} if self.touch else {})


@dataclass
class AskedQuestion:
    """A question asked in this session, which `review` can ask again."""

    key: str
    question: Question
    again: Again | None = field(repr=False)

    def variant(self, seed: int) -> Question:
        """Return the question with the numbers of `seed`, or unchanged if it has no others."""
        if self.again is None or not seed:
            return self.question
        ask, answer, choices, why, *array = self.again(seed)
        touch = (
            touch_target(array[0], self.question.touch.name, answer)
            if self.question.touch
            else None
        )
        free, ordered = self.question.right is None, self.question.ordered
        made = make_question(ask, answer, choices, why, free=free, touch=touch, ordered=ordered)
        return replace(made, unit=self.question.unit)


QUESTIONS: dict[str, AskedQuestion] = {}
"""The questions of this session by key, in the order in which they were asked."""


def predict(  # noqa: PLR0913 - a question has these parts
    question: str,
    answer: object,
    choices: Mapping[Any, str] | None = None,
    *,
    why: str = "",
    free: bool = False,
    unit: str = "",
    ordered: bool = False,
    touch: NDArray[Any] | None = None,
    name: str = "a",
    again: Again | None = None,
    key: str = "",
) -> Instrument:
    """Ask for a prediction, and explain each wrong answer.

    In the live form, one tap answers and says how sure the reader is. In the static form, each
    choice opens to its explanation.

    Parameters
    ----------
    question
        One sentence; put `` `code` `` in backticks.
    answer
        The right answer, as the caller computed it with NumPy: a tuple, list, array, scalar,
        dtype or string.
    choices
        From each possible answer to the misconception that leads to it. The text for the right
        answer replaces `why` if that is empty. They are shown in an order that does not depend on
        which one is right: numbers from small to large, others by a hash of question and choice.
    why
        Why the right answer is right.
    free
        The reader types the answer: a shape, strides, a number, a word. Different ways to write
        the same answer are equal: ``(24, 8)``, ``[24,8]``, ``24 8``. `choices` then contains only
        wrong answers, each explained to a reader who types it, and may be omitted.
    unit
        What the number that a reader types counts, such as ``"cache lines"``.
    ordered
        Keep the order of the choices: they are steps of a scale, or the last one is *none*.
    touch
        A small array that is drawn, and that the reader touches to answer. If `answer` is an int,
        the byte where something starts, the reader touches a byte; if it is a tuple, an index, the
        reader touches an element. `choices` then contains only wrong places, as with `free`.
    name
        The name of the array to touch in the picture.
    again
        A function that takes a seed (1, 2, …) and returns the same question with other numbers, as
        ``(question, answer, choices, why)``, for `review`. With `touch`, it also returns the array,
        as the fifth item.
    key
        The name under which answers are stored, for `before_after`. By default, it is computed from
        the question and changes with it. If the answer log has an answer to this question, a live
        form shows it again.

    Returns
    -------
    Instrument
        The static form consists of ``<details>``, which need no script; the words for the terminal
        do not give the answer away. In the live form, after an answer by touch, the reader's
        picture is above NumPy's, and each has a ring around its place, so that the difference is
        visible. After other answers, the reader's answer and NumPy's are shown as text.

    Raises
    ------
    ValueError
        If no choice, or more than one, equals the answer; with `free` or `touch`, if any choice
        does. If the array to touch is empty or too large, or the answer is not a place in it.
    TypeError
        If the answer to `touch` is neither a byte nor an index.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.zeros((3, 3), np.int64)
    >>> ss.predict("What is `a.strides`?", a.strides, {(24, 8): "", (3, 1): "Strides are bytes."})
    What is `a.strides`?
      - (24, 8)
      - (3, 1)
    """
    picture = None if touch is None else touch_target(touch, name, answer)
    one = make_question(
        question, answer, choices or {}, why, free=free, touch=picture, ordered=ordered
    )
    one = replace(one, unit=unit)
    key = key or f"{zlib.crc32(question.encode()):08x}"
    QUESTIONS[key] = AskedQuestion(key, one, again)
    state = {"key": key, "label": label(question), "seed": 0, **one.state()}
    if is_live() and (before := answer_log.last_answer(key)):
        state["before"] = before
    return Instrument(
        question_html(one),
        question_words(one),
        "predict",
        state,
        on_reply=answer_log.record_quietly,
    )


def make_question(  # noqa: PLR0913 - a question has these parts
    question: str,
    answer: object,
    choices: Mapping[Any, str],
    why: str,
    *,
    free: bool,
    touch: Touch | None = None,
    ordered: bool = False,
) -> Question:
    """Check the parts of a question, and return them as text."""
    free = free or touch is not None
    keys = list(choices) if free or ordered else mixed(question, choices)
    right = [k for k, key in enumerate(keys) if _comparable(key) == _comparable(answer)]
    if len(right) != (0 if free else 1):
        some = "no choice equals" if not right else f"{len(right)} choices equal"
        listed = ", ".join(repr(answer_text(key)) for key in keys)
        msg = f"predict({question!r}): {some} the answer {answer_text(answer)!r}; choices: {listed}"
        hint = "; with free=True or touch=…, give only wrong answers" if free else ""
        raise ValueError(msg + hint)
    reason = why if free else why or choices[keys[right[0]]]
    written = place_text if touch else as_code
    pairs = tuple((written(key), choices[key]) for key in keys)
    place = None if free else right[0]
    return Question(question, pairs, written(answer), reason, place, touch, ordered)


def mixed(question: str, choices: Iterable[Any]) -> list[Any]:
    """Return choices in an order that does not give the right one away, and is always the same."""
    keys = list(choices)
    if all(isinstance(key, int | float | np.number) and not isinstance(key, bool) for key in keys):
        return sorted(keys)
    return sorted(keys, key=lambda key: zlib.crc32(f"{answer_text(key)}?{question}".encode()))


def question_html(question: Question) -> str:
    """Return the form that needs no script: every choice looks alike and opens to its verdict."""
    body = f'<p class="ss-ask">{prose(question.ask)}</p>'
    if question.touch:
        body += question.touch.picture(answered=False)
        body += f"<p>Find the {question.touch.of} in the picture, then open “Show me”.</p>"
    elif question.right is None:
        asked = f"the number of {esc(question.unit)}" if question.unit else "your answer"
        body += f"<p>Write down {asked}, then open “Show me”.</p>"
    for k, (text, reason) in enumerate(question.choices if question.right is not None else ()):
        verdict = f"✓ Yes. {question.why}" if k == question.right else f"Not yet. {reason}"
        body += (
            f"<details><summary>{prose(text)}</summary><p>{prose(verdict.strip())}</p></details>"
        )
    final = question.touch.picture(answered=True) if question.touch else ""
    final += f"<p>{prose(question.answer)}{'. ' + prose(question.why) if question.why else ''}</p>"
    body += f'<details class="ss-show"><summary>Show me</summary>{final}</details>'
    return (
        f'<section class="ss ss-predict" aria-label="{esc(label(question.ask))}">{body}</section>'
    )


def question_words(question: Question) -> str:
    """Return the question and its choices as text for the terminal, without the answer."""
    choices = question.choices if question.right is not None else ()
    return "\n".join([question.ask, *(f"  - {text.replace('`', '')}" for text, _ in choices)])


def label(question: str) -> str:
    """Return the name of a prediction, with enough words to distinguish it from others."""
    question_words = question.replace("`", "").split()
    more = " …" if len(question_words) > LABEL_WORDS else ""
    return f"Prediction: {' '.join(question_words[:LABEL_WORDS])}{more}"


def answer_text(value: object) -> str:
    """Return a value as a reader would write it: ``(24, 8)``, ``int8``, plain text."""
    if isinstance(value, np.ndarray | np.generic):
        return answer_text(value.tolist())
    if isinstance(value, tuple):
        inside = ", ".join(answer_text(v) if isinstance(v, np.generic) else repr(v) for v in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return str(value)


def as_code(value: object) -> str:
    """Return a value as text, in backticks if it is something that Python or NumPy would print."""
    text = answer_text(value)
    if "`" in text or (isinstance(value, str) and not is_literal(text)):
        return text
    return f"`{text}`"


def is_literal(text: str) -> bool:
    """Tell whether text is a Python literal, or numbers in brackets as in a printed array."""
    if ARRAY.fullmatch(text):
        return True
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False
    return True


def _comparable(value: object) -> object:
    """Return a value that can be compared with ``==``.

    Sequences become tuples, and NumPy scalars become Python's. Bools are not equal to 0 and 1, and
    nan is equal to nan, because a reader would see it that way.
    """
    if isinstance(value, np.ndarray | np.generic):
        return _comparable(value.tolist())
    if isinstance(value, list | tuple):
        return tuple(_comparable(v) for v in value)
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, bool) or value != value:  # noqa: PLR0124 - only nan differs from itself
        return repr(value)
    return value

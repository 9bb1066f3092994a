"""`predict`: a question asked before the output is seen; every wrong answer has its reason."""

from __future__ import annotations

import ast
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import prose
from stridescope.drawing.svg import esc
from stridescope.drawing.touch_target import Touch, place_text, touching
from stridescope.runtime import answer_log
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

Again = Callable[[int], "tuple[Any, ...]"]
"""From a seed to (question, answer, choices, why), and to the array to touch where there is one."""

ARRAY = re.compile(r"\[[-+\d\s.,eE\[\]]*\d[-+\d\s.,eE\[\]]*\]")
"""An array as NumPy prints it."""

LABEL_WORDS = 7
"""Words of a question that tell a screen reader which prediction this is."""


@dataclass(frozen=True)
class Question:
    """A question, its choices as text, and the right one; `` `code` `` in backticks.

    Parameters
    ----------
    choices
        Pairs of text and reason, the right one included; for a free answer only wrong ones.
    answer, why
        NumPy's answer as text, and the reason.
    right
        Which choice is right; None if the answer is typed or touched.
    touch
        The picture to touch, if that is how it is answered.
    """

    ask: str
    choices: tuple[tuple[str, str], ...]
    answer: str
    why: str
    right: int | None
    touch: Touch | None = None

    def state(self) -> dict[str, Any]:
        """Return what the front end starts from."""
        state: dict[str, Any] = {"ask": self.ask, "answer": self.answer, "why": self.why}
        state |= {"choices": [list(pair) for pair in self.choices], "right": self.right}
        return state | ({"touch": self.touch.state()} if self.touch else {})


@dataclass
class Idea:
    """A question asked in this session, which `review` may ask again."""

    key: str
    question: Question
    again: Again | None = field(repr=False)

    def variant(self, seed: int) -> Question:
        """Return the question with the numbers of `seed`; as it was if there are no others."""
        if self.again is None or not seed:
            return self.question
        ask, answer, choices, why, *array = self.again(seed)
        touch = (
            touching(array[0], self.question.touch.name, answer) if self.question.touch else None
        )
        return make(ask, answer, choices, why, free=self.question.right is None, touch=touch)


ASKED: dict[str, Idea] = {}
"""The questions of this session, in the order in which they were asked."""


def predict(  # noqa: PLR0913 - a question has these parts
    question: str,
    answer: object,
    choices: Mapping[Any, str] | None = None,
    *,
    why: str = "",
    free: bool = False,
    touch: NDArray[Any] | None = None,
    name: str = "a",
    again: Again | None = None,
    key: str = "",
) -> Instrument:
    """Ask for a prediction; one tap answers and says how sure, or each choice opens to its verdict.

    Parameters
    ----------
    question
        One sentence; `` `code` `` in backticks.
    answer
        The right answer, as the caller computed it with NumPy: a tuple, list, array, scalar,
        dtype or string.
    choices
        From each possible answer to the misconception that leads to it. The text of the right one
        stands for `why` if that is empty.
    why
        Why the right answer is right.
    free
        The reader types the answer: a shape, strides, a number, a word. Forms that mean the same
        count as the same: ``(24, 8)``, ``[24,8]``, ``24 8``. `choices` then names wrong answers
        only, each shown to who types it, and may be left out.
    touch
        A small array that is drawn, and answered by touching it: its bytes if `answer` is an int, the
        byte at which something starts; its elements if `answer` is a tuple, an index. `choices` then
        names wrong places only, as with `free`.
    name
        What the array to touch is called in the picture.
    again
        Takes a seed (1, 2, …) and returns the same question with other numbers, as ``(question,
        answer, choices, why)``, for `review`; with `touch` the array comes fifth.
    key
        The name under which answers are kept, for `before_after`; by default it is made of the
        question, and changes with it.

    Returns
    -------
    Instrument
        Its static form is ``<details>`` that need no script; its words do not give the answer away.
        Live, after an answer by touch, the reader's picture stands above NumPy's, each with its place
        ringed: the ring is the difference. After a choice or a typed answer there is no picture; what
        the reader said and what NumPy says stand in one list, or one under the other.

    Raises
    ------
    ValueError
        If no choice, or more than one, equals the answer as a value; with `free` or `touch`, if one
        does. If the array to touch is empty or large, or the answer is no place in it.
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
    picture = None if touch is None else touching(touch, name, answer)
    asked = make(question, answer, choices or {}, why, free=free, touch=picture)
    key = key or f"{zlib.crc32(question.encode()):08x}"
    ASKED[key] = Idea(key, asked, again)
    state = {"key": key, "label": label(question), "seed": 0, **asked.state()}
    return Instrument(
        static(asked), words(asked), "predict", state, on_reply=answer_log.record_quietly
    )


def make(  # noqa: PLR0913 - a question has these parts
    question: str,
    answer: object,
    choices: Mapping[Any, str],
    why: str,
    *,
    free: bool,
    touch: Touch | None = None,
) -> Question:
    """Check a question and write its parts as text."""
    free = free or touch is not None
    keys = list(choices)
    right = [k for k, key in enumerate(keys) if _plain(key) == _plain(answer)]
    if len(right) != (0 if free else 1):
        some = "no choice equals" if not right else f"{len(right)} choices equal"
        msg = f"predict({question!r}): {some} the answer {show(answer)!r}; choices: " + ", ".join(
            repr(show(key)) for key in keys
        )
        raise ValueError(msg + ("; with free=True or touch=… name wrong ones only" if free else ""))
    reason = why if free else why or choices[keys[right[0]]]
    written = place_text if touch else as_code
    pairs = tuple((written(key), text) for key, text in choices.items())
    return Question(question, pairs, written(answer), reason, None if free else right[0], touch)


def static(asked: Question) -> str:
    """Return the form that needs no script: every choice opens to its verdict, all look alike."""
    body = f'<p class="ss-ask">{prose(asked.ask)}</p>'
    if asked.touch:
        body += asked.touch.picture(answered=False)
        body += f"<p>Find the {asked.touch.of} in the picture, then look.</p>"
    elif asked.right is None:
        body += "<p>Write your answer down, then look.</p>"
    for k, (text, reason) in enumerate(asked.choices if asked.right is not None else ()):
        verdict = f"✓ Yes. {asked.why}" if k == asked.right else f"Not yet. {reason}"
        body += (
            f"<details><summary>{prose(text)}</summary><p>{prose(verdict.strip())}</p></details>"
        )
    final = asked.touch.picture(answered=True) if asked.touch else ""
    final += f"<p>{prose(asked.answer)}{'. ' + prose(asked.why) if asked.why else ''}</p>"
    body += f'<details class="ss-show"><summary>Show me</summary>{final}</details>'
    return f'<section class="ss ss-predict" aria-label="{esc(label(asked.ask))}">{body}</section>'


def words(asked: Question) -> str:
    """Return the question and its choices for the terminal, without the answer."""
    choices = asked.choices if asked.right is not None else ()
    return "\n".join([asked.ask, *(f"  - {text.replace('`', '')}" for text, _ in choices)])


def label(question: str) -> str:
    """Return the name of a prediction: enough words to tell it from others on the page."""
    said = question.replace("`", "").split()
    more = " …" if len(said) > LABEL_WORDS else ""
    return f"Prediction: {' '.join(said[:LABEL_WORDS])}{more}"


def show(value: object) -> str:
    """Return a value as a reader writes it: ``(24, 8)``, ``int8``, plain text."""
    if isinstance(value, np.ndarray | np.generic):
        return show(value.tolist())
    if isinstance(value, tuple):
        inside = ", ".join(show(v) if isinstance(v, np.generic) else repr(v) for v in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return str(value)


def as_code(value: object) -> str:
    """Return a value as text with backticks around what Python or NumPy would write."""
    text = show(value)
    if "`" in text or (isinstance(value, str) and not is_literal(text)):
        return text
    return f"`{text}`"


def is_literal(text: str) -> bool:
    """Tell whether text is a literal of Python, or numbers in the brackets of a printed array."""
    if ARRAY.fullmatch(text):
        return True
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return False
    return True


def _plain(value: object) -> object:
    """Return a value that compares by ``==``: sequences as tuples, NumPy scalars as Python's.

    Truth values are kept apart from 0 and 1, and nan equals nan: both are answers of their own.
    """
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return tuple(_plain(v) for v in value)
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, bool) or value != value:  # noqa: PLR0124 - only nan differs from itself
        return repr(value)
    return value

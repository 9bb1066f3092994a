"""`ss.predict(…, touch=a)` draws the array, and NumPy says which place is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stridescope as ss
from stridescope.instruments.predict import QUESTIONS
from support.svg_reading import parse, svgs

if TYPE_CHECKING:
    from numpy.typing import NDArray

A = np.arange(1, 13, dtype=np.int16).reshape(3, 4).copy()


def start(a: NDArray[Any], index: tuple[int, ...]) -> int:
    """Where an element starts, from the start of its array, by NumPy."""
    one = a[tuple(slice(i, i + 1) for i in index)]
    return int(one.__array_interface__["data"][0] - a.__array_interface__["data"][0])


def ask(**options: Any) -> ss.Instrument:  # noqa: ANN401 - of ss.predict
    return ss.predict("At which byte does `a[1, 2]` start?", start(A, (1, 2)), touch=A, **options)


def answer_of(figure: ss.Instrument) -> str:
    (details,) = (d for d in parse(figure.html).iter("details") if d.get("class") == "ss-show")
    return "".join(details.itertext())


def test_a_byte_is_answered_on_the_strip_and_an_index_on_the_grid() -> None:
    byte, element = ask(), ss.predict("Which one?", (1, 2), touch=A, name="A")
    assert byte.state["touch"]["of"] == "byte"
    assert element.state["touch"]["of"] == "element"
    assert "Bytes of a" in byte.html
    assert "Elements of A" in element.html


def test_the_static_form_shows_the_picture_twice_and_the_answer_only_when_opened() -> None:
    figure = ask(why="Twelve and four.")
    before, after = figure.html.split("<details", 1)
    assert len(svgs(f"{before}</section>", "Bytes")) == 2
    assert 'class="r"' not in before
    assert 'class="r"' in after
    assert "byte 12. Twelve and four." in answer_of(figure)


def test_the_words_of_the_terminal_do_not_give_it_away() -> None:
    assert ask().text == "At which byte does `a[1, 2]` start?"


def test_each_value_is_sent_by_the_byte_where_it_starts() -> None:
    texts = ask().state["touch"]["texts"]
    assert texts == {str(start(A, i)): str(A[i]) for i in np.ndindex(A.shape)}


def test_a_view_is_drawn_on_its_owners_bytes() -> None:
    figure = ss.predict("Where?", 22, touch=A[::-1, ::2])
    touch = figure.state["touch"]
    assert touch["nbytes"] == A.nbytes
    assert touch["layout"]["strides"] == list(A[::-1, ::2].strides)
    assert touch["texts"]["22"] == "12"


def test_wrong_places_have_their_reasons() -> None:
    figure = ask(choices={6: "That is `a[0, 3]`."})
    assert figure.state["choices"] == [["byte 6", "That is `a[0, 3]`."]]
    with pytest.raises(ValueError, match="give only wrong answers"):
        ask(choices={12: "Yes."})


@pytest.mark.parametrize(
    ("answer", "array", "words"),
    [
        (13, A, "no box in the picture starts at byte 13"),
        (24, A, "no box in the picture starts at byte 24"),
        ((3, 0), A, r"\(3, 0\) is not an index of an array of shape \(3, 4\)"),
        ((1,), A, "is not an index"),
        (0, np.zeros(1000), "1 to 36 elements"),
        (0, np.zeros((0, 2)), "1 to 36 elements"),
        (0, np.zeros(1000)[:2], "in 8000 bytes"),
    ],
)
def test_what_cannot_be_touched_is_refused(answer: object, array: NDArray[Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ss.predict("Where?", answer, touch=array)


@pytest.mark.parametrize("answer", ["12", 1.5, True, None, (1, 0.5)])
def test_an_answer_that_is_no_place_is_refused(answer: object) -> None:
    with pytest.raises(TypeError, match=r"a byte \(an int\) or an index \(a tuple\)"):
        ss.predict("Where?", answer, touch=A)


def test_asked_again_it_has_another_array() -> None:
    def again(seed: int) -> tuple[Any, ...]:
        b = np.zeros((2, 3 + seed), np.int16)
        return f"At which byte does `b[1, {seed}]` start?", start(b, (1, seed)), {}, "", b

    ss.predict("At which byte does `b[1, 0]` start?", 6, touch=np.zeros((2, 3), "i2"), again=again)
    idea = list(QUESTIONS.values())[-1]
    asked = idea.variant(2)
    assert asked.answer == "byte 14"
    assert asked.touch is not None
    assert asked.state()["touch"]["layout"]["shape"] == [2, 5]
    assert re.search(r"b\[1, 2\]", asked.ask)

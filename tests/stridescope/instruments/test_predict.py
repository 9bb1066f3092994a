"""`ss.predict` asks, names each misconception, and gives nothing away."""

from __future__ import annotations

import numpy as np
import pytest

import stridescope as ss
from stridescope.instruments.predict import as_code
from support.svg_reading import parse

CHOICES = {(3, 1): "Strides count bytes.", (24, 8): "", (8, 24): "That is `F` order."}


def ask() -> ss.Instrument:
    a = np.zeros((3, 3), np.int64)
    return ss.predict("What is `a.strides`?", a.strides, CHOICES, why="A row is 24 bytes.")


def test_each_choice_opens_to_its_verdict() -> None:
    found = {}
    for details in parse(ask().html).iter("details"):
        summary = "".join(details.find("summary").itertext())
        found[summary] = "".join(details.find("p").itertext())
    assert found == {
        "(3, 1)": "Not yet. Strides count bytes.",
        "(24, 8)": "✓ Yes. A row is 24 bytes.",
        "(8, 24)": "Not yet. That is F order.",
        "Show me": "(24, 8). A row is 24 bytes.",
    }


def test_choices_look_alike_before_they_are_opened() -> None:
    details = [d for d in parse(ask().html).iter("details") if not d.get("class")]
    assert len(details) == 3
    for d in details:
        assert d.attrib == {}
        assert [c.tag for c in d] == ["summary", "p"]
        assert all(c.attrib in ({}, {"class": "ss-one"}) for c in d.iter() if c is not d)


def test_the_section_is_what_the_page_expects() -> None:
    section = parse(ask().html).find("section")
    assert section.attrib == {
        "class": "ss ss-predict",
        "aria-label": "Prediction: What is a.strides?",
    }
    assert [c.tag for c in section] == ["p", "details", "details", "details", "details"]
    assert section[-1].get("class") == "ss-show"
    assert section[0].find("code").text == "a.strides"


def test_the_words_do_not_give_the_answer_away() -> None:
    question, *choices = ask().text.splitlines()
    assert question == "What is `a.strides`?"
    assert sorted(choices) == ["  - (24, 8)", "  - (3, 1)", "  - (8, 24)"]


def test_the_place_of_a_choice_does_not_give_the_answer_away() -> None:
    places = [0, 0, 0]
    for n in range(3, 303):
        strides = {(n, 1): "elements", (8 * n, 8): "", (8, 8 * n): "F order"}
        for choices in (strides, dict(reversed(strides.items()))):
            shown = ss.predict(f"Strides of {n} × {n}?", (8 * n, 8), choices).state
            assert shown["choices"][shown["right"]][0] == f"`({8 * n}, 8)`"
            places[shown["right"]] += 1
    assert min(places) > 150, places
    assert max(places) < 250, places


def test_numbers_are_in_order_and_a_scale_stays_as_it_is() -> None:
    numbers = ss.predict("How many?", 9, {71: "all", 9: "", -1.5: "less than none"})
    assert [text for text, _ in numbers.state["choices"]] == ["`-1.5`", "`9`", "`71`"]
    said = ["as long", "twice as long", "longer", "None of them"]
    for right in said:
        scale = ss.predict("How long?", right, dict.fromkeys(said, "why"), ordered=True)
        assert [text for text, _ in scale.state["choices"]] == said
        assert scale.state["right"] == said.index(right)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (np.int64(3), 3),
        (np.array([1, 2]), (1, 2)),
        ([1, [2, 3]], (1, (2, 3))),
        (np.array(5), 5),
        (np.dtype("int16"), "int16"),
        (np.float64("nan"), float("nan")),
        (np.True_, True),
        ((np.int64(24), np.int64(8)), (24, 8)),
        ("raises `OverflowError`", "raises `OverflowError`"),
        (np.str_("view"), "view"),
    ],
)
def test_answers_are_compared_as_values(answer: object, key: object) -> None:
    html = ss.predict("q", answer, {"something else": "no", key: "right"}).html
    assert html.count("✓ Yes.") == 1


def test_a_truth_value_is_not_a_number() -> None:
    with pytest.raises(ValueError, match="no choice equals the answer 'True'"):
        ss.predict("q", np.True_, {1: "", 0: ""})


def test_a_question_without_or_with_two_right_answers_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no choice equals the answer '\(8, 24\)'"):
        ss.predict("q", (8, 24), {(3, 1): "", (24, 8): ""})
    with pytest.raises(ValueError, match="2 choices equal"):
        ss.predict("q", np.dtype("i8"), {"int64": "", np.dtype("i8"): ""})


def test_markup_in_a_question_is_text() -> None:
    html = ss.predict("<script>1</script> `<b>`", "x<y", {"x<y": "<i>", "no": "<u>"}).html
    parse(html)
    assert "<script" not in html
    assert "<code>&lt;b&gt;</code>" in html


def test_the_text_of_the_right_choice_stands_in_for_why() -> None:
    assert "✓ Yes. One row." in ss.predict("q", 1, {1: "One row.", 2: "No."}).html


def test_a_typed_question_takes_no_right_choice() -> None:
    with pytest.raises(ValueError, match="give only wrong answers"):
        ss.predict("Strides?", (24, 8), {(24, 8): ""}, free=True)
    shown = ss.predict("Strides?", (24, 8), {(8, 24): "F."}, free=True, why="Bytes.")
    assert shown.text == "Strides?"
    assert "(8, 24)" not in shown.html
    assert shown.state["right"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((24, 8), "`(24, 8)`"),
        ("(24, 8)", "`(24, 8)`"),
        ("[1 2 3]", "`[1 2 3]`"),
        ("[[1, 3], [2, 4]]", "`[[1, 3], [2, 4]]`"),
        ("'int16'", "`'int16'`"),
        ("True", "`True`"),
        (np.int8(-1), "`-1`"),
        (np.dtype("int16"), "`int16`"),
        ("raises `ValueError`", "raises `ValueError`"),
        ("a view", "a view"),
        ("[no] array", "[no] array"),
        ("", ""),
    ],
)
def test_literals_stand_in_the_font_of_code_however_they_are_given(
    value: object, text: str
) -> None:
    assert as_code(value) == text

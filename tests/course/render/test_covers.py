"""Nothing that gives an answer away is open before the reader has answered."""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from course.core.paths import ROOT
from course.render.covers import DECK
from support.lesson_page import code, markdown, render, shown

QUESTION = '<section class="ss-predict" aria-label="Prediction">?</section>'
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def asks(name: str = "1") -> nbformat.NotebookNode:
    return code(f"ss.predict({name})", shown(text_html=QUESTION), tags=["predict"])


def answers(name: str = "1") -> nbformat.NotebookNode:
    return code(f"answer {name}", shown(text_plain=f"output {name}"))


def visible(page: str) -> str:
    """Return the text that a reader sees who has answered nothing."""
    soup = BeautifulSoup(page, "html.parser")
    for hidden in soup.select(".gated, .rules, .covered > .out, details > :not(summary)"):
        hidden.decompose()
    return " ".join(soup.select("main")[0].get_text(" ").split())


def cells_of(page: str) -> list[Tag]:
    return BeautifulSoup(page, "html.parser").select("main [data-cell]")


def test_a_question_covers_everything_down_to_the_next_heading() -> None:
    page = render(
        markdown("## One\n\nBefore."),
        asks(),
        answers(),
        markdown("Why it is so."),
        answers("2"),
        markdown("**The rule.** Always.\n\n## Two\n\nAnother thing."),
    )
    text = visible(page)
    for open_text in ("Before.", "answer 1", "Two", "Another thing."):
        assert open_text in text
    for covered in ("output 1", "Why it is so.", "answer 2", "The rule."):
        assert covered not in text


def test_the_questions_below_a_cover_open_one_after_the_other() -> None:
    page = render(asks("1"), answers("1"), asks("2"), answers("2"), markdown("## Three"))
    first, second = BeautifulSoup(page, "html.parser").select("[data-covered-by]")
    assert "gated" not in first["class"]
    assert "gated" in second["class"]
    assert "Three" in visible(page)


def test_text_between_a_question_and_its_answer_is_covered_too() -> None:
    page = render(asks(), markdown("It is promoted."), answers())
    assert "Predict first" in visible(page)
    assert "It is promoted." not in visible(page)
    assert "answer 1" not in visible(page)


def test_an_answer_without_output_has_a_cover_to_open() -> None:
    page = render(asks(), code("x = 1"), markdown("So."))
    (cover,) = BeautifulSoup(page, "html.parser").select(".covered > .cover")
    assert cover.select("button")
    assert "So." not in visible(page)


def test_a_heading_in_code_is_no_heading() -> None:
    page = render(asks(), answers(), markdown("So.\n\n```python\n## no heading\n```\n\nAnd so."))
    assert "And so." not in visible(page)


def test_a_review_is_no_answer() -> None:
    page = render(asks(), answers(), code("ss.review()", shown(text_plain="again")))
    assert "again" in visible(page)


def test_the_answers_of_a_quiz_are_covered() -> None:
    page = render(
        markdown("## Quiz\n\n1. One?", tags=["quiz"]),
        code("print('1: (60, 12, 4)')", shown(text_plain="1: (60, 12, 4)")),
        markdown("All five.\n\n## After"),
    )
    (cover,) = BeautifulSoup(page, "html.parser").select("[data-covered-by=quiz]")
    assert "Answer first" in cover.get_text()
    assert "All five." not in visible(page)
    assert "After" in visible(page)


def test_a_box_of_details_is_no_part_of_what_is_covered_before_it() -> None:
    page = render(
        asks(),
        answers(),
        markdown("### Further in: more"),
        markdown("A detail.", tags=["further"]),
        markdown("After the box."),
    )
    (box,) = BeautifulSoup(page, "html.parser").select("details.further")
    assert "gated" not in box["class"]
    assert box.select(".gated") == []
    assert "After the box." in visible(page)


def test_questions_in_a_row_are_a_deck_and_cover_nothing() -> None:
    deck = [asks(str(k)) for k in range(DECK)]
    page = render(*deck, markdown("Afterwards."), code("ss.review()", shown(text_plain="again")))
    (section,) = BeautifulSoup(page, "html.parser").select("section.deck")
    assert len(section.select(".predicts")) == DECK
    assert "Afterwards." in visible(page)
    assert "again" in visible(page)
    assert "data-covered-by" not in page


def test_two_questions_in_a_row_are_no_deck() -> None:
    assert 'class="deck"' not in render(asks("1"), asks("2"), answers())


# The lessons themselves ---------------------------------------------------------------------------


def plain(source: str) -> list[str]:
    """Return the sentences of a Markdown cell up to its first heading, bare of all marks."""
    head = "\n".join(takewhile(lambda line: not line.startswith("#"), source.splitlines()))
    head = re.sub(r"<details>.*?</details>|\$[^$]+\$|```.*?```", " ", head, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)", "", head)
    sentences = re.split(r"(?<=[.:?])\s+|\n\n|\n[-|]", text)
    return [bare(one) for one in sentences if len(bare(one)) > 40]


def bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@cache
def lesson_page(name: str) -> str:
    notebook = nbformat.read(ROOT / "lessons" / name, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":  # the page is alone here, and nothing is linked
            cell.source = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", cell.source)
    return render(*notebook.cells[1:], title=notebook.cells[0].source)


@pytest.mark.sample(every=4)
@pytest.mark.parametrize("name", [file.name for file in LESSONS])
def test_no_lesson_explains_an_answer_before_the_reader_has_given_one(name: str) -> None:
    notebook = nbformat.read(ROOT / "lessons" / name, as_version=4)
    seen = bare(visible(lesson_page(name)))
    told, asked, row = [], False, 0
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        if "predict" in tags:
            row += 1
            continue
        asked, row = asked or 0 < row < DECK, 0
        if cell.cell_type == "code":
            asked = asked and "review(" not in cell.source
            continue
        starts = cell.source.lstrip().startswith("#") or {"rules", "quiz", "generated"} & tags
        if asked and not starts:
            told += [one for one in plain(cell.source) if one in seen]
        asked = asked and not re.search(r"^#", cell.source, re.MULTILINE)
    assert told == []

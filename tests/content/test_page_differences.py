"""The list of what differs in a page is read strictly, and can only shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.page_differences import Difference, Listed, listed, objections, unknown

WHY = "The default integer has 32 bits there."
CELL = Difference("01-dtypes: c1", "int64\nsame", "int32\nsame")
ALLOWED = {"01-dtypes: c1": Listed("int32", WHY)}


def written(folder: Path, text: str) -> Path:
    file = folder / "list.yml"
    file.write_text(text, "utf-8")
    return file


def test_a_difference_that_is_listed_is_allowed() -> None:
    assert objections([CELL], ["01-dtypes: c1", "01-dtypes: c2"], ALLOWED) == []


def test_a_difference_that_is_not_listed_is_shown_from_both_sides() -> None:
    (line,) = objections([CELL], ["01-dtypes: c1"], {})
    assert "01-dtypes: c1:\n  natively  'int64'\n  in a page 'int32'" in line
    assert "is not in page_differences.yml: mend the text or the test" in line


def test_a_listed_difference_that_no_longer_occurs_has_to_go() -> None:
    (line,) = objections([], ["01-dtypes: c1"], ALLOWED)
    assert line == "01-dtypes: c1 no longer differs in a page: remove it from page_differences.yml"


def test_a_listed_place_that_was_not_compared_is_not_judged() -> None:
    assert objections([], ["01-dtypes: c2"], ALLOWED) == []


def test_a_listed_difference_that_has_become_another_one_is_refused() -> None:
    other = Difference("01-dtypes: c1", "int64\nsame", "MemoryError: no\nsame")
    (line,) = objections([other], ["01-dtypes: c1"], ALLOWED)
    assert "page_differences.yml says 'int32': mend it there" in line


def test_only_lines_that_the_page_alone_shows_count() -> None:
    told = {"01-dtypes: c1": Listed("same", WHY)}
    assert len(objections([CELL], ["01-dtypes: c1"], told)) == 1


def test_a_page_that_shows_less_is_listed_by_what_is_left() -> None:
    less = Difference("01-dtypes: c1", "int64\nsame", "same")
    assert objections([less], [], {"01-dtypes: c1": Listed("same", WHY)}) == []


def test_a_place_that_is_no_longer_there_has_to_go() -> None:
    assert unknown(["01-dtypes: c2"], ALLOWED) == [
        "there is no 01-dtypes: c1 any more: remove it from page_differences.yml"
    ]


def test_the_list_is_read_by_place(tmp_path: Path) -> None:
    text = f"- why: {WHY}\n  differ:\n    '01-dtypes: c1': int32\n    '01-dtypes: c2': int32\n"
    assert set(listed(written(tmp_path, text))) == {"01-dtypes: c1", "01-dtypes: c2"}


@pytest.mark.parametrize("why", ["''", "no reason", "five words but no stop"])
def test_an_entry_without_a_reason_is_refused(tmp_path: Path, why: str) -> None:
    text = f"- why: {why}\n  differ:\n    '01-dtypes: c1': int32\n"
    with pytest.raises(ValueError, match="give the reason as a sentence"):
        listed(written(tmp_path, text))


def test_a_place_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    entry = f"- why: {WHY}\n  differ: {{'01-dtypes: c1': int32}}\n"
    with pytest.raises(ValueError, match="has 01-dtypes: c1 twice"):
        listed(written(tmp_path, entry * 2))

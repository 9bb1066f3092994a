"""Copies of Google Classroom: whose each is, as far as their names tell."""

from __future__ import annotations

from nbgrader_isolate.intake.google import TWO_OF_ONE_NAME, google_classroom


def test_who_has_two_files_that_differ_by_a_number_is_in_doubt() -> None:
    paths = ["all/Ada L - hw.ipynb", "all/Ada L - hw (1).ipynb", "all/Bob - hw.ipynb"]
    read = google_classroom(paths, "all/")
    assert read is not None
    found = [read(path) for path in paths]
    assert [one.doubt for one in found if one] == [TWO_OF_ONE_NAME, TWO_OF_ONE_NAME, ""]
    assert [one.submitter.name for one in found if one] == ["Ada L", "Ada L", "Bob"]


def test_people_count_and_not_files() -> None:
    pictures = [f"Eve - {number}.png" for number in range(40)]
    assert google_classroom(["Ada - hw.ipynb", "Bob - hw.zip", *pictures], "") is not None
    assert google_classroom(["ada.ipynb", "bob.ipynb", *pictures], "") is None

"""A term of the glossary leads to a section that uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.lint.texts import check_content
from support.content_faults import faults


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("flat line: {means: It is., lesson: 01-one, at: Gone}", "has no heading 'Gone'"),
        ("flat line: {means: It is., lesson: 01-one, at: Next}", "does not use it"),
        ("flat line: {means: It is., lesson: 09-no, at: Next}", "no lesson '09-no'"),
        ("flat line: {means: no sentence, lesson: 01-one, at: One}", "with a period"),
        ("flat line: {means: It is., lesson: 01-one}", "write `means:`, `lesson:` and `at:`"),
        ("flat line: [", "is not YAML"),
    ],
)
def test_a_faulty_term_is_named_with_its_line(tmp_path: Path, entry: str, words: str) -> None:
    (told,) = faults(tmp_path, "glossary.yml", f"# terms\n\n{entry}\n")
    assert told.startswith(("content/glossary.yml:3: ", "content/glossary.yml:4: "))
    assert words in told


@pytest.mark.parametrize(
    ("term", "at"), [("flat line", "np.x, and how"), ("View", "np.x, and how"), ("view", "Part")]
)
def test_a_term_may_be_marked_broken_over_lines_or_stand_in_a_part(
    tmp_path: Path, term: str, at: str
) -> None:
    assert (
        faults(
            tmp_path, "glossary.yml", f'{term}: {{means: "It is.", lesson: 01-one, at: "{at}"}}\n'
        )
        == []
    )


def test_two_terms_with_one_anchor_are_refused(tmp_path: Path) -> None:
    entry = '{means: "It is.", lesson: 01-one, at: Part}'
    (told,) = faults(tmp_path, "glossary.yml", f"view: {entry}\nView: {entry}\n")
    assert "same anchor" in told


@pytest.mark.slow
def test_the_glossary_and_the_schedules_of_the_course_are_right() -> None:
    check_content(Folders(ROOT))

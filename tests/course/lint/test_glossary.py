"""A term of the glossary leads to a section that uses it; a part of a schedule to one that is
there."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import ContentFaultsError
from course.core.paths import ROOT, Folders
from course.lint.texts import check_content
from support.checkout import HEADER, make

TEXT = (
    f"{HEADER}\n# One\n\n## `np.x`, and how\n\nA **flat\nline** is one.\n\n### Part\n\nA view.\n\n"
    "## Next\n"
)


def faults(tmp_path: Path, name: str, text: str) -> list[str]:
    folders = make(tmp_path, {"01-one": TEXT})
    (folders.content / name).write_text(text)
    try:
        check_content(folders)
    except ContentFaultsError as error:
        return str(error).splitlines()
    return []


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


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (
            "{lesson: 01-one, at: [One, Gone]}",
            "content/schedules.yml:6: content/lessons/01-one.md has no section 'Gone'",
        ),
        ("{lesson: 01-one, at: [Part]}", "has no section 'Part'"),
        ("{lesson: 09-no, at: [One]}", "no lesson '09-no'"),
        ("{lesson: 01-one}", "each part `lesson` and `at`"),
    ],
)
def test_a_faulty_part_of_a_schedule_is_named(tmp_path: Path, part: str, words: str) -> None:
    text = f"- name: S\n  minutes: 60\n  sessions:\n  - title: T\n    parts:\n    - {part}\n"
    (told,) = faults(tmp_path, "schedules.yml", text)
    assert words in told


@pytest.mark.slow
def test_the_glossary_and_the_schedules_of_the_course_are_right() -> None:
    check_content(Folders(ROOT))

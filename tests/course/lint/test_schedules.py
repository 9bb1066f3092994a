"""A part of a schedule leads to a section that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.content_faults import faults


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

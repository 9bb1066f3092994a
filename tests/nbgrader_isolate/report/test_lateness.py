"""Late work in a summary: what it costs, who had longer, who is excused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from nbgrader_isolate.gradebook.accommodations import Accommodation
from nbgrader_isolate.gradebook.grades import Submission
from nbgrader_isolate.report.lateness import duration, lateness_lines

WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC).replace(tzinfo=None)


def one(student: str, late: float = 0.0, penalty: float = 0.0, hours: float = 0.0) -> Submission:
    return Submission(student, "", WHEN, timedelta(hours=hours), late, penalty)


def test_each_kind_of_late_work_has_its_line() -> None:
    untimed = Submission("zoe", "", None, timedelta(), 0.0, 0.0)
    lines = list(
        lateness_lines(
            [one("ada", 90000.0, 1.5), one("bob", 1800.0), one("cy", hours=48), untimed],
            {
                "dan": Accommodation(excused=True),
                "cy": Accommodation(timedelta(hours=48)),
                "bob": Accommodation(time_factor=2.0),
                "ada": Accommodation(time_factor=1.5),
            },
            due=True,
        )
    )
    assert lines == [
        "Late, 1.5 points deducted from 1: ada (1 day, −1.5).",
        "Late, without a penalty: bob (30 minutes).",
        "With an extension: cy (2 days).",
        "With more time for their code to run: ada (× 1.5), bob (× 2).",
        "Excused, and not counted: dan.",
        "When it was submitted is unknown, so it counts as on time: 1 submission.",
        "In accommodations.csv, without a submission: dan.",
    ]


def test_without_late_work_there_is_nothing_to_say() -> None:
    untimed = Submission("zoe", "", None, timedelta(), 0.0, 0.0)
    assert list(lateness_lines([one("ada"), untimed], {}, due=False)) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(30.0, "30 s"), (60.0, "1 minute"), (5400.0, "1.5 hours"), (86400.0 * 3, "3 days")],
)
def test_a_duration_is_read_at_a_glance(seconds: float, text: str) -> None:
    assert duration(seconds) == text

"""The class report: numbers, mistakes and examples; no names unless asked for, nothing active."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.feedback.class_report import (
    ClassReport,
    ExampleAnswer,
    ShownGroup,
    answer_before,
    class_report,
    render,
    without_hidden_lines,
)
from nbgrader_isolate.feedback.hidden_tests import HiddenTestDelimiters
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.report.class_statistics import TaskStatistics, scores_of_class
from support import graded_course as gc
from support.graded_course import A

TRAP = "</style></main><script>trap()</script><img src=x onerror=trap()>\x1b[2J\u202e"


def shown_group(text: str, names: str = "") -> ShownGroup:
    answers = [ExampleAnswer(Markup("x = 1"), 2, names)]
    return ShownGroup(text, text, text, 3, 0.5, text, names, answers)


def report(text: str) -> ClassReport:
    """Return a report with one text wherever a stranger's text can be."""
    return ClassReport(
        assignment=text,
        made=f"{datetime(2026, 11, 20):%Y-%m-%d} UTC",  # noqa: DTZ001 - it is only printed
        scores=scores_of_class({"a": 1.0, "b": 2.0}, 2.0),
        tasks=[TaskStatistics(text, text, 2.0, 12, 1, 0.5, 5, 5, -0.25)],
        groups=[shown_group(text, text)],
        others=[shown_group(text, text)] * 40,
        late=1,
        excused=1,
        seconds={text: 0.5},
    )


def test_no_text_of_a_stranger_is_active_on_the_page() -> None:
    html = render(report(TRAP))
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("</style>") == html.count("</main>") == 1
    assert "&lt;script&gt;" in html
    assert "default-src &#39;none&#39;" in html or "default-src 'none'" in html
    assert not re.search(r"<[^>]*\b(?:src|href)=", html)
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "and 10 more" in html
    assert "correlation:\n −0.25" in html
    assert "Points that nobody has given yet count as 0." in html
    answered = [replace(task, waiting=0) for task in report("a").tasks]
    assert "count as 0" not in render(replace(report("a"), tasks=answered))


@pytest.mark.slow
def test_the_report_of_a_course_shows_its_mistakes_without_names(graded: Path) -> None:
    gc.rows(graded, "update student set first_name = 'Secret', last_name = id")
    done = gc.grade(graded, "--html", graded / "class.html", verb="report")
    assert done.returncode == Exit.DONE, done.stderr
    html = (graded / "class.html").read_text("utf-8")
    assert "What the class has not understood yet" in html
    assert "flat-index-visible" in html
    assert "Secret" not in html
    named = gc.grade(graded, "--html", "-", "--names", verb="report").stdout
    assert "Secret" in named
    (graded / "accommodations.csv").write_text(
        f"assignment,student,excused\n{A},ada,yes\n", "utf-8"
    )
    without = class_report(Course(graded), A, print, names=True)
    assert "Secret ada" not in without
    assert "Excused" in without


@pytest.mark.slow
def test_what_does_not_fit_the_page_is_refused(graded: Path) -> None:
    for options in (
        ["--names"],
        ["--html", "-", "--student", "ada"],
        ["--html", "-", "--json", "-"],
    ):
        done = gc.grade(graded, *options, verb="report")
        assert done.returncode == Exit.USAGE
        assert len(done.stderr.splitlines()) == 1
    gc.rows(graded, "delete from submitted_assignment")
    with pytest.raises(GraderError, match="has no submission"):
        class_report(Course(graded), A, print, names=False)


def test_the_answer_to_a_test_is_the_one_before_it(tmp_path: Path) -> None:
    file = tmp_path / "hw.ipynb"
    assert answer_before(file, "t") == ""
    file.write_text(
        '{"cells": [{"metadata": {"nbgrader": {"solution": true, "grade_id": "f"}}, "source": '
        '["x = 1\\n", "y = 2"]}, {"metadata": {"nbgrader": {"grade": true, "grade_id": "t"}}, '
        '"source": "assert x"}]}',
        "utf-8",
    )
    assert answer_before(file, "t") == "x = 1\ny = 2"


def test_what_one_student_spied_out_is_not_shown_to_the_class() -> None:
    secret = "assert double(3) == 6  # a secret line"  # noqa: S105 (a line of a test)
    source = f"### BEGIN HIDDEN TESTS\n{secret}\n### END HIDDEN TESTS"
    cells = {
        name: {"mode": mode, "message": f"AssertionError: {secret}", "score": 0.0, "max_score": 1.0}
        for name, mode in (("spied", "in-process"), ("other", "isolated"))
    }
    row = {"student": "eve", "notebook": "hw", "cells": cells}
    filtered = without_hidden_lines(row, {("hw", "spied"): source}, HiddenTestDelimiters())
    assert "secret" not in str(filtered)
    assert filtered["cells"]["spied"]["message"] == "[a line of a hidden test]"
    kept = without_hidden_lines(row, {("hw", "other"): source}, HiddenTestDelimiters())
    assert kept["cells"] == cells, "nobody can read an isolated test"

"""A feedback page says what each test said, first of all, and shows the notebook below."""

from __future__ import annotations

import json
import re
import time
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup

from nbgrader_isolate.bridge import failures
from nbgrader_isolate.feedback.markdown import MATHML, MAX_LENGTH, TAGS
from nbgrader_isolate.feedback.page import OUTPUT_BYTES, UNNAMED_ERRORS, Totals, page
from nbgrader_isolate.gradebook.rows import UNPROTECTED_COMMENT
from support.outputs import Tags, code, display, notebook
from support.payloads import BUNDLES, MARKDOWN
from support.sample_feedback import SAID, TOTALS, cell, graded

pytestmark = pytest.mark.slow


NOTHING = Totals(0, 0)


@pytest.fixture(scope="module")
def soup() -> BeautifulSoup:
    return BeautifulSoup(page(graded(), "02-strides: ravel", TOTALS), "html.parser")


def results(soup: BeautifulSoup) -> list[str]:
    return [" ".join(item.get_text(" ").split()) for item in soup.select(".results li")]


def test_the_points_and_what_each_test_said_come_first(soup: BeautifulSoup) -> None:
    first, second, third, fourth, fifth = results(soup)
    assert first == "Answer ravel Comment Nearly. Draw the rows."
    assert second == f"Test ravel-hidden ○ not yet right, 0 of 3 {' '.join(SAID.split())}"
    assert third == "Test ravel-edge ✓ right, 1 of 1"
    assert fourth.startswith(
        "Test ravel-part ◐ partly right, 0.5 of 2 stopped: memory limit 1024 MiB"
    )
    assert "process" not in fourth  # a student does not need to know where a test can be fooled
    assert fifth == "Answer ravel-why … not graded yet, 2 points"
    head = " ".join(soup.header.get_text(" ").split())
    assert "1.5 of 8 points 0.5 deducted because it was late" in head
    assert "Two cells had the same name" in head


def bare(source: str, line: int) -> str:
    """Return what a page says first of a failed assertion without a message."""
    error = {
        "output_type": "error",
        "ename": "AssertionError",
        "evalue": "AssertionError",
        "traceback": ["AssertionError", f"line {line} of the test"],
    }
    names = {"grade": True, "grade_id": "t", "score": 0.0, "points": 1.0}
    test = notebook(cell("code", source, "instructor", error, **names))
    (said,) = results(BeautifulSoup(page(test, "t", NOTHING), "html.parser"))
    return said


def test_a_bare_assertion_is_shown_by_its_line_unless_lines_are_hidden() -> None:
    source = "x = 1\nassert f(2) == 4"
    assert bare(source, 2).endswith("Line 2 of the test failed: assert f(2) == 4")
    assert bare(source, 9).endswith("Line 9 of the test failed")
    hidden = f"### BEGIN HIDDEN TESTS\nsecret = 1\n### END HIDDEN TESTS\n{source}"
    assert "Line" not in bare(hidden, 2)


def test_a_notebook_that_an_earlier_version_graded_has_the_same_page() -> None:
    former = json.dumps(graded()).replace("nbgrader_isolate", "autograder")
    former = former.replace('"in-process"', '"same-process"').replace('"isolated"', '"two-kernel"')
    assert page(json.loads(former), "T", TOTALS) == page(graded(), "T", TOTALS)


def test_each_result_links_to_its_cell(soup: BeautifulSoup) -> None:
    for link in soup.select(".results a"):
        assert soup.find(id=link["href"][1:])


def test_a_page_has_no_script_and_loads_nothing(soup: BeautifulSoup) -> None:
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")
    assert not soup.find_all(["script", "link", "iframe", "object", "form", "base"])
    assert all(image["src"].startswith("data:image/") for image in soup.find_all("img"))


def test_formulas_are_mathml(soup: BeautifulSoup) -> None:
    assert len(soup.find_all("math")) == 3
    assert soup.find("math", display="block").find("munder")


def test_headings_have_no_gaps(soup: BeautifulSoup) -> None:
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_test_without_a_message_is_shown_as_failed() -> None:
    silent = {"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    test_cell = cell("code", "assert False", "instructor", silent, **marks)
    test_cell["metadata"]["nbgrader_isolate"]["outcome"] = "failed"
    assert "The test failed." in page(notebook(test_cell), "a: b", NOTHING)


def test_an_error_in_the_students_code_is_named() -> None:
    wrong = {"output_type": "error", "ename": "TypeError", "evalue": "no <int>", "traceback": []}
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    html = page(notebook(cell("code", "f()", "instructor", wrong, **marks)), "a: b", NOTHING)
    assert "TypeError: no &lt;int&gt;" in html


def soup_of(*cells: dict[str, Any], status: str = "graded", waiting: float = 0) -> BeautifulSoup:
    """Return the page of some cells."""
    whole = notebook(*cells)
    whole["metadata"]["nbgrader_isolate"] = {"messages": [], "status": status}
    html = page(whole, "a: b", Totals(1, 4, waiting=waiting))
    return BeautifulSoup(html, "html.parser")


def test_points_that_nobody_has_given_yet_are_counted_apart() -> None:
    one = {"grade": True, "solution": True, "grade_id": "why", "points": 1.0, "score": None}
    shown = soup_of(cell("markdown", "Because.", "student", **one), waiting=1)
    assert results(shown) == ["Answer why … not graded yet, 1 point"]
    assert "1 of 4 points 1 point is not graded yet" in " ".join(shown.header.get_text(" ").split())


@pytest.mark.parametrize("status", ["missing", "unreadable"])
def test_a_notebook_that_was_not_run_has_no_results_of_tests(status: str) -> None:
    failed = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    given = {"grade": True, "grade_id": "by-hand", "points": 2.0, "score": 1.0}
    cells = [cell("code", "assert f()", "instructor", **marks) for marks in (failed, given)]
    shown = soup_of(*cells, status=status)
    assert results(shown) == ["Test by-hand ◐ partly right, 1 of 2"]
    assert "did not pass" not in shown.get_text()
    assert "The notebook as it ran" not in shown.get_text()


def test_an_answer_that_ended_with_an_error_is_named_before_its_tests() -> None:
    wrong = {
        "output_type": "error",
        "ename": "SyntaxError",
        "evalue": "expected ':' (1234567.py, line 7)",
        "traceback": ["SyntaxError: expected ':' (1234567.py, line 7)"],
    }
    unknown = {"output_type": "error", "ename": "NameError", "evalue": "f", "traceback": []}
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    shown = soup_of(
        cell("code", "def f(x)", "student", wrong, solution=True, grade_id="f"),
        cell("code", "f(1)", "instructor", unknown, **marks),
    )
    first, second = results(shown)
    assert first == ("Answer f This cell ended with an error: SyntaxError: expected ':' (line 7)")
    assert second == "Test t ○ not yet right, 0 of 1 NameError: f"
    assert shown.find(id="cell-f").select(".error")


def test_an_answer_about_which_only_instructors_are_told_has_no_result() -> None:
    comment = f"{UNPROTECTED_COMMENT}t ran in the student's own process."
    assert (
        results(soup_of(cell("code", "x", "student", solution=True, grade_id="f", comment=comment)))
        == []
    )


def test_our_own_errors_are_shown_without_their_names() -> None:
    slow = {
        "output_type": "error",
        "ename": "CallTimeoutError",
        "evalue": "f(…) took longer than 25 s.",
        "traceback": [],
    }
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    (said,) = results(soup_of(cell("code", "f()", "instructor", slow, **marks)))
    assert said == "Test t ○ not yet right, 0 of 1 f(…) took longer than 25 s."
    own = {
        kind.__name__
        for kind in vars(failures).values()
        if isinstance(kind, type) and issubclass(kind, failures.Failure)
    }
    assert own == UNNAMED_ERRORS - {"AssertionError"}


def test_a_test_that_was_stopped_says_why_and_not_how() -> None:
    stopped = {
        "output_type": "error",
        "ename": "KeyboardInterrupt",
        "evalue": "KeyboardInterrupt",
        "traceback": [],
    }
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    test_cell = cell("code", "f()", "instructor", stopped, **marks)
    test_cell["metadata"]["nbgrader_isolate"]["outcome"] = "timeout"
    (said,) = results(soup_of(test_cell))
    assert said.endswith("The test took too long and was stopped.")


def test_long_output_is_cut_by_bytes() -> None:
    flood = {"output_type": "stream", "name": "stdout", "text": "spam " * 10**6}
    html = page(notebook(code(flood)), "a: b", NOTHING)
    assert len(html) < OUTPUT_BYTES + 10_000
    assert "bytes are left out" in html


@pytest.mark.parametrize("payload", [*MARKDOWN, *(bundle for bundle in BUNDLES)], ids=str)
def test_no_student_text_becomes_markup(payload: str | dict[str, str]) -> None:
    if isinstance(payload, str):
        answer = cell("markdown", payload, "student", grade=True, solution=True, comment=payload)
        cells = [answer, cell("code", payload, "student")]
    else:
        cells = [code(display(payload))]
    names = Tags(page(notebook(*cells), "a: b", NOTHING)).names
    extra = {"html", "head", "meta", "title", "style", "body", "main", "header", "section"}
    assert names <= TAGS | MATHML | extra


def test_a_long_message_is_shortened_among_the_results_and_in_full_below_its_test() -> None:
    lines = [f"line {k}" for k in range(100)]
    message = "\n".join(lines)
    error = {"output_type": "error", "ename": "ValueError", "evalue": message, "traceback": lines}
    marks = {"grade": True, "grade_id": "t", "points": 1.0, "score": 0.0}
    html = page(notebook(cell("code", "f()", "instructor", error, **marks)), "a: b", NOTHING)
    (result,) = results(BeautifulSoup(html, "html.parser"))
    assert result.endswith("line 11 …")
    assert "line 99" in html


def test_a_test_that_gave_partial_credit_is_not_shown_as_failed() -> None:
    marks = {"grade": True, "grade_id": "t", "points": 2.0, "score": 1.0}
    test_cell = cell("code", "1", "instructor", **marks)
    test_cell["metadata"]["nbgrader_isolate"]["outcome"] = "passed"
    assert "some parts are not right yet" in page(notebook(test_cell), "a: b", NOTHING)


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("blank", ["  \n", "\t\n", "\f\n"])
def test_no_student_code_delays_the_page(blank: str) -> None:
    began = time.process_time()
    cells = [code(source=(blank * 25_000)[:49_000]) for _ in range(50)]
    cells += [code(source="f(" * 24_000) for _ in range(50)]
    assert "f(f(" in page(notebook(*cells), "a: b", NOTHING)
    assert time.process_time() - began < 30


@pytest.mark.parametrize(
    "text",
    ["[" * MAX_LENGTH, "$" * MAX_LENGTH, "*a_" * 6000, "`" * MAX_LENGTH, "- " * 9000, "> " * 9000,
     "|" * 9000,
     "\\begin{a}" * 2000, "![](" * 4000, "<a " * 6000, "x" * (MAX_LENGTH + 1)],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_no_student_text_delays_the_page(text: str) -> None:
    start = time.process_time()
    page(notebook(cell("markdown", text, "student")), "a: b", NOTHING)
    assert time.process_time() - start < 30


def test_a_notebook_full_of_slow_text_is_shown_as_its_source() -> None:
    start = time.process_time()
    cells = [cell("markdown", "\\begin{a}" * 1000, "student")] * 300
    html = page(notebook(*cells), "a: b", NOTHING)
    assert time.process_time() - start < 30
    assert html.count('<pre class="written">') > 200

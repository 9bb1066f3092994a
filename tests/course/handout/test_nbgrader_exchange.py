"""A whole term with nbgrader's own commands under the course's settings: exchange, marks,
formgrader, feedback, export."""

from __future__ import annotations

import csv
import getpass
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from course.core.paths import ROOT
from support import servers
from support.nbgrader_course import answer_file, nbgrader, scores
from support.patience import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

A, T = "02-strides", "ravel"
COURSE = "inside-the-ndarray"
WRONG = "    return row * n_rows + col"
MESSAGE = "Going down one row skips n_cols elements, not n_rows."
STUDENT = getpass.getuser()
# a term takes a dozen commands of nbgrader, seconds each and more on a busy machine
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Term:
    """A course's folder, a student's folder, and what stands in the exchange between them."""

    course: Path
    student: Path
    settings: Path

    def instructor(self, *arguments: str) -> str:
        """Run nbgrader as the instructor."""
        return nbgrader(self.course, *arguments, JUPYTER_CONFIG_DIR=str(self.settings))

    def learner(self, *arguments: str) -> str:
        """Run nbgrader as the student."""
        return nbgrader(self.student, *arguments, JUPYTER_CONFIG_DIR=str(self.settings))


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Term:
    """Release, fetch, submit a wrong answer, collect, autograde, give feedback, export."""
    root = tmp_path_factory.mktemp("term")
    made = Term(root / "course", root / "student", root / "settings")
    for folder in (root / "exchange", made.student, made.settings):
        folder.mkdir()
    (root / "exchange").chmod(0o777)
    exchange = f"c = get_config()\nc.Exchange.root = {str(root / 'exchange')!r}\n"
    (made.settings / "nbgrader_config.py").write_text(exchange)
    shutil.copytree(ROOT / "solutions", made.course / "solutions")
    shutil.copy(ROOT / "nbgrader_config.py", made.course)
    made.instructor("generate_assignment", A)
    made.instructor("release_assignment", A)
    made.learner("fetch_assignment", A, "--course", COURSE)
    notebook = made.student / A / f"{T}.ipynb"
    answer_file(notebook, WRONG, notebook)
    made.learner("submit", A, "--course", COURSE)
    made.instructor("collect", A)
    made.instructor("autograde", A)
    made.instructor("generate_feedback", A)
    made.instructor("release_feedback", A)
    made.learner("fetch_feedback", A, "--course", COURSE)
    made.instructor("export", "--to=grades.csv")
    return made


def test_the_student_fetches_the_notebooks_and_what_their_tests_share(term: Term) -> None:
    handed_out = {file.name for file in (ROOT / "exercises" / A).iterdir()}
    assert handed_out == {file.name for file in (term.student / A).glob("*.*")}


def test_the_students_own_validation_says_what_is_wrong(term: Term) -> None:
    said = nbgrader(term.student / A, "validate", f"{T}.ipynb")
    assert "VALIDATION FAILED ON 1 CELL" in said
    assert "ravel(2, 3, 4, 8): expected 19, got 11." in said  # nbgrader cuts what follows


def test_what_was_collected_gets_its_points(term: Term) -> None:
    assert (term.course / "submitted" / STUDENT / A / f"{T}.ipynb").is_file()
    got = scores(term.course, A, STUDENT, T)
    assert got == {"ravel-visible": 0, "ravel-walk": 0, "ravel-edge": 0}


def test_the_feedback_comes_back_to_the_student_and_names_the_mistake(term: Term) -> None:
    (page,) = (term.student / A / "feedback").rglob(f"{T}.html")
    assert MESSAGE in page.read_text("utf-8").replace("&#39;", "'")


def test_the_marks_come_out_as_a_table(term: Term) -> None:
    with (term.course / "grades.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == A]
    assert [(row["student_id"], float(row["score"])) for row in rows] == [(STUDENT, 0)]
    assert float(rows[0]["max_score"]) >= 4


@pytest.fixture(scope="module")
def formgrader(term: Term) -> Iterator[tuple[str, str]]:
    """Stock Jupyter server with nbgrader's formgrader on the course; yields its address and
    token."""
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(term.settings)}
    with servers.formgrader(term.course, environment, term.settings / "log") as running:
        yield running


@pytest.fixture
def page(chromium: Browser, formgrader: tuple[str, str]) -> Iterator[Page]:
    """A page of the instructor's, that only reaches this machine."""
    signed_in = {"Authorization": f"token {formgrader[1]}"}
    context = chromium.new_context(extra_http_headers=signed_in)
    context.route(
        lambda address: not address.startswith("http://127.0.0.1"), lambda route: route.abort()
    )
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_the_formgrader_lists_the_assignment_with_its_submission(
    formgrader: tuple[str, str], page: Page
) -> None:
    page.goto(f"{formgrader[0]}/manage_assignments")
    row = page.locator("tr", has=page.get_by_role("link", name=A, exact=True))
    row.wait_for(timeout=1000 * patience(7))
    assert row.locator(".num-submissions").inner_text().strip() == "1"


@pytest.mark.browser
def test_the_formgrader_shows_the_answer_and_what_its_tests_said(
    formgrader: tuple[str, str], page: Page, term: Term
) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{term.course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission_notebook(T, A, STUDENT).id
    page.goto(f"{formgrader[0]}/submissions/{submission}")
    page.locator("input.score").first.wait_for(timeout=1000 * patience(7))
    text = page.locator("body").inner_text()
    assert "return row * n_rows + col" in text
    assert MESSAGE in text
    page.locator("input.score[placeholder]").last.wait_for(
        timeout=1000 * patience(7)
    )  # filled in afterwards
    shown = [box.get_attribute("placeholder") for box in page.locator("input.score").all()]
    assert shown == ["0", "0", "0"]

"""Exercises that are solved in their page: written, checked and kept, with nothing installed.

Starting Python takes seconds, so most tests share one page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from course.core.exercises import Exercise, Kind, read_exercise
from course.core.paths import ROOT
from support import live_site
from support.axe import violations
from support.handed_out import REAL
from support.patience import patience
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow

RAVEL = "exercises/02-strides/ravel.html"
HEAD = "def ravel(row, col, n_rows, n_cols):\n    "
RIGHT = f"{HEAD}return row * n_cols + col"
WRONG = f"{HEAD}return row * n_rows + col"
TEXT = (live_site.ROOT / "docs" / "live.md").read_text("utf-8")
POLICY = re.search(r"(?m)^ *Content-Security-Policy: (.*)$", TEXT)
SOLUTION_MARKS = re.compile(r"(?m)^[ \t]*### (?:BEGIN|END) SOLUTION[ \t]*\n?")
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


class Student:
    """Someone at the page of an exercise.

    Parameters
    ----------
    page : Page
        The page, open.
    """

    def __init__(self, page: Page) -> None:
        self.page = page

    def answer(self, name: str = "") -> Locator:
        """Return the place of an answer; by default the first one."""
        return self.page.locator(f"#answer-{name}" if name else ".answer").first

    def write(self, text: str, name: str = "") -> None:
        """Replace an answer, as by a paste."""
        place = self.answer(name)
        if place.locator(".cm-content").count() == 0:
            place.locator('button[data-do="edit"]').click()
        place.locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def written(self, name: str = "") -> str:
        """Return what the editor shows."""
        return self.answer(name).locator(".cm-content").inner_text()

    def check(self, name: str = "") -> str:
        """Check an answer and return what the page says."""
        self.forget(name)
        self.answer(name).locator('[data-do="check"]').click()
        return self.wait(name)

    def forget(self, name: str = "") -> None:
        """Remove the traces of an earlier check, so that one can wait for the next."""
        self.answer(name).evaluate(
            "(cell) => { cell.querySelector('.outcome')?.replaceChildren();"
            "  const state = cell.querySelector('.state'); if (state) state.textContent = ''; }"
        )

    def wait(self, name: str = "") -> str:
        """Wait for the end of a check, and return what the page says."""
        self.page.wait_for_function(
            """(selector) => {
              const cell = document.querySelector(selector);
              const said = cell.querySelector(".outcome")?.childNodes.length
                || cell.querySelector(".state")?.textContent;
              return cell.querySelector("[data-do='check']") && said;
            }""",
            arg=f"#answer-{name}" if name else ".answer",
        )
        return self.said(name)

    def said(self, name: str = "") -> str:
        """Return what the page says of an answer."""
        return self.answer(name).locator(".outcome").inner_text()

    def state(self, name: str = "") -> str:
        """Return the sentence beside the buttons."""
        return self.answer(name).locator(".state").inner_text()


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Student]]:
    """Pages for one test."""
    with visiting(tabs, Student) as opened:
        yield opened


@pytest.fixture(scope="module")
def student(tabs: Tabs, live: Path) -> Iterator[Student]:
    """One student at `ravel`, from disk; Python stays alive from test to test."""
    with visiting(tabs, Student) as opened:
        started = opened.open(f"{live.as_uri()}/{RAVEL}")
        started.check()
        yield started


# From nothing to solved ---------------------------------------------------------------------------


def test_nothing_loads_before_the_first_press_and_then_only_from_the_site(
    visits: Visits[Student], live: Path
) -> None:
    assert POLICY is not None
    for address in live_site.served(live, {"Content-Security-Policy": POLICY[1]}):
        student = visits.open(f"{address}/{RAVEL}")
        student.page.wait_for_load_state("networkidle")
        assert [url for url in visits.requests if "/live/" in url] == []
        assert violations(student.page) == []
        assert "ravel is not written yet." in student.check()
        student.write(RIGHT)
        assert "Passed. The five examples are right." in student.check()


def test_wrong_then_right_then_solved_then_next(student: Student) -> None:
    assert "ravel is not written yet." in student.check()
    student.write(WRONG)
    said = student.check()
    assert "Not right yet. ravel(2, 3, 4, 8): expected 19, got 11." in said
    assert "Going down one row skips n_cols elements, not n_rows." in said
    student.write(RIGHT)
    said = student.check()
    assert "Passed. The five examples are right." in said
    assert "The visible tests pass. Hidden tests, which check more cases" in said
    assert re.search(r"Checked here: Python 3\.\d+\.\d+, NumPy 2\.\S+, 32-bit", said)
    link = student.answer().locator(".solved a")
    assert link.inner_text() == "Next: unravel"
    assert violations(student.page) == []
    handed = student.page.locator(".handin .said")
    with student.page.expect_download():
        student.answer().get_by_role("button", name="Hand in").click()
    assert handed.inner_text() == "Saved as ravel.ipynb, where your downloads go."
    student.write(WRONG)
    assert student.answer().locator(".solved").count() == 0
    with student.page.expect_download():
        student.page.locator(".handin").get_by_role("button", name="Hand in").click()
    assert handed.inner_text().endswith("You have not checked it since your last edit.")


def test_what_was_said_of_an_earlier_version_is_marked(student: Student) -> None:
    student.write(WRONG)
    student.check()
    earlier = student.answer().get_by_text("This was about an earlier version of your answer.")
    assert earlier.count() == 0
    student.page.keyboard.press("End")
    student.answer().locator(".cm-content").click()
    student.page.keyboard.type("#")
    assert earlier.is_visible()
    assert "not n_rows" in student.said()
    assert violations(student.page) == []
    student.page.keyboard.press("Backspace")
    assert earlier.count() == 0
    student.answer().locator('[data-do="undo"]').click()
    assert earlier.is_visible()
    student.check()
    assert earlier.count() == 0


def test_an_error_in_the_answer_is_shown_with_its_line(student: Student) -> None:
    student.write("def ravel(:\n    return 1")
    said = "A cell above the test failed: SyntaxError: invalid syntax, in the line def ravel(:"
    assert said in student.check()
    student.write("print('mine')\nraise ValueError('no')")
    student.check()
    assert "mine" in student.answer().locator(".out").inner_text()
    assert "ValueError: no" in student.answer().locator(".out").inner_text()


def test_a_check_starts_without_the_variables_of_the_one_before(student: Student) -> None:
    student.write(RIGHT)
    student.check()
    student.write("forgotten = 1")
    assert "NameError: name 'ravel' is not defined" in student.check()


def test_a_check_starts_with_the_builtins_and_checks_of_the_course(student: Student) -> None:
    spoiled = "import builtins, checking\nbuiltins.sum = builtins.max = lambda *_: 7\n"
    student.write(f"{spoiled}checking.call = lambda *_, **__: 11\n{RIGHT}")
    student.check()
    student.write(WRONG)
    assert "Not right yet. ravel(2, 3, 4, 8): expected 19, got 11." in student.check()
    student.write(f"assert max(1, 9) == 9\n{RIGHT}")
    assert "The visible tests pass." in student.check()


@pytest.mark.parametrize("name", ["check", "diagnose", "whole"])
def test_a_helper_with_the_name_of_one_of_the_tests_is_named(student: Student, name: str) -> None:
    student.write(
        f"def {name}(row, n):\n    return row * n\n\n{HEAD}return {name}(row, n_cols) + col"
    )
    assert (
        f"The tests have a function {name} of their own, which ravel would call" in student.check()
    )


def test_what_a_failing_answer_prints_can_be_read(student: Student) -> None:
    student.write(f"{HEAD}print('row', row)\n    return -1")
    assert "Printed before that\n\nrow 0" in student.check()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "took longer than 5 s and was stopped."),
        ("return ravel(row, col, n_rows, n_cols)", "raised RecursionError"),
        ("exit()", "SystemExit"),
    ],
)
def test_an_answer_that_does_not_end_is_stopped(student: Student, body: str, said: str) -> None:
    student.write(HEAD + body)
    assert said in student.check()
    student.write(RIGHT)
    assert "Passed." in student.check()


def test_stop_ends_a_check_and_the_next_one_starts_python_again(student: Student) -> None:
    student.write(f"while True:\n    pass\n{RIGHT}")
    student.forget()
    student.answer().locator('[data-do="check"]').click()
    student.answer().get_by_text("Checking …").wait_for()
    student.answer().locator('[data-do="stop"]').click()
    student.wait()
    assert student.state() == "Stopped. The next Check starts Python again."
    student.write(RIGHT)
    assert "Passed." in student.check()


@pytest.mark.whole("test_live_cells.py ends Python in a cell")
def test_an_answer_that_ends_python_is_told_and_the_next_check_starts_it_again(
    student: Student,
) -> None:
    student.write(f"{HEAD}import os; os._exit(0)")
    student.check()
    assert "ended Python itself" in student.state()
    assert student.state().endswith("The next Check starts Python again.")
    student.write(RIGHT)
    assert "Passed." in student.check()


@pytest.mark.whole("others stop answers that do not end")
def test_a_cell_that_outlasts_all_patience_is_stopped(visits: Visits[Student], live: Path) -> None:
    student = visits.open("about:blank")
    student.page.clock.install()
    student.page.goto(f"{live.as_uri()}/{RAVEL}")
    student.write("while True: pass")
    student.answer().locator('[data-do="check"]').click()
    student.answer().get_by_text("Checking …").wait_for()
    student.page.clock.fast_forward(61_000)
    student.wait()
    assert "took longer than 60 s, so Python was stopped." in student.state()


def test_start_over_brings_back_what_was_handed_out_and_can_be_taken_back(student: Student) -> None:
    student.write(RIGHT)
    button = student.answer().locator('[data-do="undo"]')
    assert button.inner_text() == "Start over"
    button.click()
    assert "# YOUR CODE HERE" in student.written()
    assert button.inner_text() == "Bring my answer back"
    button.click()
    assert student.written() == RIGHT


def test_the_keyboard_alone_is_enough(student: Student) -> None:
    keyboard = student.page.keyboard
    edit = student.answer().locator('button[data-do="edit"]')
    if edit.is_visible():
        edit.focus()
        keyboard.press("Enter")
        student.answer().locator(".cm-content").wait_for()
    student.answer().locator('[data-do="check"]').focus()
    keyboard.press("Shift+Tab")  # into the editor
    keyboard.press("Control+A")
    keyboard.insert_text(WRONG)
    for keys in ("Shift+Enter", "Control+Enter"):
        student.forget()
        keyboard.press(keys)
        assert "not n_rows" in student.wait()
    keyboard.press("Escape")
    assert student.page.evaluate("document.activeElement.dataset.do") == "check"
    assert student.answer().locator(".outcome").get_attribute("role") == "status"


def test_a_press_on_the_code_opens_the_editor(visits: Visits[Student], live: Path) -> None:
    student = visits.open(f"{live.as_uri()}/{RAVEL}")
    student.answer().get_by_text("YOUR CODE HERE").click()
    student.answer().locator(".cm-content").wait_for()


def test_the_keys_are_shown_below_an_editor_that_has_the_focus(student: Student) -> None:
    student.write(RIGHT)
    keys = student.answer().get_by_text("Tab indents; Escape moves to Check.")
    bar = student.answer().locator(".bar")
    assert keys.is_visible()
    focused = bar.bounding_box()
    student.page.keyboard.press("Escape")
    assert not keys.is_visible()
    assert bar.bounding_box() == focused


def test_long_lines_wrap_on_a_phone(visits: Visits[Student], live: Path) -> None:
    student = visits.open(f"{live.as_uri()}/{RAVEL}", **PHONE)
    student.write(f"{RIGHT}  # {'a long remark, ' * 20}{'x' * 90}")
    student.page.keyboard.press("Control+End")
    scroller = student.answer().locator(".cm-scroller")
    assert scroller.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    box = scroller.bounding_box()
    assert box is not None
    assert box["height"] > 10 * 24
    student.answer().get_by_role("button", name="Start over").click()
    assert scroller.evaluate("(box) => box.scrollLeft") == 0
    assert student.page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_placeholder_that_was_pressed_is_selected_in_sight(
    visits: Visits[Student], live: Path
) -> None:
    student = visits.open(f"{live.as_uri()}/exercises/09-capstone/your-ndarray.html", **PHONE)
    cell = student.answer("your-ndarray-parts")
    lines = cell.locator(".handed").get_by_text("YOUR CODE HERE")
    lines.nth(4).evaluate("(line) => scrollTo(0, line.getBoundingClientRect().top + scrollY - 2)")
    box = lines.nth(4).bounding_box()
    assert box is not None
    student.page.touchscreen.tap(box["x"] + 20, 60)
    cell.locator(".cm-content").wait_for()
    student.page.wait_for_function("String(getSelection()).includes('YOUR CODE HERE')")
    student.page.keyboard.insert_text("here = 5")
    written = student.written("your-ndarray-parts")
    assert written.count("YOUR CODE HERE") == 6
    assert written[: written.index("here = 5")].count("YOUR CODE HERE") == 4
    line = cell.get_by_text("here = 5").bounding_box()
    header = student.page.locator("header.top").bounding_box()
    assert line is not None
    assert header is not None
    assert line["y"] >= header["y"] + header["height"]


# Kept in this browser -----------------------------------------------------------------------------


def test_a_reload_keeps_answer_and_result_and_the_list_shows_them(
    visits: Visits[Student], live: Path
) -> None:
    student = visits.open(f"{live.as_uri()}/exercises/index.html")
    page = student.page
    how = page.locator('[data-exercise="02-strides/ravel"] .how')
    assert how.inner_text() == "not started"
    assert page.locator("#next").inner_text() == "Start with: the smallest dtype"
    assert violations(page) == []
    page.goto(f"{live.as_uri()}/{RAVEL}")
    student.write(WRONG)
    page.goto(f"{live.as_uri()}/exercises/index.html")
    assert how.inner_text() == "edited, not checked"
    assert page.locator("#next").inner_text() == "Next: ravel"
    page.goto(f"{live.as_uri()}/{RAVEL}")
    student.answer().locator(".cm-content").wait_for()
    student.check()
    page.goto(f"{live.as_uri()}/exercises/index.html")
    assert how.inner_text() == "0 of 1 tests pass"
    page.goto(f"{live.as_uri()}/{RAVEL}")
    student.write(RIGHT)
    student.check()
    page.reload()
    student.answer().get_by_text("The visible tests pass.").wait_for()
    assert student.written() == RIGHT
    page.goto(f"{live.as_uri()}/exercises/index.html")
    assert how.inner_text() == "visible tests pass"
    assert page.locator("#summary").inner_text() == f"1 of {len(REAL)} done, 0 started."
    assert violations(page) == []


def test_the_first_page_shows_how_far_the_exercises_are(
    visits: Visits[Student], live: Path
) -> None:
    student = visits.open(f"{live.as_uri()}/index.html")
    page = student.page
    page.wait_for_load_state("networkidle")
    assert [url for url in visits.requests if "/live/" in url] == []
    go_on = page.locator("#go-on")
    assert go_on.inner_text() == "Exercises"
    page.goto(f"{live.as_uri()}/{RAVEL}")
    student.write(WRONG)
    page.goto(f"{live.as_uri()}/index.html")
    page.get_by_text("Go on with ravel").wait_for()
    assert go_on.get_attribute("href") == RAVEL
    assert page.get_by_role("alert").count() == 0
    assert page.locator(".start .button").first.inner_text() == "Go on with ravel"
    assert page.locator("#exercises-so-far").inner_text() == f"0 of {len(REAL)} done, 1 started."
    page.goto(f"{live.as_uri()}/exercises/01-dtypes/why.html")
    student.answer().locator('button[data-do="edit"]').click()
    student.answer().locator("textarea").fill("Because.")
    student.answer().get_by_text("Your answer is kept in this browser.").wait_for()
    page.goto(f"{live.as_uri()}/index.html")
    page.get_by_text(", 1 done").wait_for()
    assert page.locator("#exercises-so-far").inner_text() == f"1 of {len(REAL)} done, 1 started."
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.whole("test_live_cells.py saves work and takes it back")
def test_the_file_with_a_readers_work_has_the_exercises_in_it(
    visits: Visits[Student], live: Path, tmp_path: Path
) -> None:
    student = visits.open(f"{live.as_uri()}/{RAVEL}")
    student.write(WRONG)
    student.page.goto(f"{live.as_uri()}/live.html")
    with student.page.expect_download() as download:
        student.page.get_by_role("button", name="Save my work").click()
    download.value.save_as(tmp_path / "work.json")
    page = visits.open(f"{live.as_uri()}/live.html").page
    page.locator("input[type=file]").set_input_files(tmp_path / "work.json")
    page.get_by_text("entries from work.json").wait_for()
    page.goto(f"{live.as_uri()}/exercises/index.html")
    how = page.locator('[data-exercise="02-strides/ravel"] .how')
    assert how.inner_text() == "edited, not checked"


@pytest.mark.whole("test_live_kept.py tries two tabs at a lesson's page")
def test_two_tabs_share_an_answer(visits: Visits[Student], live: Path) -> None:
    one = visits.open(f"{live.as_uri()}/{RAVEL}")
    one.write(WRONG)
    two = visits.another(f"{live.as_uri()}/{RAVEL}")
    two.answer().locator(".cm-content").wait_for()
    assert two.written() == WRONG
    one.page.locator("h1").click()
    two.write("pass")
    one.page.wait_for_function("document.querySelector('.cm-content').textContent === 'pass'")


@pytest.mark.whole("test_live_cells.py tries no storage, and test_live_kept.py a full one")
@pytest.mark.parametrize(
    ("script", "said"), live_site.WITHOUT_STORAGE, ids=["no storage", "full storage"]
)
def test_without_storage_a_sentence_says_so_and_check_works(
    visits: Visits[Student], live: Path, script: str, said: str
) -> None:
    student = visits.open("about:blank")
    student.page.add_init_script(script)
    student.page.goto(f"{live.as_uri()}/exercises/index.html")
    assert student.page.locator("#next").is_visible()
    student.page.goto(f"{live.as_uri()}/{RAVEL}")
    student.write(RIGHT)
    trouble = student.answer().locator(".trouble")
    assert said in trouble.inner_text()
    assert "The visible tests pass." in student.check()
    assert said in trouble.inner_text()  # as long as it is true


# Other forms of exercises -------------------------------------------------------------------------


def test_a_question_in_words_is_kept_and_its_code_runs(visits: Visits[Student], live: Path) -> None:
    student = visits.open(f"{live.as_uri()}/exercises/02-strides/why.html")
    page = student.page
    page.get_by_role("button", name="Run cell").click()
    page.get_by_text("shares memory with a: False").wait_for()
    student.answer().locator('button[data-do="edit"]').click()
    page.keyboard.insert_text("One stride cannot be 24 and 48.")
    student.answer().get_by_text("Your answer is kept in this browser.").wait_for()
    assert violations(page) == []
    page.reload()
    area = student.answer().locator("textarea")
    area.wait_for()
    assert area.input_value() == "One stride cannot be 24 and 48."
    student.answer().locator('[data-do="undo"]').click()
    assert area.input_value() == ""
    page.goto(f"{live.as_uri()}/exercises/index.html")
    how = page.locator('[data-exercise="02-strides/why"] .how')
    assert how.inner_text() == "not started"


def test_code_that_needs_64_bits_says_so(visits: Visits[Student], live: Path) -> None:
    page = visits.open(f"{live.as_uri()}/exercises/08-tricks/why.html").page
    page.get_by_role("button", name="Run cell").click()
    page.get_by_text("no array has more than 2 GB. Run it on a computer.").wait_for()


def test_the_capstone_is_checked_step_by_step(visits: Visits[Student], live: Path) -> None:
    student = visits.open(f"{live.as_uri()}/exercises/09-capstone/your-ndarray.html")
    answers = official(read_exercise(ROOT / "exercises/09-capstone/your-ndarray.ipynb"))
    step = "your-ndarray-step-1"
    assert "not written yet" in student.check(step)
    student.write(answers["your-ndarray-parts"], "your-ndarray-parts")
    student.write(answers[step], step)
    said = student.check(step)
    assert "Passed. Step 1" in said
    link = student.answer(step).locator(".solved a")
    assert link.inner_text() == "Go on with the next step"
    link.click()
    assert student.page.url.endswith("#answer-your-ndarray-step-2")
    assert "not written yet" in student.check("your-ndarray-step-2")
    assert "Passed." in student.said(step)
    student.page.goto(f"{live.as_uri()}/exercises/index.html")
    how = student.page.locator('[data-exercise="09-capstone/your-ndarray"] .how')
    assert how.inner_text() == "1 of 6 tests pass"


@pytest.mark.whole("test_live_cells.py tries touch in a lesson's page")
def test_a_phone_by_touch_from_the_list_to_solved(visits: Visits[Student], live: Path) -> None:
    student = visits.open(f"{live.as_uri()}/exercises/index.html", **PHONE, color_scheme="dark")
    page = student.page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="ravel", exact=True).tap()
    page.get_by_role("button", name="Write your answer").tap()
    content = student.answer().locator(".cm-content")
    content.wait_for()
    # What is to be replaced is selected, so that typing is enough.
    page.keyboard.insert_text("return row * n_cols + col")
    assert "raise NotImplementedError" not in content.inner_text()
    button = student.answer().locator('[data-do="check"]')
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    button.tap()
    assert "Passed." in student.wait()
    assert student.answer().locator(".solved a").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(page) == []


# The official answers -----------------------------------------------------------------------------


def official(exercise: Exercise) -> dict[str, str]:
    """Return the official answers of an exercise, by grade_id."""
    solved = read_exercise(ROOT / "solutions" / exercise.assignment / f"{exercise.name}.ipynb")
    answers = solved.of_kind(Kind.ANSWER)
    return {part.grade_id: SOLUTION_MARKS.sub("", part.source) for part in answers}


SOLVABLE = [file for file in REAL if file.stem != "why"]


@pytest.mark.whole("test_answers_in_page.py runs references in the Python of the pages")
@pytest.mark.parametrize("file", SOLVABLE, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_official_answer_passes_in_the_page(
    visits: Visits[Student], live: Path, file: Path
) -> None:
    exercise = read_exercise(file)
    student = visits.open(f"{live.as_uri()}/exercises/{exercise.place}.html")
    student.page.set_default_timeout(patience(120) * 1000)
    for name, text in official(exercise).items():
        student.write(text.rstrip("\n"), name)
    last = exercise.of_kind(Kind.TEST)[-1].answer
    assert "The visible tests pass." in student.check(last)

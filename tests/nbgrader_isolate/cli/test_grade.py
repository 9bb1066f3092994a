"""The command as an instructor meets it: marks, folders, summary, exit codes, bad courses, bad
days."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.runs.assignment import AssignmentRun
from support import graded_course as gc
from support.graded_course import A
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow


def test_every_submission_is_graded_or_named(course: Path) -> None:
    done = gc.python("--json", course / "out.json", course=course)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    totals = gc.totals(course)
    assert totals["ada"] == totals["élise"] == totals["n" * 200] == totals["[bold red]zoë"] == 11
    assert totals["nobody"] == totals["uma"] == totals["zip-missing"] == totals["zip-linked"] == 0
    for name in ("xenia", "yusuf", *gc.MORE_SUBMISSIONS):
        assert name in done.stdout
    assert "No submission has a problem" not in done.stdout
    found = json.loads((course / "out.json").read_text())
    assert {row["student"] for row in found} == set(totals)
    (grace,) = [row for row in found if row["student"] == "grace"]
    assert (grace["score"], grace["max_score"], grace["status"]) == (9, 11, "graded")
    test = grace["cells"]["transpose-test"]
    assert (test["score"], test["max_score"], test["mode"]) == (0, 2, "isolated")
    assert "expected a view, got a copy" in test["message"]


def test_a_second_run_has_nothing_to_do_until_something_is_newer(graded: Path) -> None:
    course = graded
    rows, folders = gc.rows(course), gc.folders(course)
    again = gc.grade(course)
    # xenia and zip-damaged could not be read: nothing stands in autograded/
    assert "2 graded" in again.stdout or "3 graded" in again.stdout
    assert (gc.rows(course), gc.folders(course)) == (rows, folders)
    (course / f"submitted/ada/{A}/timestamp.txt").write_text("2026-11-20 23:00:00 UTC\n")
    shutil.copy(course / f"submitted/nobody/{A}/lab.ipynb", course / f"submitted/ada/{A}")
    gc.grade(course, "--student", "ada", "--student", "nobody")
    assert gc.totals(course)["ada"] == 0
    forced = gc.grade(course, "--student", "nobody", "--force", "--json", "-")
    assert [row["student"] for row in json.loads(forced.stdout)] == ["nobody"]


def test_a_file_that_changed_without_a_newer_timestamp_is_graded_again(graded: Path) -> None:
    before = gc.totals(graded)
    folder = graded / f"submitted/ada/{A}"
    good = (folder / "lab.ipynb").read_bytes()
    for data, total in ((b"{", 0), (good, before["ada"])):
        (folder / "lab.ipynb").write_bytes(data)
        again = gc.grade(graded, "--student", "ada")
        assert "1 graded" in again.stdout, again.stdout + again.stderr
        assert gc.totals(graded)["ada"] == total
    assert "1 already graded" in gc.grade(graded, "--student", "ada").stdout
    (folder / "notes.txt").write_text("not asked for\n")
    assert "1 already graded" in gc.grade(graded, "--student", "ada").stdout


def test_more_time_is_for_one_student_and_a_change_of_it_is_graded_at_once(course: Path) -> None:
    for student in ("ada", "élise"):
        notebook = course / f"submitted/{student}/{A}/lab.ipynb"
        text = notebook.read_text().replace("return a.T", "return a.T # NEEDS-TIME")
        notebook.write_text(text)
    names = ("--student", "ada", "--student", "élise")
    granted = course / "accommodations.csv"

    def graded_with(*lines: str) -> str:
        granted.write_text("\n".join(["assignment,student,time_factor", *lines]))
        return " ".join(gc.grade(course, *names).stdout.split())

    def totals() -> tuple[float | None, float | None]:
        found = gc.totals(course)
        return found["ada"], found["élise"]

    old = "assignment,student,extension_hours,excused\n"  # as before there was a factor
    granted.write_text(f"{old}{A},ada,24,\n")
    assert "2 graded" in gc.grade(course, *names).stdout
    few = totals()[1]
    assert few is not None
    assert totals() == (few, few)
    assert few < 11
    said = graded_with(f"{A},ada,2")
    assert "1 graded in" in said
    assert "1 already graded" in said
    assert "With more time for their code to run: ada (× 2)." in said
    assert totals() == (11, few)
    assert "2 already graded" in graded_with("*,ada,2.0", f"{A},cy,3")
    assert "1 graded in" in graded_with(f"{A},ada,1.5")
    assert totals() == (few, few)
    assert "2 graded in" in graded_with("*,ada,3", "*,élise,3")
    assert totals() == (11, 11)
    granted.unlink()
    assert "transpose-test 2 → 0" in gc.grade(course, *names, verb="regrade").stdout
    assert totals() == (11, 11)
    gc.grade(course, *names, "--yes", verb="regrade")
    assert totals() == (few, few)
    assert "2 already graded" in gc.grade(course, *names).stdout
    granted.write_text(f"assignment,student,time_factor\n{A},ada,inf\n")
    for verb in ("grade", "regrade", "report", "export"):
        refused = gc.grade(course, verb=verb)
        assert refused.returncode == Exit.COURSE, (verb, refused.stdout)
        assert "accommodations.csv:2: time_factor is 'inf'; write a number" in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_worker_counts_as_hung_later_if_a_student_has_more_time(tmp_path: Path) -> None:
    course: Any = SimpleNamespace(
        root=tmp_path, state=tmp_path / ".autograder", limits=Limits(notebook_seconds=100.0)
    )
    (tmp_path / "accommodations.csv").write_text("assignment,student,time_factor\n*,ada,3\n")
    run = AssignmentRun(course, A, pool=None, tell=print)  # type: ignore[arg-type]
    usual = run.seconds_for(1, ["bob"])
    assert usual > 2 * 100  # a notebook may run twice
    assert run.seconds_for(1, ["bob", "ada"]) == usual + 2 * 200


def test_what_another_program_graded_is_shown_and_can_be_compared(graded: Path) -> None:
    shutil.rmtree(graded / ".autograder")
    done = gc.grade(graded, "--student", "ada")
    assert f"{A}: 1 submission, 0 graded in" in done.stdout
    assert "1 already graded" in done.stdout
    assert "mean 11.0, median 11; full marks: 1, zero: 0." in done.stdout
    assert f"`nbgrader-isolate regrade {A}` grades again and shows whose points" in done.stdout
    assert "--force" not in done.stdout


def test_a_worker_that_dies_costs_its_own_submission_alone(
    tmp_path_factory: pytest.TempPathFactory, course: Path
) -> None:
    del tmp_path_factory
    folder = course / "submitted" / "mallory" / A
    shutil.copytree(course / f"submitted/ada/{A}", folder)
    text = (folder / "lab.ipynb").read_text()
    (folder / "lab.ipynb").write_text(text.replace("return a.T", "return a.T # KILL-WORKER"))
    done = gc.grade(course)
    assert done.returncode == Exit.INCOMPLETE
    assert "its worker was killed (SIGKILL) (2 tries)" in done.stdout
    assert "mallory" not in gc.totals(course)
    assert not (course / "autograded" / "mallory").exists()
    assert gc.totals(course)["ada"] == 11


def test_what_failed_while_the_processors_were_busy_is_graded_again_alone(course: Path) -> None:
    for student in ("ada", "élise"):
        notebook = course / f"submitted/{student}/{A}/lab.ipynb"
        text = notebook.read_text().replace("return a.T", f"return a.T # BUSY {len(student)}")
        notebook.write_text(text)
    done = gc.grade(course, "--jobs", "1", "--json", str(course / "out.json"))
    assert {student: gc.totals(course)[student] for student in ("ada", "élise")} == {
        "ada": 11,
        "élise": 11,
    }
    assert "ada: graded again, with no other submission beside it" in done.stderr
    rows = json.loads((course / "out.json").read_text())
    (ada,) = [row for row in rows if row["student"] == "ada"]
    assert "busy" not in " ".join(ada["review_reasons"])
    assert "graded again" in " ".join(ada["notices"])


def test_without_a_gradebook_one_is_made_and_the_assignment_registered(course: Path) -> None:
    (course / "gradebook.db").unlink()
    done = gc.grade(course, "--student", "ada")
    assert done.returncode == Exit.DONE, done.stderr
    assert "registered in the gradebook from its source" in done.stderr
    assert gc.totals(course) == {"ada": 11}


def test_what_cannot_be_graded_is_said_in_one_line(course: Path) -> None:
    lines = {
        ("grade", "lab2"): "no submissions of lab2. Did you mean lab1?",
        ("grade", "../x"): "'../x' is not the name of an assignment",
        ("grade", A, "--student", "adda"): "no submission by adda. Did you mean ada?",
        ("grade", A, "--student", "a" * 300): "no submission by aaa",
        ("grade", A, "--course", str(course / "nowhere")): "no such folder",
    }
    for arguments, words in lines.items():
        done = gc.run(*arguments, cwd=course)
        assert done.returncode == Exit.COURSE, (arguments, done.stderr)
        assert words in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.Limits.memory_mb = 'much'\n")
    done = gc.grade(course)
    assert done.returncode == Exit.COURSE
    assert "memory_mb" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_run_at_the_same_time_is_refused(course: Path) -> None:
    (course / ".autograder").mkdir()
    with (course / ".autograder" / "run.lock").open("w") as other:
        other.write("4711\n")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        done = gc.grade(course)
    assert done.returncode == Exit.COURSE
    assert "another run is grading here (process 4711)" in done.stderr


def test_a_course_that_is_read_only_is_refused(course: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("no bubblewrap on this machine; get it with `apt-get install bubblewrap`")
    done = gc.python(
        course=course, wrap=("bwrap", "--dev-bind", "/", "/", "--ro-bind", course, course)
    )
    assert done.returncode == Exit.COURSE, done.stderr
    assert "is not writable (Read-only file system)" in done.stderr


def test_a_full_disk_ends_the_run_and_the_next_one_goes_on(course: Path, made_graded: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("no bubblewrap on this machine; get it with `apt-get install bubblewrap`")
    (course / "autograded").mkdir()
    small = ("--size", "65536", "--tmpfs", course / "autograded")
    done = gc.python(course=course, wrap=("bwrap", "--dev-bind", "/", "/", *small))
    assert done.returncode == Exit.GRADEBOOK, done.stderr + done.stdout
    assert "No space left on device" in done.stderr
    assert "the same command again; it resumes" in done.stderr
    assert len(gc.totals(course)) < len(gc.totals(made_graded))
    gc.grade(course)
    assert (gc.rows(course), gc.folders(course)) == (gc.rows(made_graded), gc.folders(made_graded))


def test_a_gradebook_that_cannot_grow_loses_nothing(course: Path, made_graded: Path) -> None:
    size = (course / "gradebook.db").stat().st_size
    limit = ("sh", "-c", f'ulimit -f {size // 512 + 4}; exec "$@"', "sh")
    done = gc.python(course=course, wrap=limit)
    assert done.returncode == Exit.GRADEBOOK, done.stderr
    assert "Traceback" not in done.stderr
    gc.grade(course)
    assert (gc.rows(course), gc.folders(course)) == (gc.rows(made_graded), gc.folders(made_graded))


def test_ctrl_c_stops_at_once_and_keeps_what_was_recorded(course: Path) -> None:
    import signal

    for place in course.glob(f"submitted/*/{A}/lab.ipynb"):
        if not place.is_symlink():
            place.write_text(place.read_text().replace("return a.T", "return a.T # SLOW"))
    words = gc.words("grade", A, "--course", course, "--jobs", "1")
    line = [sys.executable, *words]
    with subprocess.Popen(
        line,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # tests that run in the background of a shell inherit that Ctrl-C is ignored
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as run:
        wait_until(lambda: list(course.glob("autograded/*/lab1")), "one submission is graded", 30)
        run.send_signal(signal.SIGINT)
        assert run.wait(patience(10)) == Exit.INTERRUPTED
        assert run.stderr is not None
        assert "run the same command again to continue" in run.stderr.read()
    assert gc.grade(course).returncode == Exit.INCOMPLETE
    assert gc.totals(course)["ada"] == 11


@pytest.mark.parametrize(
    ("grader", "words"),
    [
        ("support.fake_grader:RefusesToStart", "no sandbox holds here (asked for auto)"),
        ("support.fake_grader:DiesAtStart", "no such library: libfrobnicate.so.7"),
    ],
)
def test_workers_that_cannot_work_end_the_run_with_their_reason(
    course: Path, grader: str, words: str
) -> None:
    done = gc.grade(course, FAKE_GRADER=grader)
    assert done.returncode == Exit.SANDBOX, done.stderr
    assert words in done.stderr
    assert not (course / "autograded").exists()


def test_what_nbgrader_does_not_see_among_submissions_is_named(course: Path) -> None:
    shutil.copytree(course / f"submitted/ada/{A}", course / f"submitted/..odd../{A}")
    (course / "submitted/filer").mkdir()
    (course / f"submitted/filer/{A}").write_text("no folder")
    done = gc.grade(course, "--student", "ada")
    assert (
        f"submitted/..odd../{A}: skipped: nbgrader ignores names that start with a dot"
        in done.stderr
    )
    assert f"submitted/filer/{A}: skipped: it is not a folder" in done.stderr


def test_a_submission_whose_notes_are_damaged_is_graded_again(graded: Path) -> None:
    store = ResultStore(graded / ".autograder", A)
    before = store.load("ada")
    store.path("ada").write_bytes(b"")
    done = gc.grade(graded, "--student", "ada")
    assert "1 graded in" in done.stdout
    assert [row["score"] for row in store.load("ada")] == [row["score"] for row in before]

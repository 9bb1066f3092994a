"""Grading on a Dask cluster: the same points as here, a machine lost on the way, and clusters that
cannot be used."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client

import nbgrader_isolate
from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.runs.dask_cluster import grading_versions
from support import TESTS, preloaded
from support import graded_course as gc
from support.graded_course import A
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow
SETTINGS = {
    "PYTHONPATH": str(TESTS),
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
}
MODULES = {"scheduler": "distributed.cli.dask_scheduler", "worker": "distributed.cli.dask_worker"}


def started(kind: str, folder: Path, *options: object, **settings: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", MODULES[kind], "--no-dashboard", *map(str, options)],
        cwd=folder,
        env={**os.environ, **SETTINGS, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def at(scheduler: str) -> list[str]:
    """Return the options for a cluster without TLS, which these tests have on this machine."""
    return ["--insecure", "--scheduler", scheduler]


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler without workers; those of a test leave it at the end."""
    folder = tmp_path_factory.mktemp("scheduler")
    note = folder / "scheduler.json"
    process = started(
        "scheduler", folder, "--host", "127.0.0.1", "--port", 0, "--scheduler-file", note
    )
    try:
        wait_until(
            lambda: process.poll() is not None or (note.exists() and note.read_text()[-1:] == "}"),
            "the scheduler listens",
        )
        assert process.poll() is None
        yield json.loads(note.read_text())["address"]
    finally:
        process.terminate()
        process.wait(patience(10))


@contextlib.contextmanager
def workers(
    scheduler: str, folder: Path, count: int, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Workers of one thread each, started anew when they die."""
    options = ["--nworkers", count, "--nthreads", 1, "--local-directory", folder / "workers"]
    process = started("worker", folder, scheduler, *options, **settings)
    try:
        wait_for(scheduler, count)
        yield process
    finally:
        process.terminate()
        process.wait(patience(10))


def wait_for(scheduler: str, count: int) -> None:
    with Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=patience(20))


def test_a_cluster_gives_the_marks_that_this_machine_gives(
    scheduler: str, course: Path, made_graded: Path, tmp_path: Path
) -> None:
    with workers(scheduler, tmp_path, 2):
        done = gc.grade(course, *at(scheduler), "--json", course / "out.json")
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert gc.rows(course) == gc.rows(made_graded)
    assert gc.comments(course) == gc.comments(made_graded)
    assert gc.folders(course) == gc.folders(made_graded)


@pytest.mark.whole("test_kills.py ends workers of this machine in the quick tier")
def test_a_lost_machine_costs_nobody_a_point(
    scheduler: str, course: Path, made_graded: Path, tmp_path: Path
) -> None:
    with workers(scheduler, tmp_path, 1), workers(scheduler, tmp_path, 1) as other:
        words = gc.words("grade", A, "--course", course, *at(scheduler))
        told = tmp_path / "told"
        with told.open("w") as stderr:
            run = preloaded.Command(words, stderr=stderr)
        while run.poll() is None and not list(course.glob(f"autograded/*/{A}")):
            time.sleep(0.01)
        for process in [*below(other.pid), other.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        run.wait(patience(60))
    assert run.returncode == Exit.INCOMPLETE, told.read_text()
    assert gc.rows(course) == gc.rows(made_graded)


def below(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [*below(child), child]
    return found


@pytest.mark.whole("test_grade.py has a worker of this machine that dies in the quick tier")
def test_a_submission_that_takes_its_worker_down_is_named_and_the_others_are_graded(
    scheduler: str, course: Path, tmp_path: Path
) -> None:
    folder = course / "submitted" / "killer" / A
    shutil.copytree(course / "submitted" / "ada" / A, folder)
    text = (folder / "lab.ipynb").read_text()
    (folder / "lab.ipynb").write_text(text.replace("return a.T", "return a.T # KILL-WORKER"))
    with workers(scheduler, tmp_path, 1):
        done = gc.grade(course, *at(scheduler), "--json", course / "out.json")
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    rows = {row["student"]: row for row in json.loads((course / "out.json").read_text())}
    assert rows["killer"]["status"] == "error"
    assert gc.totals(course)["ada"] == 11


@pytest.mark.whole("tests/nbgrader_isolate/cli/test_grade.py gives a student more time")
def test_a_student_with_more_time_has_it_on_the_clusters_machine(
    scheduler: str, course: Path, tmp_path: Path
) -> None:
    for student in ("ada", "élise"):
        notebook = course / f"submitted/{student}/{A}/lab.ipynb"
        text = notebook.read_text().replace("return a.T", "return a.T # NEEDS-TIME")
        notebook.write_text(text)
    (course / "accommodations.csv").write_text(f"assignment,student,time_factor\n{A},ada,2\n")
    with workers(scheduler, tmp_path, 1):
        done = gc.grade(course, *at(scheduler), "--student", "ada", "--student", "élise")
    assert done.returncode == Exit.DONE, done.stderr
    totals = gc.totals(course)
    assert totals["ada"] == 11
    assert totals["élise"] is not None
    assert totals["élise"] < 11


def test_students_code_runs_in_a_sandbox_of_the_clusters_machine(
    scheduler: str, course: Path, tmp_path: Path
) -> None:
    with workers(scheduler, tmp_path, 1):
        done = gc.grade(
            course,
            "--insecure",
            "--scheduler",
            scheduler,
            "--student",
            "ada",
            "--student",
            "grace",
            program=None,
        )
        again = gc.grade(course, *at(scheduler), "--student", "ada", program=None)
    assert done.returncode == Exit.DONE, done.stderr
    assert "sandbox: none" not in done.stdout
    assert "sandbox: " in done.stdout
    totals = gc.totals(course)
    assert (totals["ada"], totals["grace"]) == (11, 9)
    assert (again.returncode, "1 already graded" in again.stdout) == (Exit.DONE, True), again.stderr


def test_a_cluster_that_cannot_be_used_is_refused_in_a_line(
    scheduler: str, course: Path, tmp_path: Path
) -> None:
    def said(address: str) -> str:
        done = gc.grade(course, *at(address))
        assert done.returncode == Exit.COURSE, done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    assert "the cluster has no workers" in said(scheduler)
    assert "no Dask scheduler answers there" in said("tcp://127.0.0.1:9")
    assert "no Dask scheduler answers there" in said("nonsense://x")
    other = tmp_path / "other"
    shutil.copytree(Path(nbgrader_isolate.__file__).parent, other / "nbgrader_isolate")
    with (other / "nbgrader_isolate" / "words.py").open("a") as source:
        source.write("# another version\n")
    with workers(scheduler, tmp_path, 1, PYTHONPATH=str(other)):
        assert "has nbgrader_isolate" in said(scheduler)
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "sitecustomize.py").write_text("import sys\nsys.modules['nbgrader_isolate'] = None\n")
    with workers(scheduler, tmp_path, 1, PYTHONPATH=str(bare)):
        assert "a worker has no nbgrader_isolate" in said(scheduler)
    assert not list(course.glob("autograded/*/*"))


def test_the_version_of_the_grader_covers_all_of_its_rooms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: set[Path] = set()
    original = Path.read_bytes

    def recording(path: Path) -> bytes:
        read.add(path)
        return original(path)

    monkeypatch.setattr(Path, "read_bytes", recording)
    grading_versions()
    rooms = {path.parent.name for path in read if path.suffix == ".py"}
    assert {"runs", "grading", "bridge", "sandbox", "nbgrader_isolate"} <= rooms

"""A gradebook that cannot be used is refused or waited for, and what is half done is taken back."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support import preloaded
from support.graded_course import A
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow


def test_a_gradebook_that_cannot_be_used_is_refused_and_left_as_it_is(course: Path) -> None:
    place = course / "gradebook.db"
    whole = place.read_bytes()
    changes = {
        "ALTER TABLE student DROP COLUMN lms_user_id": (
            "older nbgrader (it lacks student.lms_user_id)"
        ),
        "UPDATE alembic_version SET version_num = 'f00d'": "version f00d",
    }
    for statement, words in changes.items():
        with sqlite3.connect(place) as connection:
            connection.execute(statement)
        connection.close()
        changed = place.read_bytes()
        done = gc.grade(course)
        assert (done.returncode, words in done.stderr) == (Exit.GRADEBOOK, True), done.stderr
        assert "nbgrader db upgrade" in done.stderr
        assert place.read_bytes() == changed
        place.write_bytes(whole)
    place.write_bytes(b"not a database, but long enough to be read as one" * 20)
    done = gc.grade(course)
    assert done.returncode == Exit.GRADEBOOK
    assert "not a gradebook" in done.stderr


def test_an_old_notebook_without_ids_is_registered_without_nbformats_warning(course: Path) -> None:
    (course / "gradebook.db").unlink()
    file = course / f"source/{A}/lab.ipynb"
    notebook = json.loads(file.read_text())
    for cell in notebook["cells"]:
        del cell["id"]
    file.write_text(json.dumps(notebook | {"nbformat_minor": 5}))
    done = gc.python(verb="plan", course=course)
    assert done.returncode == Exit.DONE, done.stderr
    assert "MissingIDFieldWarning" not in done.stderr
    assert f"{A}: registered in the gradebook from its source" in done.stderr


BREAKS_OFF = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that changes reach the file before the end
connection.execute("BEGIN")
connection.execute("UPDATE student SET first_name = hex(randomblob(9000))")
connection.execute("DELETE FROM base_cell")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_half_done_in_the_gradebook_is_taken_back(graded: Path) -> None:
    before = gc.rows(graded)
    subprocess.run([sys.executable, "-c", BREAKS_OFF, graded / "gradebook.db"], check=False)
    assert (graded / "gradebook.db-journal").stat().st_size
    done = gc.grade(graded)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert gc.rows(graded) == before


def test_a_locked_gradebook_is_waited_for_and_then_refused(course: Path) -> None:
    connection = sqlite3.connect(course / "gradebook.db", isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    done = gc.grade(course, FAKE_WAIT="1")
    assert done.returncode == Exit.GRADEBOOK, done.stderr
    assert "waiting up to 1 s" in done.stderr
    assert "still locked after 1 s" in done.stderr
    words = gc.words("grade", A, "--course", course, "--student", "ada")
    told = course.with_name("told")
    with told.open("w") as stderr, preloaded.Command(words, stderr=stderr) as run:
        wait_until(lambda: "waiting" in told.read_text(), "the run says that it waits")
        connection.execute("ROLLBACK")
        assert run.wait(patience(30)) == Exit.DONE
    connection.close()
    assert gc.totals(course) == {"ada": 11}

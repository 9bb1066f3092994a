"""`regrade`: what a corrected test changes is shown first, and recorded when somebody says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support.graded_course import A

pytestmark = pytest.mark.slow


def edit_test(course: Path, name: str, source: str, points: float = 1) -> None:
    """Replace the text and the points of a test in the source notebook."""
    (file,) = (course / "source" / A).glob("*.ipynb")
    notebook = json.loads(file.read_text("utf-8"))
    (cell,) = (
        one
        for one in notebook["cells"]
        if one["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
    cell["source"] = source
    cell["metadata"]["nbgrader"]["points"] = points
    file.write_text(json.dumps(notebook), "utf-8")


def registered(course: Path) -> list[tuple[object, ...]]:
    """Return points, texts and checksums of cells as the gradebook has them."""
    points = gc.rows(course, "select id, max_score, cell_type from grade_cells order by id")
    return points + gc.rows(
        course, "select id, source, checksum, cell_type, locked from source_cell order by id"
    )


def test_a_corrected_test_is_registered_shown_and_recorded_and_manual_points_stay(
    graded: Path,
) -> None:
    same = gc.grade(graded, verb="regrade")
    assert same.returncode == Exit.INCOMPLETE, same.stderr  # some cannot be read
    assert "xenia: unreadable: lab.ipynb: is empty" in same.stderr
    one = gc.grade(graded, "--student", "ada", verb="regrade")
    assert one.returncode == Exit.DONE, one.stderr
    assert "No points change (1 student)." in one.stdout
    assert "in the source" not in one.stderr, "nothing was edited"
    assert f"`nbgrader-isolate regrade {A} --student ada --yes` grades again" in one.stdout
    assert "No points change (" in same.stdout
    assert f"`nbgrader-isolate regrade {A} --yes` grades again and records the new messages" in (
        same.stdout
    )
    gc.rows(
        graded,
        "update grade set manual_score = 0.5 where id in (select g.id from grade g "
        "join base_cell c on c.id = g.cell_id join submitted_notebook b on b.id = g.notebook_id "
        "join submitted_assignment s on s.id = b.assignment_id "
        "where c.name = 'flat-index-visible' and s.student_id = 'grace')",
    )
    gc.rows(graded, "update comment set manual_comment = 'seen'")
    before, earlier = gc.totals(graded), registered(graded)
    edit_test(graded, "flat-index-visible", "assert False, 'corrected: use the new formula.'")
    told = gc.grade(graded)
    assert "Edited in the source, but not registered yet: lab/flat-index-visible" in told.stderr
    shown = gc.grade(graded, verb="regrade")
    assert shown.returncode == Exit.INCOMPLETE, shown.stderr  # some cannot be read
    assert "Registered cells that were edited in the source: lab/flat-index-visible" in shown.stderr
    assert "lab/flat-index-visible 1 → 0" in shown.stdout
    assert "Points that a person gave stay as they are, for 1 student;" in shown.stdout
    assert "Nothing was recorded: this is not a terminal" in shown.stdout
    assert "The gradebook has the earlier version of these tests again" in shown.stderr
    assert gc.totals(graded) == before
    assert registered(graded) == earlier
    still = gc.grade(graded)
    assert "Edited in the source, but not registered yet: lab/flat-index-visible" in still.stderr
    one = gc.grade(graded, "--student", "ada", "--yes", verb="regrade")
    assert "Recorded 1 submission." in one.stdout, one.stderr
    assert registered(graded) != earlier
    later = gc.grade(graded)
    assert "with an earlier version of the assignment" in " ".join(later.stdout.split())
    assert "`nbgrader-isolate regrade" in later.stdout
    done = gc.grade(graded, "--yes", verb="regrade")
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    after = gc.totals(graded)
    assert before["ada"] is not None
    assert after["ada"] == before["ada"] - 1
    manual = "select manual_score from grade where manual_score is not null"
    assert gc.rows(graded, manual) == [(0.5,)]
    assert set(gc.rows(graded, "select manual_comment from comment")) == {("seen",)}
    assert "earlier version" not in " ".join(gc.grade(graded).stdout.split())


def test_points_in_the_gradebook_keep_their_maximum_until_something_is_recorded(
    graded: Path,
) -> None:
    earlier = registered(graded)
    edit_test(graded, "flat-index-visible", "assert True", points=0.5)
    shown = gc.grade(graded, "--student", "ada", verb="regrade")
    assert "Registered cells that were edited" in shown.stderr
    assert "lab/flat-index-visible 1 → 0.5" in shown.stdout
    assert registered(graded) == earlier
    graded.joinpath("source", A, "lab.ipynb").write_text("{", "utf-8")
    assert gc.grade(graded, verb="regrade").returncode != Exit.DONE
    assert registered(graded) == earlier


def test_an_unknown_assignment_registers_nothing(tmp_path: Path) -> None:
    done = gc.run("regrade", "lab2", "--course", tmp_path)
    assert done.returncode == Exit.COURSE
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "gradebook.db").exists()


def test_a_deleted_test_and_an_edited_plain_cell_are_named_and_said_to_count_as_before(
    graded: Path,
) -> None:
    (file,) = (graded / "source" / A).glob("*.ipynb")
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"] = [
        one
        for one in notebook["cells"]
        if one["metadata"].get("nbgrader", {}).get("grade_id") != "flat-index-visible"
    ]
    plain = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"].insert(0, {**plain, "id": "new", "source": "import math"})
    file.write_text(json.dumps(notebook), "utf-8")
    for verb in ("grade", "regrade"):
        told = " ".join(gc.grade(graded, "--student", "ada", verb=verb).stderr.split())
        assert told.count("lab/flat-index-visible is not a test in the source any more") == 1, told
        assert told.count("lab: cells without points were edited in the source") == 1, told
        assert f"`nbgrader generate_assignment {A} --force`, then" in told

"""Which folders a course may let its notebooks read, and that they can read them and no more."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from traitlets.config import Config

from nbgrader_isolate.cli.doctor import check_private_paths
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.data_folders import data_folders, refuse_special_files
from nbgrader_isolate.grading.engine import Engine
from nbgrader_isolate.runs.assignment import worker_setup
from nbgrader_isolate.sandbox import backends
from support.prepared import notebook, plain, records, student

BACKENDS = ("bwrap", "landlock", "none")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course, and a folder with data inside and another one beside it."""
    for name in ("course/data", "course/source", "shared/table"):
        (tmp_path / name).mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)  # so that root's sandbox user can read it
    (tmp_path / "link").symlink_to(tmp_path / "course")
    return tmp_path / "course"


@pytest.mark.parametrize("kind", ["socket", "pipe"])
def test_a_folder_with_a_way_to_other_programs_is_refused(
    root: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = root / "data" / "deep" / "er"
    inner.mkdir(parents=True)
    (inner.parent / "link").symlink_to("/dev/null")
    (inner / "table.csv").touch()
    folders = data_folders(["data"], root, Config())
    assert folders == [str(root / "data")]
    refuse_special_files(folders)
    if kind == "pipe":
        os.mkfifo(inner / "way")
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            monkeypatch.chdir(inner)  # the path of a socket is short
            listener.bind("way")
    with pytest.raises(
        GraderError, match="contains deep/er/way, through which notebooks would reach"
    ):
        refuse_special_files(folders)
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Limits.data_folders = ['data']\n", "utf-8"
    )
    course = Course(root)  # nothing runs yet, and a large folder takes a while
    with pytest.raises(GraderError, match="deep/er/way"):
        worker_setup(course, "auto")
    assert check_private_paths(course).status == "failed"


def test_relative_folders_begin_in_the_course_and_each_counts_once(root: Path) -> None:
    names = ["data", "../shared/table", str(root / "data")]
    expected = [str(root / "data"), str(root.parent / "shared/table")]
    assert data_folders(names, root, Config()) == expected


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("missing", "is not a folder"),
        ("nbgrader_config.py", "is not a folder"),
        ("", "which no notebook may see"),
        (".", "which no notebook may see"),
        ("..", "which no notebook may see"),
        ("../link", "which no notebook may see"),
        ("source", "which no notebook may see"),
        ("/", "contains more than data"),
        ("/usr", "contains more than data"),
        ("/proc/self", "contains no data"),
        ("/dev/fd", "contains no data"),
    ],
)
def test_a_folder_that_shows_more_than_data_is_refused(root: Path, name: str, why: str) -> None:
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Limits.data_folders = [{name!r}]\n", "utf-8"
    )
    with pytest.raises(GraderError, match=f"c.Limits.data_folders: .* {why}"):
        Course(root)


@pytest.fixture(params=BACKENDS)
def engine(request: pytest.FixtureRequest, root: Path) -> Iterator[Engine]:
    limits = Limits(data_folders=data_folders(["data", "../shared/table"], root, Config()))
    try:
        made = Engine(limits, request.param, [str(root), str(root / "source")])
    except backends.NoSandboxError as error:
        pytest.skip(f"no {request.param} sandbox here: {error}")
    with made as running:
        yield running


@pytest.mark.sample(every=2)
@pytest.mark.slow
def test_notebooks_read_data_folders_and_cannot_change_them(root: Path, engine: Engine) -> None:
    table, secret = root.parent / "shared/table/numbers.csv", root / "source/answer.txt"
    for file in (table, root / "data/numbers.csv", secret):
        file.write_text("1,2\n", "utf-8")
    (table.parent / "way-out").symlink_to(root / "source")
    cells = [
        plain(f"assert open({str(table)!r}).read() == '1,2\\n'"),
        student(f"assert open({str(root / 'data/numbers.csv')!r}).read() == '1,2\\n'"),
        student(f"open({str(table)!r}, 'w')"),
        student(f"open({str(table.parent / 'new')!r}, 'w')"),
        student(f"open({str(root.parent / 'for-the-next-student')!r}, 'w')"),
        student(f"open({str(secret)!r})"),
        student(f"open({str(table.parent / 'way-out/answer.txt')!r})"),
        student(f"import os; os.listdir({str(root / 'source')!r})"),
    ]
    executed = engine.run(notebook(*cells), files={}, student_names=[], seed=1)
    outcomes = [one["outcome"] for one in records(executed)]
    assert outcomes[:2] == ["passed", "passed"], records(executed)
    if engine.backend != "none":
        assert outcomes[2:] == ["failed"] * 6
        assert table.read_text("utf-8") == "1,2\n"
        assert not (table.parent / "new").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bwrap", "landlock"])
def test_a_machine_without_the_folder_is_named(name: backends.BackendName) -> None:
    with pytest.raises(backends.NoSandboxError, match="/no/such/data is not a folder") as error:
        backends.choose(name, (), ["/no/such/data"])
    assert "c.Limits.data_folders" in str(error.value)

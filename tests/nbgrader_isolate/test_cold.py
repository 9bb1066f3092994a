"""A kernel started in the sandbox by nbclient, as it starts any kernel."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import backends, cold, identity
from support.users import USERS, as_ordinary, ordinary_home

pytestmark = pytest.mark.slow
CELLS = [
    "import os; print(open('data.txt').read(), sorted(os.listdir('.')), 'SECRET' in os.environ)",
    "import numpy as np, matplotlib.pyplot as plt; _ = plt.plot(np.arange(3))",
    "open('data.txt', 'w').write('changed'); os.getpid()",
    "while True: pass",
    "print('after')",
]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", ["bwrap", "landlock"])
def test_nbconvert_runs_a_notebook_in_it_and_nothing_is_left(name: str, user: str) -> None:
    try:
        backends.choose(name)
    except backends.NoSandbox as error:
        pytest.skip(f"no {name} sandbox here: {error}")
    with ordinary_home() as home:
        folder = Path(home, "course")
        folder.mkdir()
        (folder / "data.txt").write_text("given", "utf-8")
        (folder / "link").symlink_to("/etc/passwd")
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS])
        nbformat.write(notebook, folder / "x.ipynb")
        outputs = convert(folder / "x.ipynb", name, [] if user == "root" else as_ordinary(home))
        assert outputs[0][0]["text"] == "given ['data.txt', 'x.ipynb'] False\n"
        assert "image/png" in outputs[1][0]["data"]
        assert outputs[3][-1]["ename"] == "KeyboardInterrupt"
        assert outputs[4][0]["text"] == "after\n"
        assert (folder / "data.txt").read_text("utf-8") == "given"
        assert not list(Path(home).glob("ag-*")), "a folder was left behind"
        assert not kernels(home), "a process was left behind"


def convert(notebook: Path, tier: str, prefix: list[str]) -> list[list[Any]]:
    """Execute a notebook as `jupyter nbconvert` does, with the provisioner for every kernel; return the cells' outputs."""
    settings = ["timeout=20", "interrupt_on_timeout=True", "startup_timeout=90"]
    command = [
        *prefix,
        *(sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors"),
        *(f"--ExecutePreprocessor.{setting}" for setting in settings),
        *(f"--SandboxProvisioner.sandbox={tier}", "--stdout", str(notebook)),
    ]
    variables = {
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "autograder-sandbox",
        "SECRET": "x",
        "TMPDIR": str(notebook.parent.parent),
        "HOME": str(notebook.parent.parent),
    }
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | variables,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return [cell["outputs"] for cell in nbformat.reads(done.stdout, as_version=4).cells]


def kernels(home: str) -> list[Path]:
    """Return the processes whose command line names a folder."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if home.encode() in line.read_bytes():
                found.append(line)
    return found


def test_what_is_staged_are_regular_files_without_links(tmp_path: Path) -> None:
    source = tmp_path / "submission"
    (source / "sub").mkdir(parents=True)
    (source / "sub" / "a.txt").write_text("a", "ascii")
    (source / "file").symlink_to("/etc/passwd")
    (source / "folder").symlink_to("/etc")
    os.mkfifo(source / "pipe")
    cold.stage(source, tmp_path / "copy", Limits())
    found = sorted(str(p.relative_to(tmp_path / "copy")) for p in (tmp_path / "copy").rglob("*"))
    assert found == ["sub", "sub/a.txt"]


def test_more_files_than_the_kernel_s_disk_holds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(bytes(2 << 20))
    with pytest.raises(OSError, match="more than the 1 MiB"):
        cold.stage(tmp_path, tmp_path / "copy", Limits(disk_mb=1))


def test_folders_of_makers_that_were_killed_are_swept_and_others_are_not() -> None:
    with tempfile.TemporaryDirectory() as place:
        dead, alive, foreign = (
            Path(place, name) for name in ("ag-4194399-x", f"ag-{os.getpid()}-y", "ag-z-x")
        )
        for folder in (dead, alive, foreign):
            folder.mkdir()
        identity.sweep(Path(place))
        assert not dead.exists()
        assert alive.exists()
        assert foreign.exists()

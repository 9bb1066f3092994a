"""A folder that was moved or copied works there, and does not use the first folder's packages."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap.moved import HEADER, name_python, repair, replace

pytestmark = pytest.mark.slow  # makes an environment


@pytest.mark.parametrize("name", ["elsewhere", "CS101 [WS24] #1 'Größe'"])
def test_paths_and_scripts_follow_the_folder(tmp_path: Path, name: str) -> None:
    old = tmp_path / "old"
    venv = old / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    (packages,) = venv.glob("lib/python*/site-packages")
    (old / "own").mkdir()
    (old / "own" / "ours.py").write_text("place = __file__\n")
    (packages / "_ours.pth").write_text(f"{old / 'own'}\n")
    script = venv / "bin" / "tool"
    script.write_text(f"#!{venv}/bin/python3\nimport ours\nprint(ours.place)\n")
    script.chmod(0o755)

    new = tmp_path / name
    old.rename(new)
    assert repair(new / ".venv", str(old))

    for command in (
        [str(new / ".venv/bin/tool")],
        [str(new / ".venv/bin/python"), "-c", "import ours; print(ours.place)"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == str(new / "own" / "ours.py")
    activate = f". {shlex.quote(str(new / '.venv/bin/activate'))} && tool"
    done = subprocess.run(["bash", "-c", activate], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(new / "own" / "ours.py")


def test_a_path_is_replaced_only_where_it_is_that_path(tmp_path: Path) -> None:
    file = tmp_path / "x.pth"
    file.write_bytes(b"/a/b\n/a/b/c\n/a/bc\n")
    replace(file, b"/a/b", b"/new")
    assert file.read_bytes() == b"/new\n/new/c\n/a/bc\n"


@pytest.mark.parametrize(
    "start",
    [
        "#!/a/python/.venv/bin/python\n",
        "#!/a/.venv/bin/python3.12\n",
        "#!/bin/sh\n'''exec' '/a b/.venv/bin/python' \"$0\" \"$@\"\n' '''\n",
        "#!/bin/sh\n'''exec' \"/a b/.venv/bin/python\" \"$0\" \"$@\"\n' '''\n",
    ],
)
def test_each_form_of_a_scripts_first_lines_is_recognized(tmp_path: Path, start: str) -> None:
    file = tmp_path / "tool"
    file.write_text(f"{start}print(1)\n")
    name_python(file, tmp_path / "$HOME 'x'")
    name = HEADER.match(file.read_bytes())
    assert name is not None
    assert (tmp_path / name[1].decode()).name.startswith("python")
    assert file.read_text().endswith("\nprint(1)\n")
    assert file.read_text().count("python") == 1


@pytest.mark.parametrize("start", ["#!/bin/bash\n", "# python\n", "\x7fELF python\n"])
def test_other_files_are_left_alone(tmp_path: Path, start: str) -> None:
    file = tmp_path / "tool"
    file.write_text(start)
    name_python(file, tmp_path)
    assert file.read_text() == start

"""A course under attack: two honest students, the attackers, and what can be observed later."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.attack import COURSE, HIDDEN, LEFT, SLEEP, UNPROTECTED, VICTIM, Attack, Submission
from machines import Machine

from nbgrader_isolate.cli import demo_assignment
from support import preloaded
from support.tiers import WHOLE

FAMILIES = set(filter(None, os.environ.get("ATTACK_FAMILIES", "").split(",")))
"""If there are any, all attacks of these families run, and no others."""
Fresh = Callable[..., Path]
"""Takes a name and optionally more configuration, and returns the folder of a new course."""
AS_IT_IS = Machine()
HONEST = ("aaa-honest", "zzz-honest")
"""The victims: one is graded before all attackers, one after."""
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "attacked"
"""


def is_chosen(attack: Attack, sample: tuple[str, ...]) -> bool:
    """Return whether an attack runs: all of some families do, or all, or a sample."""
    if FAMILIES:
        return attack.family in FAMILIES
    return WHOLE or attack.name in sample


def environment(course: Path, machine: Machine = AS_IT_IS) -> dict[str, str]:
    """Return the environment for commands, with this Python first and a separate home."""
    home = course.parent / "home"
    home.mkdir(exist_ok=True)
    kept = {k: v for k, v in os.environ.items() if k in {"LANG", "LC_ALL", "TERM"}}
    return {
        **kept,
        "PATH": machine.path(home),
        "HOME": str(home),
        "OPENBLAS_NUM_THREADS": "1",
        "JUPYTER_CONFIG_DIR": str(home / "jupyter"),
        "IPYTHONDIR": str(home / "ipython"),
    }


def run(
    course: Path, command: list[str], seconds: float = 600, machine: Machine = AS_IT_IS
) -> subprocess.CompletedProcess[str]:
    """Run a command in the course's folder; its output is decoded, whatever bytes it prints."""
    return subprocess.run(
        [*machine.prefix(course.parent), *command],
        cwd=course,
        env=environment(course, machine),
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=seconds,
        check=False,
    )


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run plain nbgrader on harmless input; it must succeed."""
    done = preloaded.nbgrader(*arguments, cwd=course, env=environment(course))
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def boxed(course: Path, command: list[str]) -> list[str]:
    """Return a command that runs plain nbgrader in a sandbox, so that attacks cannot harm the host.

    The sandbox sees the whole machine, but can write only into the course and its home. It has no
    network, and its own processes. This is enough for these tests, but it is not a sandbox for
    grading.
    """
    return [
        "bwrap",
        "--die-with-parent",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--cap-drop",
        "ALL",
        "--ro-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--size",
        str(64 << 20),
        "--tmpfs",
        "/dev/shm",
        "--bind",
        str(course.parent),
        str(course.parent),
        "--chdir",
        str(course),
        "prlimit",
        f"--as={6 << 30}",
        f"--fsize={256 << 20}",
        "--core=0",
        "--nofile=1024",
        *command,
    ]


def build(root: Path, config: str = "") -> Path:
    """Create the course `root/course`, with marks planted in it; return its folder."""
    course = root / "course"
    source = course / "source" / "lab"
    source.mkdir(parents=True)
    notebook = demo_assignment.assignment()
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            mark = UNPROTECTED if about["grade_id"] == demo_assignment.IN_PROCESS else HIDDEN
            cell.source = cell.source.replace(
                "### BEGIN HIDDEN TESTS", f"### BEGIN HIDDEN TESTS\nmark = '{mark}'"
            )
        if about.get("solution"):
            cell.source = cell.source.replace("### END SOLUTION", f"# {COURSE}\n### END SOLUTION")
    (source / "lab.ipynb").write_text(json.dumps(notebook), "utf-8")
    (source / demo_assignment.HELPER).write_text(demo_assignment.HELPER_SOURCE, "utf-8")
    (course / "nbgrader_config.py").write_text(CONFIG + config, "utf-8")
    nbgrader(course, "generate_assignment", "lab")
    # matplotlib lists the machine's fonts once for each home
    assert run(course, [sys.executable, "-c", "import matplotlib.pyplot"]).returncode == 0
    return course


def released(course: Path) -> dict[str, Any]:
    """Return the released notebook."""
    return json.loads((course / "release/lab/lab.ipynb").read_text("utf-8"))


def hand_in(course: Path, student: str, work: Submission) -> None:
    """Write the files of a submission."""
    folder = course / "submitted" / student / "lab"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if work.folder_link:
        folder.symlink_to(folder.parent / work.folder_link)
        return
    folder.mkdir()
    if work.raw is None:
        work.raw = json.dumps(work.notebook).encode()
    if work.raw:
        (folder / "lab.ipynb").write_bytes(work.raw)
    shutil.copy(course / "release/lab" / demo_assignment.HELPER, folder)
    for name, data in work.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    for name, target in work.links.items():
        (folder / name).symlink_to(target)
    for name in work.pipes:
        os.mkfifo(folder / name)


def hand_in_honest(course: Path) -> None:
    """Write the submissions of the two honest students, who have solved everything."""
    for student in HONEST:
        work = Submission(copy.deepcopy(released(course)), course, 0)
        for task, source in demo_assignment.ANSWERS.items():
            work.answer(task, f"# {VICTIM}\n{source}")
        hand_in(course, student, work)


def hand_in_attack(course: Path, attack: Attack, listener: int = 9) -> None:
    """Write an attacker's submission: `flat-index` is solved, and the attack does the rest."""
    work = Submission(copy.deepcopy(released(course)), course, listener)
    work.answer("flat-index", demo_assignment.ANSWERS["flat-index"])
    attack.make(work)
    hand_in(course, attack.who, work)


def scores(course: Path, student: str) -> dict[str, float | None] | None:
    """Return a student's points from the gradebook by grade_id, or None if they are not graded."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        try:
            notebook = book.find_submission_notebook("lab", "lab", student)
        except MissingEntry:
            return None
        if not any(grade.auto_score is not None for grade in notebook.grades):
            return None
        return {grade.name: grade.score for grade in notebook.grades}


def total(course: Path, student: str) -> float | None:
    """Return a student's total points, or None if they are not graded."""
    points = scores(course, student)
    return None if points is None else sum(score or 0.0 for score in points.values())


def outputs(course: Path, student: str, *, errors: bool = True) -> str:
    """Return all outputs in a student's graded notebook, and the contents of the other files."""
    folder = course / "autograded" / student / "lab"
    texts = []
    for file in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not file.is_file():
            continue
        if file.name == "lab.ipynb":
            cells = json.loads(file.read_bytes())["cells"]
            texts += [
                json.dumps(output, ensure_ascii=False)
                for cell in cells
                for output in cell.get("outputs", [])
                if errors or output["output_type"] != "error"
            ]
        elif file.name != demo_assignment.HELPER:
            texts.append(file.read_text("utf-8", "replace"))
    return "\n".join(texts)


def feedback(course: Path, student: str) -> str:
    """Return the text of a student's feedback page, or "" if there is none."""
    page = course / "feedback" / student / "lab" / "lab.html"
    return page.read_text("utf-8") if page.is_file() else ""


def result_bytes(course: Path, student: str) -> int:
    """Return how many bytes grading wrote for a student."""
    folders = [course / "autograded" / student, course / "feedback" / student]
    return sum(f.stat().st_size for folder in folders for f in folder.rglob("*") if f.is_file())


def protected_files(course: Path) -> dict[str, str]:
    """Return the digests and link targets of the course's files that grading must not change."""
    files = {}
    for file in walk(course):
        name = str(file.relative_to(course))
        if name.split("/", maxsplit=1)[0] in {
            "autograded",
            "feedback",
            ".autograder",
        } or name.startswith("gradebook.db"):
            continue
        if file.is_symlink():
            files[name] = str(file.readlink())
        elif file.is_file():
            files[name] = hashlib.sha256(file.read_bytes()).hexdigest()
        else:
            files[name] = "not a regular file"
    return files


def walk(folder: Path) -> Iterator[Path]:
    """Yield all files and links below a folder, without following links."""
    for root, folders, files in os.walk(folder):
        yield from (Path(root) / name for name in files)
        yield from (Path(root) / name for name in folders if (Path(root) / name).is_symlink())


@dataclass(frozen=True)
class Leftovers:
    """What attacks have left behind on the host: processes, files and sockets."""

    processes: set[str]
    files: set[str]
    sockets: set[str]


def leftovers(course: Path) -> Leftovers:
    """Find everything that attacks have left behind, by the two names that they use."""
    processes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if SLEEP in words or LEFT in "".join(words):
            processes.add(f"{process.name} {' '.join(words)}")
    places: Iterable[str] = (
        "/tmp",
        "/dev/shm",
        "/var/tmp",
        "/etc",
        "/run",
        "/usr/lib",
        sys.prefix,
        str(course.parent / "home"),
        str(Path.home()),
    )
    files = {
        str(f) for place in places if Path(place).is_dir() for f in Path(place).glob(f"*{LEFT}*")
    }
    files |= {str(f) for f in (course.parent / "home").rglob(f"*{LEFT}*")}
    files |= {
        str(f) for place in map(Path, sys.path) if place.is_dir() for f in place.glob(f"*{LEFT}*")
    }
    sockets = {line for line in Path("/proc/net/unix").read_text().splitlines() if LEFT in line}
    return Leftovers(processes, files, sockets)

"""Attacks by the files next to the notebook: links, pipes, modules, settings, sizes and names."""

from __future__ import annotations

import importlib.util
import marshal
import sys

from corpus.attack import LEFT, SLEEP, Submission, attack

F = "files"

TESTS_AWAY = """
try:
    from IPython import get_ipython
    get_ipython().input_transformers_cleanup.append(
        lambda lines: ["pass\\n"] if any("assert" in l or "points" in l for l in lines) else lines)
except Exception:
    pass
"""
"""Empties every later test."""


@attack(F, "/etc/passwd in the graded folder, which the student gets back", "files", keeps=True)
def link_to_passwd(work: Submission) -> None:
    work.links["notes.txt"] = "/etc/passwd"


@attack(F, "the instructor's solution in the graded folder", "files", keeps=True)
def link_to_solutions(work: Submission) -> None:
    work.links["notes.txt"] = str(work.course / "source/lab/lab.ipynb")


@attack(
    F,
    "a folder of the instructor's in the graded folder",
    "none",
    why="links to folders are not followed",
    keeps=True,
)
def link_to_course_folder(work: Submission) -> None:
    work.links["data"] = str(work.course / "source")


@attack(F, "the points of another student's notebook", "points")
def link_to_neighbor(work: Submission) -> None:
    work.raw = b""
    work.links["lab.ipynb"] = "../../aaa-honest/lab/lab.ipynb"


@attack(F, "the points of another student's folder", "points")
def folder_linked_to_neighbor(work: Submission) -> None:
    work.folder_link = "../aaa-honest/lab"


@attack(F, "a link to itself and to its own folder", "abort", keeps=True)
def link_in_circles(work: Submission) -> None:
    work.links.update({"loop": ".", "self": "self", "up": "../.."})


@attack(
    F,
    "a device that never ends",
    "none",
    why="/dev/zero is kept out of the run against plain nbgrader",
    keeps=True,
)
def link_to_device(work: Submission) -> None:
    work.links["data.bin"] = "/dev/tty"


@attack(F, "a pipe next to the notebook that nobody writes to", "abort", keeps=True)
def pipe_beside(work: Submission) -> None:
    work.pipes.append("data.csv")


@attack(F, "a notebook that is a pipe: opening it waits forever", "hang")
def pipe_for_notebook(work: Submission) -> None:
    work.raw = b""
    work.pipes.append("lab.ipynb")


@attack(F, "a module that takes the place of matplotlib", "points")
def matplotlib_beside(work: Submission) -> None:
    work.files["matplotlib.py"] = (TESTS_AWAY + "class pyplot: pass\n").encode()
    work.files["matplotlib/pyplot.py"] = b""
    del work.files["matplotlib/pyplot.py"]
    work.files["matplotlib/__init__.py"] = TESTS_AWAY.encode()
    work.files["matplotlib/pyplot.py"] = b"def plot(*a): pass\n"
    del work.files["matplotlib.py"]


@attack(
    F,
    "modules that take the place of NumPy and of the standard library",
    "none",
    why="the kernel has imported them before",
    keeps=True,
)
def standard_modules_beside(work: Submission) -> None:
    for name in ("numpy", "json", "socket", "ast", "struct", "traceback", "unittest"):
        work.files[f"{name}.py"] = b"raise SystemExit\n"


@attack(
    F,
    "a helper of the instructor's, replaced",
    "none",
    why="nbgrader copies the instructor's over it",
    keeps=True,
)
def helper_beside(work: Submission) -> None:
    work.files["lab_helper.py"] = b"def same(*found): pass\n"


@attack(
    F,
    "compiled code that takes the place of the instructor's helper",
    "none",
    why="nbgrader leaves __pycache__ behind",
    keeps=True,
)
def helper_compiled(work: Submission) -> None:
    code = compile(TESTS_AWAY + "def same(*found): pass\n", "lab_helper.py", "exec")
    # PEP 552: flags 1 = found by hash, never compared with the source
    header = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
    name = f"__pycache__/lab_helper.{sys.implementation.cache_tag}.pyc"
    work.files[name] = header + marshal.dumps(code)


@attack(F, "a package that comes before the helper", "points")
def helper_as_package(work: Submission) -> None:
    work.files["lab_helper/__init__.py"] = (TESTS_AWAY + "def same(*found): pass\n").encode()


@attack(
    F,
    "code that Python runs at its start",
    "none",
    why="the kernel's folder is not a site directory",
    keeps=True,
)
def site_customized(work: Submission) -> None:
    for name in ("sitecustomize.py", "usercustomize.py"):
        work.files[name] = TESTS_AWAY.encode()
    work.files["x.pth"] = b"import os; os.system('sleep %s &')\n" % SLEEP.encode()
    work.files["pyvenv.cfg"] = b"home = /tmp\n"


@attack(
    F,
    "configuration for Jupyter, IPython and nbgrader next to the notebook",
    "none",
    why="read from other folders",
    keeps=True,
)
def configuration_beside(work: Submission) -> None:
    harm = b"c = get_config()\nimport os\nos.system('sleep %s &')\n" % SLEEP.encode()
    for name in (
        "jupyter_config.py",
        "ipython_config.py",
        "nbgrader_config.py",
        "jupyter_nbconvert_config.py",
        ".ipython/profile_default/startup/00.py",
        "profile_default/startup/00.py",
        ".jupyter/jupyter_config.py",
        "ipython_kernel_config.py",
    ):
        work.files[name] = harm


@attack(
    F,
    "a gradebook, a plan and a database of its own",
    "none",
    why="unknown files are copied, not used",
    keeps=True,
)
def gradebook_beside(work: Submission) -> None:
    work.files["gradebook.db"] = b"SQLite format 3\x00" + bytes(2000)
    work.files[".autograder/lab.json"] = b'{"assignment": "lab", "notebooks": []}'


@attack(
    F,
    "two notebooks that claim the same cells",
    "none",
    why="unknown notebooks are left out",
    keeps=True,
)
def second_notebook(work: Submission) -> None:
    work.files["lab2.ipynb"] = work.json().encode()
    work.files["Lab.ipynb"] = work.json().encode()


@attack(
    F,
    "names with `..`, line ends, bytes that are not text, and shell commands",
    "none",
    why="copied as they are",
    keeps=True,
)
def names_odd(work: Submission) -> None:
    for name in ("-rf", "$(sleep 9).py", "a\nb", "%2e%2e", "\u202egpj.exe", "ünï.txt", "x" * 200):
        work.files[name] = b"x"


@attack(F, "fifty files of half a MiB", "flood", keeps=True)
def files_many(work: Submission) -> None:
    for number in range(50):
        work.files[f"data/{number:03}.bin"] = bytes(1 << 19)


@attack(
    F,
    "a submission of last year: no late penalty",
    "none",
    why="nbgrader believes it, and intake cannot know better",
    keeps=True,
)
def timestamp_early(work: Submission) -> None:
    work.files["timestamp.txt"] = b"1990-01-01 00:00:00 UTC"


@attack(F, "a timestamp that is not a time", "abort", keeps=True)
def timestamp_broken(work: Submission) -> None:
    work.files["timestamp.txt"] = b"2026-99-99 \xff\x00 Mars/Olympus"


@attack(F, "a timestamp beyond all calendars", "abort", keeps=True)
def timestamp_far(work: Submission) -> None:
    work.files["timestamp.txt"] = b"9999-12-31 23:59:59 -1400"


@attack(F, "a timestamp of 10 MiB", "none", why="slow at most", keeps=True)
def timestamp_long(work: Submission) -> None:
    work.files["timestamp.txt"] = b"2026-01-01 " * 100_000


@attack(F, "a timestamp that is a link", "none", why="what it shows is not a date", keeps=True)
def timestamp_linked(work: Submission) -> None:
    work.links["timestamp.txt"] = "/etc/passwd"


@attack(F, "a folder instead of the notebook", "abort")
def folder_for_notebook(work: Submission) -> None:
    work.raw = b""
    work.files["lab.ipynb/lab.ipynb"] = b"{}"


@attack(F, "code in a test's own folder", "none", why="nothing collects tests", keeps=True)
def conftest_beside(work: Submission) -> None:
    work.files["conftest.py"] = f"open('/tmp/{LEFT}-conftest', 'w')".encode()
    work.files["setup.py"] = work.files["conftest.py"]

"""Every verb of the course; the Makefile's are these."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.cli import exercises
from course.core.errors import ContentFaultsError, CourseError
from course.core.paths import ROOT, Folders


def run(arguments: list[str]) -> int:
    """Run one verb.

    Parameters
    ----------
    arguments : list of str
        The verb and its options.

    Returns
    -------
    int
        0 when all is done; 1 when something is for a person to mend, which was printed; 2 for a
        wrong command line; 130 after Ctrl-C.
    """
    options = parser().parse_args(arguments)
    try:
        status: int = options.verb(options)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing is half-written; the same command goes on.", file=sys.stderr)
        return 130
    return status


def parser() -> argparse.ArgumentParser:
    """Return the command line of `python -m course`."""
    top = argparse.ArgumentParser(prog="python -m course", description=__doc__)
    verbs = top.add_subparsers(metavar="VERB", required=True)
    offered = None if (ROOT / "solutions").is_dir() else students_verbs()

    def verb(name: str, function: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        told = (function.__doc__ or "").splitlines()[0]
        # a verb without help is not listed; it still says what it lacks
        listed: dict[str, Any] = {"help": told} if offered is None or name in offered else {}
        added = verbs.add_parser(name, description=told, **listed)
        added.set_defaults(verb=function)
        return added

    verb("setup", setup)
    verb("html", html).add_argument("--jobs", type=int, help="lessons to run at a time")
    verb("lab", lab).add_argument("options", nargs="*", help="options for JupyterLab, after --")
    verb("check", exercises.check).add_argument("assignment", nargs="?", metavar="A")
    over = verb("start-over", exercises.start_over)
    over.add_argument("assignment", metavar="A")
    over.add_argument("task", nargs="?", metavar="T")
    verb("capstone", exercises.capstone)
    verb("student", exercises.student)
    verb("pack", exercises.pack).add_argument("assignment", metavar="A")
    variant = verb("variant", exercises.variant)
    variant.add_argument("seed", type=int, metavar="SEED")
    variant.add_argument("assignment", nargs="?", metavar="A")
    verb("release", exercises.release).add_argument("assignment", metavar="A")
    verb("notebooks", notebooks)
    verb("myths", myths)
    verb("import", import_).add_argument("notebook", type=Path, help="in lessons/ or solutions/")
    test = verb("test", test_)
    test.add_argument("--fast", action="store_true", help="leave out what is slow")
    test.add_argument("--all", action="store_true", help="leave out nothing: the whole zoo too")
    test.add_argument("options", nargs="*", help="options for pytest, after --")
    verb("check-fast", check_fast)
    verb("lint", lint)
    verb("bench", bench).add_argument(
        "--write", action="store_true", help="write the tables beside the scripts too"
    )
    look = verb("lens", lens)
    look.add_argument(
        "--grader", action="store_true", help="the autograder's tests instead of the lessons"
    )
    verb("lock", lock)
    verb("clean", clean)
    return top


def students_verbs() -> tuple[str, ...]:
    """Return the verbs that work in the students' copy: the others need the solutions."""
    from course.handout.student_zip import VERBS

    return VERBS


def setup(_options: argparse.Namespace) -> int:
    """Make .venv with everything the course needs."""
    print("Ready. Next: `make html` for the pages, `make lab` to work in the notebooks.")
    return 0


def html(options: argparse.Namespace) -> int:
    """Build the site in _site/ from the lessons."""
    from course.site.build import Site

    started = time.monotonic()
    outcome = Site(Folders()).build(jobs=options.jobs)
    for error in outcome.errors:
        print(error, file=sys.stderr)
    took = f"{time.monotonic() - started:.1f} s"
    if outcome.errors:
        print(
            "The other pages are in _site/; the next run redoes only what failed.", file=sys.stderr
        )
        return 1
    did = (
        f"{len(outcome.ran)} run, {len(outcome.rendered)} rendered"
        if outcome.rendered
        else "nothing changed"
    )
    print(f"_site/ has {pages(outcome.pages)} and an index ({did}, {took}). Open _site/index.html.")
    return 0


def pages(count: int) -> str:
    """Return `1 lesson` or `7 lessons`."""
    return f"{count} lesson{'' if count == 1 else 's'}"


def lab(options: argparse.Namespace) -> int:
    """Open JupyterLab on your own copies in work/."""
    from course.exercises.workspace import lab as open_lab

    return open_lab(Folders(), options.options)


def notebooks(_options: argparse.Namespace) -> int:
    """Build lessons/, solutions/ and exercises/ from content/."""
    from course.content.build import build

    folders = Folders()
    report = build(folders)
    for file in report.written:
        print(f"wrote {folders.relative(file)}")
    for file in report.removed:
        print(f"removed {folders.relative(file)}: its text is gone")
    if not report.written and not report.removed:
        print(f"All {report.built} notebooks are in step with content/.")
    return 0


def myths(_options: argparse.Namespace) -> int:
    """Write the links of the myths page and docs/myths.md from content/myths.yml."""
    from course.content.myths import write

    folders = Folders()
    written = write(folders)
    for file in written:
        print(f"wrote {folders.relative(file)}")
    if not written:
        print("The myths page and docs/myths.md are in step with content/myths.yml.")
    return 0


def import_(options: argparse.Namespace) -> int:
    """Turn a notebook you edited back into its text in content/."""
    from course.content.import_notebook import import_notebook

    folders = Folders()
    text, changed = import_notebook(folders, options.notebook)
    did = "wrote" if changed else "nothing to do for"
    print(f"{did} {folders.relative(text)}. Next: read the change, then `make notebooks`.")
    return 0


def test_(options: argparse.Namespace) -> int:
    """Run the tests this machine can run, and say what was left out."""
    # a browser's tests are marked by their folder; files that are slow as a whole mark themselves
    quick = ["-m", "not slow and not browser", "--ignore=tests/browser"]
    selection = quick if options.fast else []
    # a file's tests stay together: they share a browser, a JupyterLab, a graded course
    side_by_side = ["-n", "auto", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *side_by_side, *selection, *options.options]
    if options.all:
        return whole_run(command)
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def whole_run(command: list[str]) -> int:
    """Run every test, and write what came out into benchmarks/test_all.md."""
    from course.qa.test_report import table

    junit = Folders().build / "test-all.xml"
    started = time.monotonic()
    every = {**os.environ, "TEST_TIER": "all"}
    done = subprocess.run([*command, f"--junitxml={junit}"], check=False, cwd=ROOT, env=every)
    minutes = (time.monotonic() - started) / 60
    (ROOT / "benchmarks" / "test_all.md").write_text(table(junit, minutes), "utf-8")
    return done.returncode


def check_fast(_options: argparse.Namespace) -> int:
    """Run the quick tests, and beside them the checks of style, types and texts."""
    command = [sys.executable, "-m", "course", "lint"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **output) as beside:  # type: ignore[call-overload]
        tests = test_(argparse.Namespace(fast=True, all=False, options=[]))
        print(beside.communicate()[0], end="")
    return int(tests != 0 or beside.returncode != 0)


def lint(_options: argparse.Namespace) -> int:
    """Check style, types, imports, and the texts: links, pictures, English, what tests may do."""
    from course.lint import tools
    from course.lint.english import check_english
    from course.lint.texts import check_content

    clean = tools.run(ROOT)
    for check in (check_content, check_english):
        try:
            check(Folders())
        except ContentFaultsError as error:
            print(error, file=sys.stderr)
            clean = False
    return 0 if clean else 1


def bench(options: argparse.Namespace) -> int:
    """Measure what the README claims, on this machine."""
    # a file without that line is a module that the scripts share
    files = sorted((ROOT / "benchmarks").glob("*.py"))
    scripts = [file for file in files if 'if __name__ == "__main__":' in file.read_text("utf-8")]
    done = []
    for script in scripts:
        writes = options.write and '"--write"' in script.read_text("utf-8")
        command = [sys.executable, str(script), *(["--write"] if writes else [])]
        done.append(subprocess.run(command, check=False, cwd=ROOT).returncode)
    return int(any(done))


def lens(options: argparse.Namespace) -> int:
    """Run the lessons on every NumPy the course promises, and compare what they show."""
    if options.grader:
        from course.qa import grader_matrix

        passed = grader_matrix.look(Folders())
        return int(not passed or not all(passed.values()))
    from course.qa.version_matrix import look

    findings = look(Folders())
    return int(not findings or any(finding.errors for finding in findings))


def lock(_options: argparse.Namespace) -> int:
    """Write requirements.lock from pyproject.toml: every version and hash, no index address."""
    options = ["--universal", "--all-extras", "--generate-hashes", "--upgrade", "--quiet"]
    bare = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    ours = [f"--no-emit-package={name}" for name in ("nbgrader-isolate", "stridescope")]
    command = [sys.executable, "-m", "uv", "pip", "compile", *options, *bare, *ours]
    output = ["--output-file", "requirements.lock", "pyproject.toml"]
    return subprocess.run([*command, *output], check=False, cwd=ROOT).returncode


def clean(_options: argparse.Namespace) -> int:
    """Remove what the verbs made, but never work/, submissions, marks or .venv."""
    folders = Folders()
    for folder in (folders.site, folders.build):
        shutil.rmtree(folder, ignore_errors=True)
    print("Removed _site/ and _build/.")
    return 0

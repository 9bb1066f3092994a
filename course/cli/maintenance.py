"""The verbs that check, measure and clean up the repository."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys

from course.core.cache import write_atomically
from course.core.errors import ContentFaultsError
from course.core.paths import ROOT, Folders

NOT_IN_PAGES = ("--no-emit-package=widgetsnbextension",)
"""Of what ipywidgets needs: JupyterLite's kernel has a substitute."""


def test_(options: argparse.Namespace) -> int:
    """Run the tests that this machine can run, and say which were skipped."""
    # tests in a browser have a folder of their own; files of slow tests are marked as slow
    quick = ["-m", "not slow and not browser", "--ignore=tests/browser"]
    selection = quick if options.fast else []
    # the tests of a file stay together: they share a browser, a JupyterLab, a graded course; the
    # quick ones run in one process, because each process has to import what they need
    workers = max(4, os.cpu_count() or 1)  # more than processors, since many tests wait
    side_by_side = ["-n", "0"] if options.fast else ["-n", f"{workers}", "--dist", "loadfile"]
    command = [sys.executable, "-m", "pytest", *side_by_side, *selection, *options.options]
    if options.all:
        return whole_run(command, only_failed=options.failed)
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def whole_run(command: list[str], *, only_failed: bool) -> int:
    """Run every test, or those that failed last, and write benchmarks/test_all.md."""
    from course.qa.run_report import table

    build = Folders().build
    first = build / "test-all.xml"
    again = sorted(build.glob("test-all-again-*.xml"))
    if only_failed and not first.exists():
        print("There is no whole run yet: run `make test-all` first.", file=sys.stderr)
        return 2
    if only_failed:
        again.append(build / f"test-all-again-{len(again) + 1:02}.xml")
        command = [*command, "--last-failed", "--last-failed-no-failures=none"]
    else:
        for junit in again:
            junit.unlink()
        again = []
    junits = [first, *again]
    environment = {**os.environ, "TEST_TIER": "all"}
    command = [*command, f"--junitxml={junits[-1]}"]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environment)
    write_atomically(ROOT / "benchmarks" / "test_all.md", table(junits).encode())
    return done.returncode


def check_fast(_options: argparse.Namespace) -> int:
    """Run the quick tests and, at the same time, the checks of `lint`."""
    command = [sys.executable, "-m", "course", "lint"]
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **output) as beside:  # type: ignore[call-overload]
        tests = test_(argparse.Namespace(fast=True, all=False, options=[]))
        print(beside.communicate()[0], end="")
    return int(tests != 0 or beside.returncode != 0)


def lint(_options: argparse.Namespace) -> int:
    """Check style, types, imports, workflows, and the sources: links, pictures, English, tests."""
    from course.lint import javascript, tools, workflows
    from course.lint.english import check_english
    from course.lint.texts import check_content

    clean = all([tools.run(ROOT), javascript.check(ROOT), workflows.check(ROOT)])
    for check in (check_content, check_english):
        try:
            check(Folders())
        except ContentFaultsError as error:
            print(error, file=sys.stderr)
            clean = False
    return 0 if clean else 1


def bench(options: argparse.Namespace) -> int:
    """Measure the figures in the README on this machine."""
    # a file without that line is a module that several scripts import; what lessons show as
    # recorded is replaced only by `make record`
    files = sorted({*(ROOT / "benchmarks").glob("*.py")} - {ROOT / "benchmarks" / "record.py"})
    scripts = [file for file in files if 'if __name__ == "__main__":' in file.read_text("utf-8")]
    done = []
    for script in scripts:
        writes = options.write and '"--write"' in script.read_text("utf-8")
        command = [sys.executable, str(script), *(["--write"] if writes else [])]
        done.append(subprocess.run(command, check=False, cwd=ROOT).returncode)
    return int(any(done))


def version_matrix(options: argparse.Namespace) -> int:
    """Run the lessons on every NumPy that the course supports, and compare their output."""
    if options.grader:
        from course.qa import grader_matrix

        passed = grader_matrix.run(Folders())
        return int(not passed or not all(passed.values()))
    from course.qa.version_matrix import run

    results = run(Folders())
    return int(not results or any(result.errors for result in results))


def release_check(_options: argparse.Namespace) -> int:
    """Build and check what is released, and write it to dist/."""
    from course.handout.release import Release

    for file in Release(Folders()).check():
        print(f"dist/{file.name}: {file.stat().st_size / 1e6:.1f} MB")
    print("Everything that is released is in dist/. docs/release.md says how to publish it.")
    return 0


def release_version(options: argparse.Namespace) -> int:
    """Write the version of a release into every file that names it."""
    from datetime import UTC, datetime

    from course.handout.versions import write_version

    for name in write_version(ROOT, options.version, datetime.now(UTC).date()):
        print(f"wrote {name}")
    return 0


def lock(_options: argparse.Namespace) -> int:
    """Write requirements.lock and the lists in vendor/ and docker/: versions, hashes, no hosts."""
    from course.live.runtime import Runtime

    options = ["--generate-hashes", "--upgrade", "--quiet"]
    bare = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command = [sys.executable, "-m", "uv", "pip", "compile", *options, *bare]
    ours = [f"--no-emit-package={name}" for name in ("nbgrader-isolate", "stridescope")]
    python = Runtime(ROOT / "vendor" / "pyodide").python_version
    page = [f"--python-version={python}", "--python-platform=wasm32-pyodide2025"]
    lists = {
        "requirements.lock": ["--universal", "--all-extras", *ours, "pyproject.toml"],
        "vendor/jupyterlite/tools.txt": ["--universal", "vendor/jupyterlite/tools.in"],
        "vendor/checks/tools.txt": [
            "--universal",
            "--python-version=3.11",
            "vendor/checks/tools.in",
        ],
        "docker/hub-packages.txt": ["--universal", "--no-deps", "docker/hub-packages.in"],
        "vendor/jupyterlite/wheels.txt": [*page, *NOT_IN_PAGES, "vendor/jupyterlite/wheels.in"],
    }
    done = [
        subprocess.run([*command, *given, "--output-file", name], check=False, cwd=ROOT).returncode
        for name, given in lists.items()
    ]
    return int(any(done))


def live_update(options: argparse.Namespace) -> int:
    """Replace vendor/pyodide/ by another version of Pyodide, checked against its own lock."""
    from course.live.update import update

    update(ROOT / "vendor" / "pyodide", options.version, options.carrier)
    return 0


def live_editor(_options: argparse.Namespace) -> int:
    """Build vendor/codemirror/codemirror.js from the versions in its package.json."""
    from course.live.update import build_editor

    build_editor(ROOT / "vendor" / "codemirror")
    return 0


def clean(_options: argparse.Namespace) -> int:
    """Remove _site/ and _build/, but never work/, submissions, grades or .venv."""
    folders = Folders()
    for folder in (folders.site, folders.build):
        shutil.rmtree(folder, ignore_errors=True)
    print("Removed _site/ and _build/.")
    return 0

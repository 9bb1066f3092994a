"""Grade public nbgrader courses with stock nbgrader and with ours, and compare every cell's points.

`python benchmarks/courses.py DIR...` takes each folder as one course, with its assignments wherever
they are: in `source/`, or elsewhere. The name of a folder is its address, with `+` for the slash:
`owner+name`. Every difference is printed with its course, notebook, cell and both points. Results
are kept as JSON files in the folder `--results`, so a run that was stopped continues where it
ended. `--write` writes the table to `courses.md`: the courses with results there, and those that
are in the table already.

Only stock nbgrader's sandbox (bubblewrap) and ours run what the courses contain.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from courses_compare import OPEN, Record, differences, line
from courses_found import Assignment, assignments_in, is_test, settings_of
from courses_graders import (
    LAB,
    OURS,
    STOCK,
    Skipped,
    build,
    cells_of,
    empty_gradebook,
    executed,
    hand_in,
    modes_of,
    run,
)
from courses_table import Course, course_of, courses_in, now, table
from courses_variants import REFERENCE, variants

RESULTS = Path(__file__).parents[1] / "work" / "courses"
TABLE = Path(__file__).with_suffix(".md")
TRIES = 3
"""How many notebooks are tried for each one that is compared."""
ABSENT = ("ModuleNotFoundError", "FileNotFoundError", "URLError", "ConnectionError", "gaierror")
"""Errors of a reference solution that lacks a package, a file or the network."""


def graded(assignment: Assignment, course: Path, base: Path, options: argparse.Namespace) -> Record:
    """Grade an assignment in both ways; return what was found."""
    started = time.monotonic()
    record: dict[str, Any] = {"assignment": assignment.name, "skipped": dict(assignment.skipped)}
    settings = settings_of(course, assignment.folder)
    stock, ours = base / STOCK, base / OURS
    gradebook = empty_gradebook(options.results)
    try:
        while assignment.notebooks:
            build(assignment, stock, settings, gradebook, options.seconds)
            shutil.rmtree(ours, ignore_errors=True)
            shutil.copytree(stock, ours, ignore=shutil.ignore_patterns(".*"))
            hand_in(stock, REFERENCE, assignment.references, [*assignment.notebooks])
            autograde(stock, options.seconds * len(assignment.notebooks))
            absent = without_points(stock, [*assignment.notebooks])
            if not absent:
                break
            record["skipped"] |= absent
            for name in absent:
                del assignment.notebooks[name], assignment.references[name]
        if not assignment.notebooks:
            return record
        names = [*assignment.notebooks]
        made = variants(assignment.references, options.variants)
        for student, answers in made.items():
            for place in (stock, ours):
                if not (place / "submitted" / student.replace(" ", "-")).exists():
                    hand_in(place, student.replace(" ", "-"), answers, names)
        seconds = options.seconds * len(names) * len(made)
        autograde(stock, seconds)
        said = run(ours, ["nbgrader_isolate", "plan", LAB], options.seconds * len(names) * 4)
        record["modes"], record["plan"] = modes_of(ours, said), said[-3000:]
        record["log"] = run(ours, ["nbgrader_isolate", "grade", LAB, "--jobs", "1"], seconds)[
            -3000:
        ]
        record["counts"], record["differences"] = differences(base, names)
    except Skipped as error:
        record["skipped"] |= dict.fromkeys(assignment.notebooks, str(error))
        record.pop("modes", None)  # the tests of what was not compared do not count
    record["measured"] = now()
    record["seconds"] = round(time.monotonic() - started, 1)
    return record


def autograde(course: Path, seconds: float) -> None:
    """Grade what is not graded yet with stock nbgrader."""
    run(course, ["nbgrader", "autograde", LAB], seconds, sandbox=True)


def without_points(stock: Path, names: list[str]) -> dict[str, str]:
    """Return the notebooks whose reference solution gets no points from stock, and why."""
    cells = cells_of(stock).get(REFERENCE, {})
    found = {}
    for name in names:
        points = [cell.points for cell in cells.get(name, {}).values() if not cell.waits]
        outputs = executed(stock, REFERENCE, name)
        errors = [
            f"{output['ename']}: {output['evalue']}"
            for one in outputs.values()
            for output in one
            if output["output_type"] == "error"
        ]
        absent = [error for error in errors if error.startswith(ABSENT)]
        if not outputs:
            found[name] = "stock nbgrader does not grade it"
        elif not any(points) and (errors or not points):
            why = [*absent, *errors, "it has no tests"][0].splitlines()[0]
            found[name] = f"its reference solution gets no points from stock: {why[:120]}"
    return found


def address(course: Path) -> str:
    """Return where a course is, by the name of its folder."""
    return course.name.replace("+", "/", 1)


def notebooks_of(course: Path) -> Iterator[Assignment]:
    """Yield the notebooks of a course one at a time, those with the most tests first."""
    folders = [*assignments_in(course)]
    found = [
        Assignment(one.folder, one.name, {name: notebook}, {name: one.references[name]})
        for one in folders
        for name, notebook in one.notebooks.items()
    ]
    yield from sorted(
        found, key=lambda one: -sum(map(is_test, next(iter(one.notebooks.values())).cells))
    )
    for one in folders:
        for name, why in one.skipped.items():
            yield Assignment(one.folder, one.name, skipped={name: why})


def run_course(course: Path, options: argparse.Namespace) -> None:
    """Grade the notebooks of a course that have no result yet."""
    folder = options.results / course.name
    folder.mkdir(parents=True, exist_ok=True)
    compared = tried = 0
    for one in notebooks_of(course):
        name = next(iter([*one.notebooks, *one.skipped]))
        key = hashlib.sha256(f"{one.name}/{name}".encode()).hexdigest()[:12]
        file = folder / f"{key}.json"
        if options.again or not file.exists():
            if one.notebooks and (
                compared >= options.notebooks or tried >= TRIES * options.notebooks
            ):
                continue
            with tempfile.TemporaryDirectory(prefix="courses-", dir=options.work) as scratch:
                record = graded(one, course, Path(scratch), options)
            file.write_text(json.dumps(record, indent=1), "utf-8")
            say(course, record)
        compared += "counts" in json.loads(file.read_text("utf-8"))
        tried += bool(one.notebooks)


def say(course: Path, record: Record) -> None:
    """Print what was found in one assignment."""
    where = address(course), record["assignment"]
    print(
        *where,
        *record.get("modes", []),
        record.get("counts", "left out"),
        record.get("seconds", 0),
        "s",
        flush=True,
    )
    for name, why in record["skipped"].items():
        print("  left out:", name, why, flush=True)
    for one in record.get("differences", []):
        print(" ", line(*where, one), flush=True)
        if one["kind"] == OPEN:
            print("    stock:", one["stock shows"], "\n    ours:", one["ours shows"], flush=True)


def all_courses(results: Path) -> dict[str, Course]:
    """Return the courses with results, by address."""
    return {
        address(folder): course_of(
            [json.loads(file.read_text("utf-8")) for file in sorted(folder.iterdir())]
        )
        for folder in sorted(results.iterdir())
        if folder.is_dir() and any(folder.iterdir())  # an interrupted run may leave an empty one
    }


def earlier_courses(file: Path) -> dict[str, Course]:
    """Return the courses in the table that was written last; a missing one has none."""
    try:
        return courses_in(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        sys.exit(f"{file}: cannot be read as the table of courses: {error}.")


def main(arguments: list[str] | None = None) -> None:
    """Grade and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("courses", type=Path, nargs="*", metavar="DIR", help="a course each")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where results are kept")
    parser.add_argument("--work", type=Path, help="where courses are graded (default: a temporary)")
    parser.add_argument("--variants", type=int, default=5, metavar="N")
    parser.add_argument("--notebooks", type=int, default=6, metavar="N", help="of each course")
    parser.add_argument(
        "--seconds", type=float, default=120, metavar="N", help="for each notebook of a submission"
    )
    parser.add_argument("--again", action="store_true", help="also what has a result")
    parser.add_argument("--write", action="store_true", help="write courses.md")
    options = parser.parse_args(arguments)
    options.results.mkdir(parents=True, exist_ok=True)
    if not shutil.which("bwrap"):
        sys.exit("Stock nbgrader is run in bubblewrap: install it (`apt install bubblewrap`).")
    for course in options.courses:
        run_course(course.absolute(), options)
    measured = all_courses(options.results)
    if not measured:
        print("No courses were compared: name their folders.")
        return
    if options.write:
        TABLE.write_text(table({**earlier_courses(TABLE), **measured}), "utf-8")
    print(table(measured))


if __name__ == "__main__":
    main()

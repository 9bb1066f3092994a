"""The commands on a course's assignment: grade, feedback, report."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.atomic import write_output
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.runs.pool import Pool, Workers

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.gradebook.results import Row
    from nbgrader_isolate.runs.assignment import Outcome

HERE = {"", ".", ".."}


def grade(options: argparse.Namespace) -> Exit:
    """Grade, record, summarise.

    Workers start first: they import what they need while this process reads the course.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        check_place(options)
        pool = workers(options)
        stack.callback(pool.close)
        course, assignment = opened(options)
        from nbgrader_isolate.runs.assignment import Run, setup

        sandbox = "none" if options.no_sandbox else "auto"
        pool.configure(setup(course, sandbox))
        from nbgrader_isolate.gradebook.database import only_run

        stack.enter_context(only_run(course))
        run = Run(course, assignment, pool, tell)
        try:
            run.grade(options.student, force=options.force)
        except (GraderError, KeyboardInterrupt):
            if run.outcome.recorded:
                tell(f"{run.outcome.recorded} submissions were recorded before that.")
            raise
    return finish(options, course, run.outcome, assignment, time.monotonic() - began)


def workers(options: argparse.Namespace) -> Workers:
    """Return what grades: processes of this machine, or a cluster."""
    if not options.scheduler:
        return Pool(options.jobs or len(affinity.usable_cpus()))
    from nbgrader_isolate.runs.dask_cluster import Cluster

    return Cluster(options.scheduler)


def finish(
    options: argparse.Namespace, course: Course, outcome: Outcome, assignment: str, seconds: float
) -> Exit:
    """Write the results and the summary of a run."""
    from nbgrader_isolate.gradebook.results import Store
    from nbgrader_isolate.report.summary import console, summary, tallied

    wanted = set(options.student)
    stored = [
        r for r in Store(course.state, assignment).all() if not wanted or r["student"] in wanted
    ]
    failed = {row["student"] for row in outcome.failures}
    found = [*(row for row in stored if row["student"] not in failed), *outcome.failures]
    if options.json:
        write_json(options.json, found)
    if options.json != "-":
        summary(console(), headline(outcome, assignment, seconds), tallied(found))
    troubled = outcome.failures or any(row["status"] == "unreadable" for row in found)
    return Exit.INCOMPLETE if troubled else Exit.DONE


def headline(outcome: Outcome, assignment: str, seconds: float) -> str:
    """Return what a run did, in one line."""
    from nbgrader_isolate.core.text import printable

    parts = [f"{outcome.recorded} graded in {seconds:.1f} s"]
    if outcome.skipped:
        parts.append(f"{outcome.skipped} were graded before (--force grades them again)")
    if outcome.failures:
        parts.append(f"{len(outcome.failures)} could not be graded")
    weaker = ", weaker than bwrap (`doctor` says why)" if outcome.sandbox == "landlock" else ""
    sandbox = f"; sandbox: {outcome.sandbox}{weaker}" if outcome.sandbox else ""
    return f"{printable(assignment)}: {outcome.total} submissions, {', '.join(parts)}{sandbox}."


def report(options: argparse.Namespace) -> Exit:
    """Show the marks in the gradebook and what the last runs said."""
    course, assignment = opened(options)
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.results import Store
    from nbgrader_isolate.report.summary import console, looked, marks_table, remarks, say, tallied

    wanted = set(options.student)
    rows = [
        r for r in Store(course.state, assignment).all() if not wanted or r["student"] in wanted
    ]
    if options.json:
        write_json(options.json, rows)
        if options.json == "-":
            return Exit.DONE
    with open_existing(course, tell) as gradebook:
        entries = [e for e in marks(gradebook, assignment) if not wanted or e["student"] in wanted]
    if not entries:
        raise GraderError(f"{assignment}: the gradebook of {course.root} has no submission of it.")
    out, tally = console(), tallied(rows)
    out.print(marks_table(entries))
    for line in remarks(tally):
        say(out, line)
    looked(out, tally)
    return Exit.DONE


def marks(gradebook: Gradebook, assignment: str) -> Iterator[dict[str, Any]]:
    """Yield the marks of an assignment as the gradebook has them, by student."""
    from nbgrader.api import MissingEntry

    try:
        submissions = gradebook.find_assignment(assignment).submissions
    except MissingEntry as error:
        raise GraderError(
            f"{assignment}: not in the gradebook; `python -m nbgrader_isolate grade {assignment}` "
            "registers and grades it."
        ) from error
    for one in sorted(submissions, key=lambda submission: submission.student_id):
        penalty = one.late_submission_penalty or 0.0
        yield {
            "student": one.student_id,
            "score": max(0.0, one.score - penalty),
            "most": one.max_score,
            "penalty": penalty,
            "waits": bool(one.needs_manual_grade),
        }


def feedback(options: argparse.Namespace) -> Exit:
    """Write feedback pages."""
    course, assignment = opened(options)
    from nbgrader_isolate.feedback.write import write_feedback

    return write_feedback(course, assignment, options.student, force=options.force, tell=tell)


def check_place(options: argparse.Namespace) -> None:
    """Check what can be checked before anything is started.

    Raises
    ------
    GraderError
        If the assignment's name is no name, or there is no such course folder.
    """
    name = options.assignment or "all"
    if name in HERE or "/" in name or "\0" in name or "+" in name or name.startswith("."):
        raise GraderError(f"{name!r} is no name of an assignment: name one of its folders.")
    if not options.course.is_dir():
        raise GraderError(
            f"{options.course}: no such folder; name the course's folder with --course DIR."
        )


def opened(options: argparse.Namespace) -> tuple[Course, str]:
    """Go to the course's folder, as nbgrader has it, and open it."""
    check_place(options)
    if getattr(options, "json", None):
        options.json = options.json if options.json == "-" else str(Path(options.json).absolute())
    os.chdir(options.course)
    from nbgrader_isolate.gradebook.course import Course

    return Course(Path.cwd()), options.assignment


def write_json(name: str, rows: Iterable[Row]) -> None:
    """Write rows as a JSON list, whole or not at all; `-` is standard output.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    write_output(name, json.dumps(list(rows), indent=1) + "\n", "results")


def tell(line: str) -> None:
    """Print a line for the person who waits."""
    print(line, file=sys.stderr, flush=True)

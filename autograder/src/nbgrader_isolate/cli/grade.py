"""`nbgrader-isolate grade ASSIGNMENT`: grade submissions and record the scores in the gradebook."""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import (
    add_assignment,
    add_jobs,
    add_json,
    add_no_sandbox,
    add_scheduler,
    add_students,
    check_course_folder,
    open_course,
    tell,
)
from nbgrader_isolate.core.errors import Exit, GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.gradebook.grades import Grade
    from nbgrader_isolate.runs.assignment import RunOutcome
    from nbgrader_isolate.runs.pool import Workers

HELP = "Grade the submissions of an assignment and record the scores."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `grade`."""
    add_assignment(parser)
    add_students(parser)
    parser.add_argument(
        "--force",
        action="store_true",
        help="also regrade submissions that are graded and unchanged",
    )
    add_json(parser)
    add_jobs(parser)
    add_scheduler(parser)
    add_no_sandbox(parser, "run students' code without protection (recorded in every result)")


def run(options: argparse.Namespace) -> Exit:
    """Grade, record, and print a summary."""
    started = time.monotonic()
    with grading(options) as (course, assignment, pool):
        from nbgrader_isolate.runs.assignment import AssignmentRun

        assignment_run = AssignmentRun(course, assignment, pool, tell)
        outcome = assignment_run.outcome
        try:
            assignment_run.grade(options.student, force=options.force)
        except (GraderError, KeyboardInterrupt):
            if outcome.recorded:
                tell(f"Recorded before that: {outcome.recorded}.")
            raise
    return finish(options, course, outcome, assignment, time.monotonic() - started)


@contextmanager
def grading(options: argparse.Namespace) -> Iterator[tuple[Course, str, Workers]]:
    """Keep the course for this run alone, and give it, the assignment and what grades.

    The workers start first: they import what they need while this process reads the course.
    """
    with ExitStack() as stack:
        check_course_folder(options)
        pool = make_workers(options)
        stack.callback(pool.close)
        course, assignment = open_course(options)
        from nbgrader_isolate.runs.assignment import worker_setup

        pool.configure(worker_setup(course, "none" if options.no_sandbox else "auto"))
        from nbgrader_isolate.gradebook.database import exclusive_run

        stack.enter_context(exclusive_run(course))
        yield course, assignment, pool


def make_workers(options: argparse.Namespace) -> Workers:
    """Return what grades: processes of this machine, or a cluster."""
    if not options.scheduler:
        from nbgrader_isolate.core.affinity import usable_cpus
        from nbgrader_isolate.runs.pool import Pool

        return Pool(options.jobs or len(usable_cpus()))
    if not options.scheduler.startswith("tls://") and not options.insecure:
        raise GraderError(
            f"{options.scheduler}: this connection is not encrypted, and any process that reaches "
            "it can read the hidden tests; use tls://, or --insecure to accept that.",
            Exit.USAGE,
        )
    from nbgrader_isolate.runs.dask_cluster import DaskCluster

    return DaskCluster(options.scheduler)


def finish(
    options: argparse.Namespace,
    course: Course,
    outcome: RunOutcome,
    assignment: str,
    seconds: float,
) -> Exit:
    """Write the results and print the summary of a run."""
    from nbgrader_isolate.report.summary import (
        add_scores,
        make_console,
        print_line,
        print_summary,
        tally_rows,
        write_json,
    )

    failed = {row["student"] for row in outcome.failures}
    stored = course.results(assignment, options.student)
    rows = [*(row for row in stored if row["student"] not in failed), *outcome.failures]
    if options.json:
        write_json(options.json, rows)
    if options.json != "-":
        console = make_console()
        head = headline(outcome, assignment, seconds)
        tally = tally_rows(rows)
        grades, late = from_gradebook(course, assignment)
        chosen = set(options.student)
        add_scores(
            tally,
            [
                one
                for one in grades
                if one.student not in failed and (not chosen or one.student in chosen)
            ],
        )
        print_summary(console, head, tally, late)
        nothing_new = bool(outcome.skipped) and not outcome.recorded and not failed
        for line in next_steps(
            assignment,
            compare=bool(outcome.outdated) or nothing_new,
            review=bool(tally.review_reasons or tally.by_hand),
        ):
            print_line(console, line)
    incomplete = outcome.failures or any(row["status"] == "unreadable" for row in rows)
    return Exit.INCOMPLETE if incomplete else Exit.DONE


def from_gradebook(course: Course, assignment: str) -> tuple[list[Grade], list[str]]:
    """Return the grades of an assignment, and what the summary says about late work."""
    from nbgrader_isolate.gradebook.accommodations import accommodations, unknown_assignments
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.grades import check_assignment, grades_of, submissions_of
    from nbgrader_isolate.report.lateness import lateness_lines

    with open_existing(course, tell) as gradebook:
        due = check_assignment(gradebook, assignment) is not None
        submissions = submissions_of(gradebook, assignment)
        grades = grades_of(gradebook, assignment)
    granted = accommodations(course.root, assignment)
    lines = [*lateness_lines(submissions, granted, due=due)]
    return grades, [*lines, *unknown_assignments(course.root, course.assignments())]


def next_steps(assignment: str, *, compare: bool, review: bool) -> Iterator[str]:
    """Yield which commands to use next, one a line."""
    from nbgrader_isolate.core.text import printable

    name = printable(assignment)
    if compare:
        yield (
            f"`nbgrader-isolate regrade {name}` grades again and shows whose points would change; "
            "it records nothing until you say so."
        )
    if review:
        yield f"`nbgrader-isolate review {name}` lists what needs a person, with links."


def headline(outcome: RunOutcome, assignment: str, seconds: float) -> str:
    """Return what a run did, in one line."""
    from nbgrader_isolate.core.text import counted, printable

    parts = [f"{outcome.recorded} graded in {seconds:.1f} s"]
    if outcome.skipped:
        parts.append(f"{outcome.skipped} already graded")
    if outcome.outdated:
        parts.append(f"{len(outcome.outdated)} of these with an earlier version of the assignment")
    if outcome.failures:
        parts.append(f"{len(outcome.failures)} could not be graded")
    weaker = ", weaker than bwrap (`doctor` says why)" if outcome.sandbox == "landlock" else ""
    sandbox = f"; sandbox: {outcome.sandbox}{weaker}" if outcome.sandbox else ""
    total = counted(outcome.total, "submission")
    return f"{printable(assignment)}: {total}, {', '.join(parts)}{sandbox}."

"""Which submissions `grade` grades: new and newer ones, and those with other files or time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.course import SubmittedFolder, read_timestamp
from nbgrader_isolate.gradebook.results import ResultRow
from nbgrader_isolate.gradebook.timestamps import Clock, parse_timestamp
from nbgrader_isolate.intake.submission import take


def is_due(submission: SubmittedFolder, clock: Clock, *, known: bool) -> bool:
    """Tell whether a submission needs grading: it is not graded yet, or has another time.

    nbgrader's rule is that it has a newer time. A person may also correct the time to an earlier
    one, or add one. It also does if a run ended between its rows and its folder, or if the
    gradebook does not know it.
    """
    graded = submission.graded
    if not graded.exists() or not known or staging.is_unfinished(graded):
        return True
    try:
        new = parse_timestamp(submission.timestamp, clock)
        old = parse_timestamp(read_timestamp(graded), clock)
    except ValueError:
        return (submission.timestamp or None) != read_timestamp(graded)
    return new != old


def has_changed(
    submission: SubmittedFolder, plan: AssignmentPlan, graded: Iterable[ResultRow], limits: Limits
) -> bool:
    """Tell whether a submission's files are others than those that were graded.

    A notebook that is put into the folder later has no newer timestamp.

    Parameters
    ----------
    submission : SubmittedFolder
    plan : AssignmentPlan
    graded : iterable of ResultRow
        What was recorded of it. Without the digest of its files, nothing has changed.
    limits : Limits
    """
    digests = {row["files"] for row in graded if "files" in row}
    if not digests:
        return False
    try:
        files, _ = take(submission.folder, plan, limits)
    except Exception:  # noqa: BLE001 - grading it says what is wrong
        return True
    return digests != {digest_of(files)}


def has_other_time(graded: Iterable[ResultRow], time_factor: float) -> bool:
    """Tell whether a submission was graded with another limit of time than it has now.

    Parameters
    ----------
    graded : iterable of ResultRow
        What was recorded of it; without a factor, its code had the usual time.
    time_factor : float
        How many times as long as usual its code may run now.
    """
    return any(row.get("time_factor", 1.0) != time_factor for row in graded)


def digest_of(files: Mapping[str, bytes]) -> str:
    """Return a SHA-256 digest of the names and contents of some files, in hexadecimal."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()

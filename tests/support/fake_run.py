"""`python fake_run.py …` is `python -m nbgrader_isolate …` with the grader of `fake_grader`, for
tests that kill it."""

import os
import sys
from functools import partial
from pathlib import Path

from nbgrader_isolate.cli.main import run
from nbgrader_isolate.gradebook import database
from nbgrader_isolate.runs import assignment

os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])
assignment.worker_setup = partial(
    assignment.worker_setup, grader=os.environ.get("FAKE_GRADER", "support.fake_grader:FakeGrader")
)
database.LOCK_SECONDS = float(os.environ.get("FAKE_WAIT", database.LOCK_SECONDS))

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))

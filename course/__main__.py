"""`python -m course VERB`: see `course.cli.main` for the verbs."""

import sys

if sys.version_info < (3, 6):  # noqa: UP036 - what follows would be a SyntaxError there
    sys.exit(
        "The course needs Python 3.11 or newer: name one, as in `make PYTHON=python3.12 html`."
    )

from course.bootstrap import ensure

status = ensure(sys.argv[1:])
if status is None:
    from course.cli.main import run

    status = run(sys.argv[1:])
sys.exit(status)

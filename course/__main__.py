"""`python -m course VERB`: see `course.cli` for the verbs."""

import sys

if sys.version_info < (3, 6):  # noqa: UP036 - what follows would be a SyntaxError there
    sys.exit(
        "The course needs Python 3.11 or newer: name one, as in `make PYTHON=python3.12 html`."
    )

from course.bootstrap import main

sys.exit(main(sys.argv[1:]))

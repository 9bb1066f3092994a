"""`python -m autograder COMMAND`: see `autograder.cli`."""

import sys

from autograder.cli import run

sys.exit(run())

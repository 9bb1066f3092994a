"""`nbgrader-isolate COMMAND`, also `python -m nbgrader_isolate COMMAND`."""

import sys


def main() -> int:
    """Run a command, with no module of the current folder in the way of an installed one.

    `python -m` puts the current folder first on the path. A course folder may hold a `numpy.py` or
    a folder `autograder/`, and neither is meant.
    """
    if not sys.flags.safe_path and sys.argv[0].endswith("__main__.py"):
        del sys.path[0]
    from nbgrader_isolate.cli.main import run

    return run()


if __name__ == "__main__":
    sys.exit(main())

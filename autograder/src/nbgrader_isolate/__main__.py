"""`nbgrader-isolate COMMAND`, also `python -m nbgrader_isolate COMMAND`."""

import io
import sys


def main() -> int:
    """Run a command, with no module of the current folder in the way of an installed one.

    `python -m` puts the current folder first on the path. A course folder may hold a `numpy.py` or
    a folder `autograder/`, and neither is meant.
    """
    if not sys.flags.safe_path and sys.argv[0].endswith("__main__.py"):
        del sys.path[0]
    for stream in (sys.stdout, sys.stderr):
        # an output that is not UTF-8 shows `\u2192` for an arrow, instead of an error
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    from nbgrader_isolate.cli.main import run

    return run()


if __name__ == "__main__":
    sys.exit(main())

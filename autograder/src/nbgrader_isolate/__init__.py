"""Grade any nbgrader course: tests out of the student's process, every submission in a sandbox, fast.

One submission's way: `intake` (its files, by name and size) → `rebuild` (the instructor's notebook with
only the source text of the student's cells in it) → `engine` (tests isolated from the student's kernel, both forked from a warm process inside a
sandbox) → `score` → `record` (one writer, nbgrader's gradebook) → `feedback`. `python -m nbgrader_isolate` is the
command; `preprocessors` brings the same to the stock `nbgrader autograde` and to the formgrader's button. It knows nothing of the course it stands beside.
"""

from nbgrader_isolate.nbgrader_plugin.configure import configure

__all__ = ["configure"]
__version__ = "0.1.0"

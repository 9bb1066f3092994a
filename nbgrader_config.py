"""nbgrader's own entry: `nbgrader …` in this folder works on the course's assignments.

Each folder of `solutions/` is an assignment; what students get is in `exercises/`. Both are built
from `content/` by `make notebooks`. Grading is the autograder's, here and in `make grade`.
"""

from pathlib import Path

import nbgrader_isolate

c = get_config()  # noqa: F821 - nbgrader (traitlets) defines it

# said here, because a configuration in ~/.jupyter may name another course's folder
c.CourseDirectory.root = str(Path(__file__).parent.absolute())
c.CourseDirectory.course_id = "inside-the-ndarray"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# `nbgrader generate_solution` writes to `solution/` by default, too near to `solutions/`
c.CourseDirectory.solution_directory = "solution_copies"
nbgrader_isolate.configure(c)

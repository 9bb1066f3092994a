"""A graded notebook with everything a feedback page shows."""

from __future__ import annotations

import base64
from typing import Any

from nbgrader_isolate.feedback.page import Totals
from support.outputs import code, display, notebook, png

HIDDEN = """# ravel: rows and columns
assert ravel(0, 0, 3, 4) == 0
### BEGIN HIDDEN TESTS
secret_row, secret_col = 2, 3
for n_cols in (4, 47114711):
    check(secret_row, secret_col, n_cols)
### END HIDDEN TESTS"""
TRACEBACK = """---------------------------------------------------------------------------
AssertionError                            Traceback (most recent call last)
Cell In[5], line 6
      4 secret_row, secret_col = 2, 3
      5 for n_cols in (4, 47114711):
----> 6     check(secret_row, secret_col, n_cols)
      7 ### END HIDDEN TESTS

Cell In[2], line 3, in ravel(row, col, n_rows, n_cols)
      1 def ravel(row, col, n_rows, n_cols):
----> 3     return row * n_rows + col

AssertionError: ravel(2, 3, 4, 8): expected 19, got 11.
Going down one row skips n_cols elements, not n_rows."""
SAID = """ravel(2, 3, 4, 8): expected 19, got 11.
Going down one row skips n_cols elements, not n_rows."""
TEXT = """# Ravel

Write the *flat index* of an element: $k = r\\,n + c$, and see [NumPy](https://numpy.org/doc/).

$$\\text{offset} + \\sum_i k_i s_i$$

| row | col |
|-----|-----|
| 0   | 1   |
"""


def cell(
    kind: str, source: str, owner: str, *outputs: dict[str, Any], **nbgrader: object
) -> dict[str, Any]:
    """Return a rebuilt cell with its record."""
    record = {"owner": owner, "mode": "isolated", "message": ""}
    metadata = {"nbgrader_isolate": record} | ({"nbgrader": nbgrader} if nbgrader else {})
    if kind == "markdown":
        return {"cell_type": "markdown", "metadata": metadata, "source": source}
    return code(*outputs, metadata=metadata, source=source)


def graded() -> dict[str, Any]:
    """Return a notebook as `autograded/` has it, with the gradebook's scores in it."""
    error = {
        "output_type": "error",
        "ename": "AssertionError",
        "evalue": SAID,
        "traceback": TRACEBACK.split("\n"),
    }
    figure = display(
        {
            "image/png": base64.b64encode(png(240, 120)).decode(),
            "text/plain": "<Figure size 240x120>",
        }
    )
    solution = (
        "def ravel(row, col, n_rows, n_cols):\n"
        "    # down, then along\n"
        "    return row * n_rows + col"
    )
    graded_notebook = notebook(
        cell("markdown", TEXT, "instructor"),
        cell("code", "import numpy as np\n\nSEED = 7", "instructor"),
        cell(
            "code",
            solution,
            "student",
            grade_id="ravel",
            solution=True,
            comment="Nearly. **Draw** the rows.",
        ),
        cell(
            "code",
            "ravel(1, 1, 2, 3)\nprint('mine')",
            "student",
            {
                "output_type": "stream",
                "name": "stdout",
                "text": "mine\n" + "0123456789" * 30 + "\n",
            },
            figure,
        ),
        cell(
            "code",
            HIDDEN,
            "instructor",
            error,
            grade=True,
            grade_id="ravel-hidden",
            score=0.0,
            points=3.0,
        ),
        cell(
            "code",
            "assert ravel(0, 0, 1, 1) == 0",
            "instructor",
            grade=True,
            grade_id="ravel-edge",
            score=1.0,
            points=1.0,
        ),
        cell(
            "code",
            "score()",
            "instructor",
            grade=True,
            grade_id="ravel-part",
            score=0.5,
            points=2.0,
        ),
        cell(
            "markdown",
            "Because *rows* are long: $a < b$.\n\n#### A note\n\n- one\n- two",
            "student",
            grade=True,
            solution=True,
            grade_id="ravel-why",
            score=None,
            points=2.0,
        ),
    )
    graded_notebook["cells"][6]["metadata"]["nbgrader_isolate"] |= {
        "mode": "in-process",
        "message": "stopped: memory limit 1024 MiB",
    }
    graded_notebook["metadata"]["nbgrader_isolate"] = {
        "messages": ["Two cells had the same name; the first one counted."]
    }
    return graded_notebook


TOTALS = Totals(1.5, 8.0, 0.5)

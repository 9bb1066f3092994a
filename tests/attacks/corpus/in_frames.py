"""Attacks by frames of pandas: frames that lie, that hide in missing values, that have no end."""

from __future__ import annotations

from corpus.attack import answer

F = "frames"

answer(
    F,
    "frame-equal-to-all",
    "a frame of its own class whose shape and elements are equal to everything",
    "points",
    """
import pandas as pd
class Yes(int):
    __eq__ = lambda *a: True
    __hash__ = None
class Frame(pd.DataFrame):
    __class__ = np.ndarray
    shape = Yes(1)
    tolist = lambda self: Yes(1)
def windows(a, n): return Frame({"a": [1]})
""",
    "windows",
)

answer(
    F,
    "frame-class-patched",
    "pandas' own frames, patched in the student's process",
    "points",
    """
import pandas as pd
class Yes(int):
    __eq__ = lambda *a: True
    __hash__ = None
pd.DataFrame.shape = property(lambda self: Yes(1))
pd.DataFrame.tolist = lambda self: Yes(1)
def windows(a, n): return pd.DataFrame({"a": [1]})
""",
    "windows",
)

answer(
    F,
    "frame-of-missing-values",
    "missing numbers, which disappear from comparisons",
    "none",
    """
import pandas as pd
column_strides = (pd.NA, pd.NA)
""",
    "strides",
    why="a missing truth value is an error",
)

answer(
    F,
    "frame-without-an-end",
    "a frame with 2^60 rows, and labels that take no memory",
    "none",
    """
import pandas as pd
def transpose(a): return pd.DataFrame(index=range(1 << 60))
def windows(a, n): return pd.RangeIndex(1 << 60)
""",
    why="it has no strides",
    keeps=True,
)

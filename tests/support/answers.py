"""Functions such as students write, to test the bridge; they run here and on the other side."""

# ruff: noqa: ANN001, ANN002, ANN201, ANN202, ARG001, F401, T201

from __future__ import annotations

import collections
import contextlib
import dataclasses
import datetime  # noqa: ICN001
import decimal
import enum
import fractions
import itertools
import os
import pathlib
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Never

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

ALSO_WEIRD = object()
state: list[object] = []
table = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], dtype=np.int16)
turned = table.T
pair = [table, table[1]]
module = np
number = 41
generator = (one for one in ())


Point = collections.namedtuple("Point", "x y")  # noqa: PYI024


@dataclasses.dataclass
class Spot:
    x: int
    marks: list[int]


@dataclasses.dataclass
class Own:
    x: int


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    HIGH = 3


class Liar:
    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __bool__(self) -> bool:
        return True

    __hash__ = object.__hash__


class Equal(np.ndarray):
    def __array_ufunc__(self, *args: object, **kwargs: object) -> bool:
        return True


class OwnError(ValueError):
    pass


def same(value):
    """Return the argument."""
    return value


def pick(value, *path):
    for step in path:
        value = value[step]
    return value


def apply(a, name, *args):
    """Do to an array what its name says."""
    done = {
        "T": lambda: a.T,
        "self": lambda: a,
        "copy": a.copy,
        "copy K": lambda: a.copy(order="K"),
        "reverse": lambda: a[::-1] if a.ndim else a,
        "every second": lambda: a[..., ::2] if a.ndim else a,
        "first": lambda: a[:1] if a.ndim else a,
        "none": lambda: a[:0] if a.ndim else a,
        "flat": lambda: a.reshape(-1),
        "ravel F": lambda: a.ravel(order="F"),
        "bytes": lambda: np.ascontiguousarray(a).view(np.uint8),
        "broadcast": lambda: np.broadcast_to(a, (3, *a.shape)),
        "newaxis": lambda: a[None, ..., None],
        "windows": lambda: sliding_window_view(a, 1, axis=0) if a.ndim and a.shape[0] else a,
        "strided": lambda: as_strided(a, (2, *a.shape), (0, *a.strides)),
        "list": a.tolist,
        "element": lambda: a[(0,) * a.ndim] if a.size else None,
        "read-only": lambda: _read_only(a),
        "set zero": lambda: _set_zero(a),
        "sort": lambda: a.sort(axis=0) if a.ndim and a.dtype.kind != "V" else None,
        "both": lambda: (a, a.T, [a]),
        "of a copy": lambda: a.copy()[..., ::-1] if a.ndim else a.copy(),
        "facts": lambda: (
            a.shape,
            a.strides,
            str(a.dtype),
            a.flags.writeable,
            a.flags.owndata,
            a.base is None,
        ),
    }
    return done[name]()


def _read_only(a):
    view = a[...]
    view.flags.writeable = False
    return view


def _set_zero(a) -> None:
    if a.flags.writeable:
        a[...] = np.zeros((), a.dtype)[()]


def change(values, how) -> None:
    """Change containers in place."""
    if how == "append":
        values.append(7)
    elif how == "clear":
        values.clear()
    elif how == "cycle":
        values.append(values)
    elif how == "inner":
        values[0].append("in")
    elif how == "key":
        values["new"] = [1, 2]
    elif how == "add":
        values.add(99)
    elif how == "reverse":
        values[:] = values[::-1]


def raises(name, *args) -> Never:
    kinds = {
        **vars(__builtins__ if not isinstance(__builtins__, dict) else type("b", (), __builtins__)),
        "OwnError": OwnError,
    }
    kinds |= {"AxisError": np.exceptions.AxisError, "LinAlgError": np.linalg.LinAlgError}
    raise kinds[name](*args)


def outside(a, strides):
    return as_strided(a, a.shape, strides)


def wide(column, n):
    return as_strided(column, (column.size, n), (column.strides[0], 0), writeable=False)


def remember(value):
    """Keep the argument, and return the one before."""
    state.append(value)
    return state[-2] if len(state) > 1 else None


def says(text):
    print(text)
    print("and an error", file=sys.stderr)
    return len(text)


def warns(text) -> int:
    warnings.warn(text, RuntimeWarning, stacklevel=1)
    return 1


def sleeps(seconds) -> str:
    time.sleep(seconds)
    return "awake"


def stubborn(seconds) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(BaseException):
            time.sleep(0.05)
    return "done"


def dies() -> None:
    os._exit(3)


def yields(n):
    yield from range(n)
    if n < 0:
        raise ValueError(n)


def makes(source):
    return eval(source)  # noqa: S307 (a test's own words)


def grows(counter, queue):
    counter["b"] += 2
    queue.append(3)


def gives(what):
    big = 1 << 27
    return {
        "liar": Liar,
        "equal": lambda: np.zeros(3).view(Equal),
        "function": lambda: gives,
        "objects": lambda: np.array([Liar()], dtype=object),
        "strings": lambda: np.array(["a"], dtype=np.dtypes.StringDType()),
        "deep": lambda: _deep(100_000),
        "large": lambda: np.zeros(big),
        "large list": lambda: [0] * big,
        "int subclass": lambda: type("int", (int,), {})(3),
        "list subclass": lambda: type("list", (list,), {})([3]),
        "inside a list": lambda: [1, Liar()],
        "class of its own": lambda: Own(1),
    }[what]()


def apply_all(function, values):
    return [function(value) for value in values]


def swallows(function, value):
    try:
        function(value)
    except Exception as error:  # noqa: BLE001 (whatever the test's function raises)
        return type(error).__name__, str(error)
    return None


def calls_forever(function):
    while True:
        function(1)


def again(function, n):
    return function(n)


def keeps(function):
    KEPT.append(function)


def calls_kept(value):
    return KEPT[-1](value)


def in_threads(function, values):
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(function, values))


def in_a_fork(function):
    pid = os.fork()
    if not pid:
        try:
            function(1)
        except RuntimeError:
            os._exit(7)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def passes_object(function):
    return function(Liar())


def composed(first, second):
    return lambda value: first(second(value))


KEPT: list[object] = []


def _deep(n):
    made: list[object] = []
    for _ in range(n):
        made = [made]
    return made

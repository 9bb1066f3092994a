"""Attacks by the values of answers: lying objects, patched modules, exceptions, strange arrays."""

from __future__ import annotations

from corpus.attack import SLEEP, answer, cell

F = "values"
OWN = {"unprotected": True}

YES = """
class Yes:
    def _yes(self, *a, **k): return self
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __int__(self): return 1
    def __float__(self): return 1.0
    def __index__(self): return 3
    def __len__(self): return 3
    def __iter__(self): return iter(())
    def __contains__(self, other): return True
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return Yes()
    __call__ = __getitem__ = __add__ = __radd__ = __lt__ = __abs__ = _yes
    __hash__ = None
"""
ALL = "\ntranspose = windows = lambda *a: {0}\ncenter = lambda a: None\ncolumn_strides = {0}\n"

cell(
    F,
    "equals-everything",
    "an object equal to whatever a test expects",
    "points",
    YES
    + """
def windows(a, n): return Yes()
import numpy as np
np.shares_memory = lambda *a: True
for cell in ("transpose", "center"): pass
""",
)

cell(
    F,
    "numpy-patched",
    "NumPy's own comparisons say yes",
    "points",
    """
import numpy as np, builtins
np.array_equal = np.shares_memory = np.may_share_memory = np.allclose = lambda *a, **k: True
builtins.isinstance_ = isinstance
def transpose(a): return a.T.copy()
def windows(a, n):
    return np.array([[i + j for j in range(n)] for i in range(a.size - n + 1)], dtype=a.dtype)
""",
    earns={"windows-test": 2.0},
)

cell(
    F,
    "builtins-patched",
    "an abs of the student's own, for a test that rounds",
    "points",
    """
import builtins
builtins.abs = lambda thing: 0.0
def center(a): pass
""",
    **OWN,
)

cell(
    F,
    "helper-patched",
    "the instructor's helper, patched in its module",
    "points",
    """
import lab_helper, sys
lab_helper.same = lambda *a: None
sys.modules["__main__"].__dict__["same"] = lambda *a: None
def transpose(a): return np.lib.stride_tricks.as_strided(a, (1, 1), a.strides[::-1])
""",
)

cell(
    F,
    "names-of-the-tests",
    "the student defines the names that tests use",
    "points",
    """
same = lambda *a: None
wide = turned = want = got = seen = points = right = 3
abs = lambda *a: 0
isinstance = lambda *a: True
len = range = int = bool = lambda *a: 3
def transpose(a): return np.lib.stride_tricks.as_strided(a, (1, 1), a.strides[::-1])
""",
)

cell(
    F,
    "module-replaced",
    "a proxy that takes the place of numpy in sys.modules",
    "points",
    """
import sys, types, numpy
class Proxy(types.ModuleType):
    def __getattr__(self, name):
        if name in ("array_equal", "shares_memory"): return lambda *a, **k: True
        return getattr(numpy, name)
np = sys.modules["numpy"] = Proxy("numpy")
def transpose(a):
    room = numpy.frombuffer(bytearray(10_000), dtype=a.dtype)
    got = numpy.lib.stride_tricks.as_strided(room, a.shape, a.strides)
    got[...] = a
    return got.T
""",
)

answer(
    F,
    "negative-credit",
    "a negative credit that counts as a full score",
    "points",
    """
class Minus(int):
    def __eq__(self, other): return -1000
    __hash__ = None
def windows(a, n):
    class W:
        shape = Minus()
        def tolist(self): return Minus()
    return W()
""",
    "windows",
)

answer(
    F,
    "function-with-attributes",
    "a function instead of an array, with attributes that are equal to everything",
    "points",
    """
class Yes(int):
    def __eq__(self, other): return True
    __hash__ = None
def windows(a, n):
    def seen(): pass
    seen.shape = Yes()
    seen.tolist = lambda: Yes()
    return seen
""",
    "windows",
)

answer(
    F,
    "huge-credit",
    "more than the maximum",
    "none",
    """
class Plus(int):
    def __eq__(self, other): return 1000
    __hash__ = None
def windows(a, n):
    class W:
        shape = Plus()
        def tolist(self): return Plus()
    return W()
""",
    "windows",
    why="nbgrader refuses it, and the student has no score",
)

answer(
    F,
    "credit-in-words",
    "a credit that is not a number counts as a full score",
    "points",
    """
get_ipython().display_formatter.formatters["text/plain"].for_type(
    int, lambda n, p, cycle: p.text("a lot"))
def windows(a, n): return a
""",
    "windows",
)

answer(
    F,
    "array-that-lies",
    "a subclass of ndarray that claims the expected shape, strides and values",
    "points",
    """
class Liar(np.ndarray):
    wanted = None
    shape = property(lambda self: np.ndarray.shape.__get__(self.wanted))
    strides = property(lambda self: self.wanted.strides)
    __array_ufunc__ = lambda self, *a, **k: True
    def __array_function__(self, function, types, args, kwargs): return True
    def tolist(self): return self.wanted.tolist()
    def __eq__(self, other): return True
def transpose(a):
    got = np.zeros(1, dtype=a.dtype).view(Liar)
    got.wanted = a.T
    return got
""",
)

answer(
    F,
    "array-protocol",
    "__array__, __array_interface__ and __array_function__",
    "none",
    """
class Says:
    def __array__(self, *a, **k): return np.arange(12).reshape(3, 4).T
    def __array_function__(self, *a): return True
    __array_priority__ = 1000
    shape, strides, dtype = (4, 3), (8, 32), np.dtype(np.int64)
    tolist = lambda self: []
    __class__ = property(lambda self: np.ndarray)
def transpose(a): return Says()
""",
    why="the hidden test's __array_interface__ is missing: shares_memory says no",
)

answer(
    F,
    "class-that-says-tuple",
    "a subclass of tuple that is equal to everything",
    "points",
    """
class T(tuple):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = None
column_strides = T()
""",
    "strides",
)

answer(
    F,
    "property-of-type",
    "an object whose class says it is a tuple",
    "points",
    """
class T:
    __class__ = property(lambda self: tuple)
    def __eq__(self, other): return True
column_strides = T()
""",
    "strides",
)

answer(
    F,
    "list-that-counts",
    "a value that differs each time it is read",
    "none",
    """
class Turns(tuple):
    n = 0
    def __iter__(self): Turns.n += 1; return iter((8, 32) if Turns.n % 2 else ())
    def __getitem__(self, k): Turns.n += 1; return Turns.n
column_strides = Turns()
""",
    "strides",
    why="the comparison of tuples looks below",
)

answer(
    F,
    "view-out-of-bounds",
    "a view that reaches beyond its array",
    "none",
    """
from numpy.lib.stride_tricks import as_strided
def transpose(a): return as_strided(a, (4, 3), (-8_000_000, 1 << 40))
def windows(a, n): return as_strided(a, (10**6, 10**6), (8, 8))
""",
    why="reading it ends the kernel",
    keeps=True,
)

answer(
    F,
    "view-of-five-tera",
    "a view of 5 × 10^12 elements that a test may print",
    "none",
    """
def transpose(a): return np.broadcast_to(a.ravel()[:1], (10**6, 5 * 10**6))
""",
    why="wrong in its shape",
    keeps=True,
)

answer(
    F,
    "write-out-of-bounds",
    "the argument's neighbors overwritten",
    "none",
    """
from numpy.lib.stride_tricks import as_strided
def transpose(a):
    as_strided(a.ravel(), (4096,), (8,))[...] = -1
    a.T[...] = 0
    return a.T
""",
    why="at most it ends the kernel",
    keeps=True,
)

answer(
    F,
    "bools-of-two",
    "Booleans with other bytes, text beyond Unicode, arrays of objects",
    "none",
    """
def transpose(a):
    k = np.array([2, 3, 255], dtype=np.uint8).view(bool)
    transpose.n = getattr(transpose, "n", 0) + 1
    return [k, np.array([0x7fffffff], dtype=np.uint32).view("U1"), np.array([object()]),
            np.zeros(2, dtype=[("a", "O"), (("title", "b"), "i4")]),
            np.array(["NaT"], "M8[ns]")][transpose.n % 5]
""",
    why="wrong values are wrong there too",
    keeps=True,
)

answer(
    F,
    "dtype-odd",
    "dtypes with metadata, alignment, a subclass, an itemsize of zero",
    "none",
    """
def transpose(a):
    transpose.n = getattr(transpose, "n", 0) + 1
    return [np.zeros(3, "V0"), np.zeros(3, np.dtype("i8", metadata={"x": print})),
            np.zeros(3, "S0"), np.zeros((3, 0, 10**17), "i8"),
            np.zeros(3, np.dtype((np.void, 1 << 20))), np.zeros((1,) * 64)][transpose.n % 6]
""",
    why="wrong values are wrong there too",
    keeps=True,
)

answer(
    F,
    "exceptions-odd",
    "StopIteration, GeneratorExit, exit and groups for what a test may loop over",
    "none",
    """
def windows(a, n):
    windows.n = getattr(windows, "n", 0) + 1
    raise [StopIteration(3), GeneratorExit(), ExceptionGroup("x", [ValueError()]),
           BaseException("x"), Warning("x"), KeyboardInterrupt()][windows.n % 6]
""",
    "windows",
    why="all of them are errors",
    keeps=True,
)

answer(
    F,
    "exit-zero",
    "the process ends with exit code 0",
    "none",
    """
import os
def transpose(a): os._exit(0)
""",
    why="nbgrader drops the whole submission",
    keeps=True,
)

answer(
    F,
    "system-exit",
    "a cell that ends in exit",
    "none",
    """
def transpose(a): raise SystemExit(0)
def windows(a, n): raise SystemExit(0)
""",
    why="an exit is an error",
    keeps=True,
)

answer(
    F,
    "error-whose-text-acts",
    "an exception that cannot be printed",
    "none",
    """
class Loud(AssertionError):
    def __str__(self): raise SystemExit("no")
    __repr__ = __str__
    __class__ = property(lambda self: KeyboardInterrupt)
def transpose(a): raise Loud
""",
    why="an error is an error",
    keeps=True,
)

answer(
    F,
    "error-of-10-mb",
    "a message of 10 MB with terminal codes and a fake verdict",
    "none",
    """
def transpose(a):
    raise ValueError(
        "\\x1b[2J\\x1b]0;owned\\x07All tests passed. Score: 11/11 \\u202e" + "x" * 10_000_000)
""",
    why="only long",
    keeps=True,
)

answer(
    F,
    "answer-nested-deep",
    "a list 100,000 deep, and one that holds itself",
    "none",
    """
def transpose(a):
    deep = []
    for _ in range(100_000): deep = [deep]
    return deep
me = []
me.append(me)
def windows(a, n): return me
""",
    why="wrong there too",
    keeps=True,
)

answer(
    F,
    "answer-of-1-gb",
    "a result of one GB, in one text and in many small parts",
    "none",
    """
def transpose(a): return "x" * (1 << 30)
def windows(a, n): return [0] * (1 << 26)
""",
    why="wrong there too",
    keeps=True,
)

answer(
    F,
    "int-of-ten-million-digits",
    "a number that takes minutes to write",
    "none",
    """
def transpose(a): return 1 << (1 << 26)
column = 1 << (1 << 26)
""",
    why="wrong there too",
    keeps=True,
)

answer(
    F,
    "hash-and-del",
    "objects that act when they are hashed or dropped",
    "none",
    f"""
class Late:
    def __hash__(self): raise KeyboardInterrupt
    def __del__(self): raise SystemExit
    def __reduce__(self): import os; return (os.system, ("sleep {SLEEP} &",))
def transpose(a): return {{"a": Late()}}
def windows(a, n): return Late()
""",
    why="wrong there too",
    keeps=True,
)

answer(
    F,
    "generator-for-answer",
    "coroutines, generators, classes and modules as answers",
    "none",
    """
import types
def transpose(a):
    yield a.T
async def windows(a, n): return a
class center:
    def __new__(cls, a): return None
column_strides = types
""",
    why="wrong there too",
)

answer(
    F,
    "names-as-dunders",
    "names that Python itself uses",
    "none",
    """
__builtins__ = {}
__name__ = "__main__"
__class__ = __debug_ = __loader__ = __spec__ = None
def __getattr__(name): return 3
def __import__(*a): raise SystemExit
def transpose(a): return a
""",
    why="the kernel keeps its own",
)

answer(
    F,
    "deleted-names",
    "names that a test needs are deleted by a call",
    "none",
    """
def transpose(a):
    for name in ("np", "same", "flat_index"): globals().pop(name, None)
    return a.T
""",
    why="it costs its own points",
)

cell(
    F,
    "bool-cursed",
    "True changed to 0 in memory, by ctypes",
    "none",
    """
import ctypes
ctypes.memmove(id(True) + 24, b"\\0" * 4, 4)
ctypes.memmove(id(5) + 24, b"\\7" * 4, 4)
""",
    why="breaks its own process",
)

cell(
    F,
    "ints-always-equal",
    "int's own comparison, patched by ctypes",
    "none",
    """
import ctypes
slot = ctypes.cast(id(tuple) + 8 * 25, ctypes.POINTER(ctypes.c_void_p))
compare = ctypes.PYFUNCTYPE(
    ctypes.py_object, ctypes.py_object, ctypes.py_object, ctypes.c_int)
kept = compare(lambda a, b, op: True)
slot[0] = ctypes.cast(kept, ctypes.c_void_p).value
""",
    why="hits a different slot in each version of Python",
)

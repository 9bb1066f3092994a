"""Attacks by the methods that Python calls on its own: of objects, of classes, of callables."""

from __future__ import annotations

from corpus.attack import answers, cell

answers(
    "protocols",
    "only the methods that these tests call count there, and they say no",
    {
        ("copied-as-right", "an object that is right once it is copied"): """
class Copy:
    def __copy__(self): return (8, 32)
    def __deepcopy__(self, memo): return (8, 32)
    def __reduce_ex__(self, protocol): return (tuple, ((8, 32),))
    def __getstate__(self): return (8, 32)
column_strides = Copy()
""",
        ("length-lies", "a length, a size and an index that change from call to call"): """
class Long(list):
    turn = 0
    def __len__(self): Long.turn += 1; return (4, 1 << 40, 0)[Long.turn % 3]
    def __length_hint__(self): return 1 << 60
    def __sizeof__(self): return -1
    def __index__(self): return 3
def windows(a, n): return Long([[1.0]])
column_strides = Long([8, 32])
""",
        ("missing-keys", "a dict that has every key"): """
class All(dict):
    def __missing__(self, key): return True
    def __contains__(self, key): return True
    def __bool__(self): return True
def flat_index(row, col, n_cols): return All()
column_strides = All()
""",
        ("numbers-by-protocol", "objects with __int__, __float__, __complex__ and __round__"): """
class Number:
    def __init__(self, value): self.value = value
    def __int__(self): return self.value
    __index__ = __trunc__ = __int__
    def __float__(self): return float(self.value)
    def __complex__(self): return complex(self.value)
    def __round__(self, digits=0): return self.value
def flat_index(row, col, n_cols): return Number(row * n_cols + col)
""",
        ("formatted-texts", "a text that changes when it is formatted, joined or encoded"): """
class Text(str):
    def __format__(self, spec): raise SystemExit(0)
    def __str__(self): return "points"
    def encode(self, *a, **k): return b'{"ok": true}'
    def __hash__(self): return hash("same")
def flat_index(row, col, n_cols): return Text("7")
column_strides = Text("(8, 32)")
""",
        ("buffers-by-protocol", "an array made of a buffer that the student goes on changing"): """
import threading
class Buffer:
    data = bytearray(96)
    def __buffer__(self, flags): return memoryview(self.data)
    def __dlpack__(self, **k): raise BufferError
    __array_interface__ = {"shape": (4, 3), "typestr": "<i8", "data": (8, False), "version": 3}
def transpose(a): return Buffer()
def windows(a, n): return memoryview(bytearray(160)).cast("d")
""",
        ("unpicklable-state", "objects that act when they are pickled or unpickled"): """
import copyreg, os
class Acts:
    def __reduce__(self): return (os.system, ("touch /tmp/acts",))
    def __setstate__(self, state): os.abort()
copyreg.pickle(tuple, lambda value: (os.system, ("true",)))
copyreg.dispatch_table[int] = lambda value: (int, (7,))
column_strides = Acts()
""",
        ("dataclass-hooks", "a dataclass whose fields are computed when they are read"): """
import dataclasses
@dataclasses.dataclass(frozen=True)
class Point:
    x: int = 8
    y: int = 32
    def __getattribute__(self, name):
        if name == "x": raise KeyboardInterrupt
        return object.__getattribute__(self, name)
    def __iter__(self): return iter((8, 32))
column_strides = Point()
def flat_index(row, col, n_cols): return Point()
""",
    },
)

cell(
    "classes",
    "class-equal-to-all",
    "a class, not an instance, whose metaclass says yes",
    "points",
    """
class Meta(type):
    def __eq__(cls, other): return True
    def __ne__(cls, other): return False
    __hash__ = type.__hash__
    shape = (4, 3)
    def __instancecheck__(cls, thing): return True
    def tolist(cls): return cls
class Yes(metaclass=Meta):
    pass
def windows(a, n): return Yes
""",
)

answers(
    "classes",
    "what these tests ask is not decided by the student's classes",
    {
        ("registered-as-array", "a class registered where isinstance looks"): """
import collections.abc, numbers, abc
class Fake: pass
for base in (collections.abc.Sequence, collections.abc.Mapping, numbers.Integral):
    base.register(Fake)
def flat_index(row, col, n_cols): return Fake()
def windows(a, n): return Fake()
column_strides = Fake()
""",
        ("subclass-hooks", "classes that act when they are derived from"): """
class Acts:
    def __init_subclass__(cls, **k): raise SystemExit(0)
    def __class_getitem__(cls, item): return cls
    def __set_name__(self, owner, name): raise KeyboardInterrupt
    def __mro_entries__(self, bases): return (tuple,)
column_strides = Acts
def windows(a, n): return Acts[int]
""",
        (
            "module-with-a-class",
            "a class for the main module, so that each look finds another value",
        ): """
import sys, types
class Main(types.ModuleType):
    def __getattribute__(self, name):
        if name == "column_strides": return (8, 32)
        return types.ModuleType.__getattribute__(self, name)
sys.modules["__main__"].__class__ = Main
column_strides = (0, 0)
""",
        ("slots-and-properties", "a subclass of ndarray with properties for shape and base"): """
class Liar(np.ndarray):
    shape = property(lambda self: (4, 3))
    base = property(lambda self: 1)
    dtype = property(lambda self: np.dtype(object))
    def __array_finalize__(self, old): pass
    def __array_wrap__(self, *a, **k): return True
def transpose(a): return a.view(Liar)
""",
        ("dtype-of-my-own", "dtypes with titles, metadata and a class of their own"): """
class Record(np.void): tolist = lambda self: 7
kind = np.dtype((Record, [(("flat", "a"), "i8")]), metadata={"points": 3})
def flat_index(row, col, n_cols): return np.zeros((), kind)[()]
def windows(a, n): return np.zeros((a.size - n + 1, n), kind)
""",
        ("enum-of-names", "members of an enumeration that share the names of the tests' own"): """
import enum
class same(enum.IntEnum):
    transpose = 3
    got = 3
class want(enum.StrEnum):
    a = "7"
def flat_index(row, col, n_cols): return same.got
column_strides = (same.got, want.a)
""",
    },
)

answers(
    "callables",
    "a callable is called there, and its values are wrong",
    {
        ("builtin-for-answer", "functions of Python and NumPy instead of answers"): """
flat_index, transpose, windows = max, np.ndarray.tolist, np.resize
""",
        ("ufunc-for-answer", "a ufunc made of a Python function"): """
flat_index = np.frompyfunc(lambda *a: True, 3, 1)
transpose = np.vectorize(lambda x: x, otypes=[object])
""",
        ("partial-and-method", "partials, bound methods and descriptors"): """
import functools
class Holder:
    def __get__(self, owner, kind=None): return self
    def method(self, *a): return self
flat_index = functools.partial(divmod, 7)
transpose = Holder().method
windows = functools.partialmethod(Holder.method)
""",
        ("class-that-is-called", "a class whose instances would be the results"): """
class flat_index(int):
    def __new__(cls, row, col, n_cols): return int.__new__(cls, 3)
    def __eq__(self, other): return True
    __hash__ = int.__hash__
class transpose(list): pass
""",
        ("signature-lies", "a function whose signature, name and annotations lie"): """
import inspect
def flat_index(*a, **k): return 0
same = inspect.Parameter("same", inspect.Parameter.KEYWORD_ONLY)
flat_index.__signature__ = inspect.Signature([same])
flat_index.__name__ = flat_index.__qualname__ = "same"
flat_index.__module__ = "lab_helper"
flat_index.__annotations__ = {"return": lambda: 7}
flat_index.__wrapped__ = flat_index
flat_index.__nbgrader_isolate_proxy__ = "same"
""",
        ("code-replaced-in-a-call", "a function that replaces its own code in its first call"): """
def yes(row, col, n_cols): return 7
def flat_index(row, col, n_cols):
    flat_index.__code__ = yes.__code__
    flat_index.__defaults__ = (1, 2, 3)
    return -1
""",
        ("callable-by-getattr", "an object that has every attribute, each of which is itself"): """
class Any:
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __iter__(self): return iter(())
flat_index = transpose = windows = column_strides = Any()
""",
        ("callable-deleted-in-a-call", "answers that delete and rename each other in calls"): """
def flat_index(row, col, n_cols):
    global transpose, windows
    transpose, windows = windows, transpose
    globals()["same"] = globals().pop("transpose")
    return 7
""",
    },
)

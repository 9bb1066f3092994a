"""Answers that abuse the objects which a test passes to them gain nothing."""

from __future__ import annotations

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, records, student

pytestmark = pytest.mark.slow

TEST = """
class Watched:
    def __init__(self, values):
        self.values, self.reads, self._secret = values, 0, 4142
    def __getitem__(self, k):
        self.reads += 1
        return self.values[k]
    def __len__(self):
        return len(self.values)
    def best(self, key):
        return max(self.values, key=key)
    def __eq__(self, other):
        return self.values == getattr(other, "values", other)
    def __hash__(self):
        return 1
watched = Watched([3, 1, 2])
got = smallest(watched)
assert got == 1, got
assert 3 <= watched.reads <= 4, watched.reads
assert watched == Watched([3, 1, 2])
"""
HONEST = "def smallest(w):\n    return min(w[k] for k in range(len(w)))"
LIES = {
    "counts back": "w[0]; w.reads = 3; return 1",
    "counts back by its dict": "w.__dict__['reads'] = 3; return 1",
    "counts back by its class": "type(w).reads = 3; w.__class__.reads = 3; return 1",
    "object's own setter": "object.__setattr__(w, 'reads', 3); return 1",
    "class with another length": "type(w).__len__ = lambda s: 0; return 1",
    "another equality": "type(w).__eq__ = lambda s, o: True; return w",
    "answers with the object": "return w",
    "answers with a method of the object": "return w.best",
    "an object that is never equal": "import math; return math.nan",
    "keeps it for a later call": "global kept; kept = w; return kept",
    "the globals of the test": "return w.best.__globals__['watched'].values[1]",
    "the globals by a key": "import sys; return w.best(key=lambda v: sys._getframe(9).f_globals)",
    "a key that never returns": "return w.best(key=lambda v: [0 for _ in iter(int, 1)])",
    "a key that calls the object": "return w.best(key=lambda v: w.best(key=lambda u: w[u] and 0))",
    "a key that ends the process": "import os; return w.best(key=lambda v: os._exit(0))",
    "reads what is hidden": "return w._secret",
    "an equal of everything": "E = type('E', (), {'__eq__': lambda s, o: True}); return E()",
    "an equal that derives from it": (
        "return type('E', (type(w),), {'__eq__': lambda s, o: True})(w)"
    ),
    "pickled": "import pickle; return pickle.loads(pickle.dumps(w))",
    "changed by a copy": "import copy; c = copy.deepcopy(w); c.reads = 3; return 1",
    "its link of another object": (
        "import gc; w.__dict__.update({k: ([*v[0][:1], 7, *v[0][2:]], v[1]) "
        "for k, v in list(w.__dict__.items())}); return w[1]"
    ),
    "its calls without end": "while True: w[0]",
    "its calls by a thread": (
        "import threading; t = [threading.Thread(target=lambda: w[0]) for _ in range(8)]; "
        "[each.start() for each in t]; [each.join(2) for each in t]; return 1"
    ),
}


def test_no_lie_about_an_object_of_the_test_passes() -> None:
    limits = Limits(call_seconds=2.0)
    passed = []
    with Engine(limits) as engine:
        for name, lie in LIES.items():
            answer = f"def smallest(w):\n    {lie}"
            test = cell(TEST, owner="instructor", mode="isolated")
            ran = engine.run(
                notebook(student(answer), test), files={}, student_names=["smallest"], seed=0
            )
            if records(ran)[1]["outcome"] == "passed":
                passed.append(name)
        test = cell(TEST, owner="instructor", mode="isolated")
        ran = engine.run(
            notebook(student(HONEST), test), files={}, student_names=["smallest"], seed=0
        )
    assert passed == []
    assert records(ran)[1]["outcome"] == "passed"

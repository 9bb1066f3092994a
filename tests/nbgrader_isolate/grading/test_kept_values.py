"""What a helper of the instructor's keeps of a wrong answer is not taken for the instructor's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, plain, records, student

pytestmark = pytest.mark.slow
LIAR = "import numpy as np\ndef f(): return np.complex128(9 + 5j)\ndef g(): return 1"
HONEST = "def f(): return 9.0\ndef g(): return 1"
NEAR = "assert ({} - 9) ** 2 < 1e-9"
KEEPERS = {
    "list": ("store = []\ndef keep(x):\n    store.append(x)\n    return x", "store[0]"),
    "dict": ("store = {}\ndef keep(x):\n    store['x'] = x", "store['x']"),
    "nested": (
        "store = {'a': [[]]}\ndef keep(x):\n    store['a'][0].append(x)",
        "store['a'][0][0]",
    ),
    "alias": ("a = []\nb = {'a': a}\ndef keep(x):\n    a.append(x)", "b['a'][0]"),
    "global": ("last = 0\ndef keep(x):\n    global last\n    last = x", "last"),
    "new global": ("def keep(x):\n    globals()['last'] = x", "last"),
    "attribute": ("def keep(x):\n    keep.last = x", "keep.last"),
    "default": ("def keep(x, log=[]):\n    log.append(x)\n    return log", "keep(0)[0]"),
    "closure": (
        (
            "def make():\n    last = 0\n    def keep(x):\n        nonlocal last\n        last = x\n"
            "    return keep, lambda: last\nkeep, get = make()"
        ),
        "get()",
    ),
    "through a function": (
        "store = []\ndef keep(x):\n    store.append(x)\ndef get():\n    return store[-1]",
        "get()",
    ),
    "object": (
        (
            "class Log:\n    def __init__(self): self.all = []\n"
            "    def add(self, x): self.all.append(x)\n"
            "log = Log()\nother = log\ndef keep(x): log.add(x)"
        ),
        "other.all[0]",
    ),
    "slots": (
        "class Log:\n    __slots__ = ('x',)\nlog = Log()\ndef keep(x): log.x = x",
        "log.x",
    ),
    "class": (
        (
            "class Log:\n    last = 0\n    @classmethod\n    def add(cls, x): cls.last = x\n"
            "def keep(x): Log.add(x)\nclass Sub(Log): pass"
        ),
        "Sub.last",
    ),
    "bound method": ("store = []\nkeep = store.append", "store[0]"),
    "partial": (
        (
            "from functools import partial\nstore = []\ndef add(s, x): s.append(x)\n"
            "keep = partial(add, store)"
        ),
        "store[0]",
    ),
    "cache": (
        (
            "from functools import cache\n@cache\ndef once():\n    return []\n"
            "def keep(x):\n    once().append(x)"
        ),
        "once()[0]",
    ),
    "generator": (
        (
            "def collect():\n    got = None\n    while True:\n        got = (yield got) or got\n"
            "c = collect()\nnext(c)\ndef keep(x):\n    c.send(x)"
        ),
        "c.send(None)",
    ),
    "deque": ("from collections import deque\nq = deque()\ndef keep(x): q.append(x)", "q[0]"),
    "queue": ("from queue import Queue\nq = Queue()\ndef keep(x): q.put(x)", "q.get()"),
    "array": (
        "import numpy as np\na = np.zeros(2, complex)\ndef keep(x): a[0] = x",
        "a[0]",
    ),
    "view": (
        "import numpy as np\na = np.zeros(4, complex)\nb = a[:2]\ndef keep(x): b[0] = x",
        "a[0]",
    ),
    "object array": (
        "import numpy as np\na = np.zeros(2, object)\ndef keep(x): a[0] = x",
        "a[0]",
    ),
    "structured": (
        (
            "import numpy as np\na = np.zeros(2, [('u', int), ('v', complex)])\n"
            "def keep(x): a['v'][1] = x"
        ),
        "a[1]['v']",
    ),
    "frame": (
        "import pandas as pd\ndf = pd.DataFrame({'a': [0j, 1j]})\ndef keep(x): df.loc[0, 'a'] = x",
        "df['a'][0]",
    ),
    "module": ("import types\nm = types.ModuleType('m')\ndef keep(x): m.x = x", "m.x"),
    "library module": ("import math\ndef keep(x): math.last = x", "math.last"),
    "builtins": ("import builtins\ndef keep(x): builtins.last = x", "last"),
    "file beside": ("import beside\nkeep = beside.keep", "beside.store[0]"),
    "imported again": (
        "from beside import keep",
        "__import__('beside').store[0]",
    ),
    "imported inside": (
        (
            "import beside\ndef keep(x):\n    beside.keep(x)\n"
            "def get():\n    from beside import store\n    return store[0]"
        ),
        "get()",
    ),
    "thread": ("import threading\nt = threading.local()\ndef keep(x): t.x = x", "t.x"),
    "context": (
        "from contextvars import ContextVar\nv = ContextVar('v')\ndef keep(x): v.set(x)",
        "v.get()",
    ),
    "weak": (
        (
            "import weakref\nclass K: pass\nk = K()\nw = weakref.WeakKeyDictionary()\n"
            "def keep(x): w[k] = x"
        ),
        "w[k]",
    ),
    "exec": (
        "env = {}\nexec('s = []\\ndef keep(x): s.append(x)', env)\nkeep = env['keep']",
        "env['s'][0]",
    ),
    "mock": ("from unittest.mock import Mock\nkeep = Mock()", "keep.call_args[0][0]"),
    "follows": (
        "ok = []\ndef keep(x):\n    ok.append((x - 9) ** 2 < 1e-9)",
        "(9 if ok[0] else 0)",
    ),
    "flag": (
        "ok = True\ndef keep(x):\n    global ok\n    ok = ok and bool((x - 9) ** 2 < 1e-9)",
        "(9 if ok else 0)",
    ),
    "flag in a dict": (
        "r = {'ok': True}\ndef keep(x):\n    r['ok'] = r['ok'] and bool((x - 9) ** 2 < 1e-9)",
        "(9 if r['ok'] else 0)",
    ),
    "flag of an object": (
        (
            "class R:\n    ok = True\n    def see(self, x): self.ok = bool((x - 9) ** 2 < 1e-9)\n"
            "r = R()\nr.ok = True\nkeep = r.see"
        ),
        "(9 if r.ok else 0)",
    ),
    "flag in a closure": (
        (
            "def make():\n    ok = True\n    def keep(x):\n        nonlocal ok\n"
            "        ok = ok and bool((x - 9) ** 2 < 1e-9)\n    return keep, lambda: ok\n"
            "keep, get = make()"
        ),
        "(9 if get() else 0)",
    ),
}
FILES = {"beside.py": b"store = []\ndef keep(x):\n    store.append(x)\n"}
ISOLATED = {"owner": "instructor", "mode": "isolated", "kinds": {}}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits(cell_seconds=30.0)) as running:
        yield running


def outcomes(engine: Engine, answer: str, helper: str, read: str) -> list[tuple[str, bool]]:
    """How a test that keeps, one that reads what is kept, and one that does neither end."""
    tests = [
        "keep(f())\nassert g() == 1",
        "assert g() == 1\n" + NEAR.format(read),
        "assert g() == 1",
    ]
    cells = [plain(helper), student(answer), *(cell(test, **ISOLATED) for test in tests)]
    done = records(engine.run(notebook(*cells), files=FILES, student_names=["f", "g"], seed=1))
    assert done[0]["outcome"] == "passed"
    return [(one["outcome"], "complex" in str(one["refused"])) for one in done[2:]]


@pytest.mark.parametrize("name", KEEPERS)
def test_what_a_helper_keeps_keeps_its_kind(engine: Engine, name: str) -> None:
    helper, read = KEEPERS[name]
    assert outcomes(engine, LIAR, helper, read) == [
        ("failed", True),
        ("failed", True),
        ("passed", False),
    ]


@pytest.mark.parametrize("name", KEEPERS)
def test_honest_answers_that_a_helper_keeps_pass(engine: Engine, name: str) -> None:
    helper, read = KEEPERS[name]
    assert outcomes(engine, HONEST, helper, read) == [("passed", False)] * 3


@pytest.mark.parametrize("kept", ["store.append(f())", "store.append([f(), F])", "store.append(F)"])
def test_objects_of_the_students_are_kept_without_a_look_at_them(engine: Engine, kept: str) -> None:
    answer = (
        "class F:\n    seen = 0\n    def __getattr__(self, name):\n        F.seen += 1\n"
        "        raise AttributeError(name)\n    def __reduce_ex__(self, n): F.seen += 1\n"
        "def f(): return F()\ndef g(): return F.seen"
    )
    facts = {**ISOLATED, "objects": True, "kinds": None}
    tests = [f"{kept}\nassert len(store) == 1", "assert store\nassert g() == 0"]
    cells = [plain("store = []"), student(answer), *(cell(test, **facts) for test in tests)]
    names = ["f", "g", "F"]
    done = records(engine.run(notebook(*cells), files={}, student_names=names, seed=1))
    assert [one["message"] for one in done[2:]] == ["", ""]

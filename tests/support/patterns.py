"""Small notebooks in which tests and other cells share names, as real courses write them.

Each is a list of cells: `p` a plain cell of the instructor's, `s` a solution cell with its
reference solution, `t` a test worth 1 point.
"""

from __future__ import annotations

from typing import Any

from support.small_course import code

Cells = list[tuple[str, str]]
SQUARE = ("s", "def sq(x):\n    return x * x")

SALES = "import pandas as pd\nsales = pd.DataFrame({'g': list('aab'), 'v': [1, 2, 3]})"

NAMES: dict[str, Cells] = {
    "helper-defined-in-a-test": [
        SQUARE,
        ("t", "def near(a, b):\n    return abs(a - b) < 1e-9\nassert near(sq(3), 9)"),
        ("s", "class K:\n    v = 2"),
        ("t", "k = K()\nassert near(k.v, 2)"),
    ],
    "import-in-a-test-for-an-answer": [
        SQUARE,
        ("t", "import math\nassert math.isclose(sq(3), 9)"),
        ("s", "def root(x):\n    return math.sqrt(x)"),
        ("t", "assert root(9) == 3"),
    ],
    "data-in-a-test-for-an-answer": [
        SQUARE,
        ("t", "data = [1, 2, 3]\nassert [sq(v) for v in data] == [1, 4, 9]"),
        ("s", "total = sum(sq(v) for v in data)"),
        ("t", "assert total == 14"),
    ],
    "data-in-a-test-for-a-plain-cell": [
        SQUARE,
        ("t", "data = {'a': (1, 2)}\nassert sq(2) == 4"),
        ("p", "shown = [sq(v) for v in data['a']]"),
        ("s", "largest = max(shown)"),
        ("t", "assert largest == 4 and shown == [1, 4]"),
    ],
    "data-in-an-in-process-test": [
        SQUARE,
        ("t", "import gc\ngc.collect()\ncases = [(1, 1), (2, 4)]\nassert sq(1) == 1"),
        ("t", "for a, b in cases:\n    assert sq(a) == b"),
    ],
    "a-test-changes-a-list": [
        ("s", "stack = [1, 2]"),
        ("t", "stack.append(3)\nassert stack == [1, 2, 3]"),
        ("t", "assert len(stack) == 3"),
    ],
    "a-test-passes-a-variable-that-a-function-changes": [
        ("s", "cart = {}\ndef put(where, what):\n    where[what] = where.get(what, 0) + 1"),
        ("t", "put(cart, 'tea')\nassert cart == {'tea': 1}"),
        ("s", "def count():\n    return sum(cart.values())"),
        ("t", "assert count() == 1"),
    ],
    "a-test-rebinds-a-name": [
        ("s", "result = 3\nx = 7"),
        ("t", "x = 100\nassert result == 3"),
        ("s", "y = x + 1"),
        ("t", "assert y == 101"),
    ],
    "an-object-in-a-test-for-an-answer": [
        SQUARE,
        ("t", "import itertools\nnumbers = itertools.count(5)\nassert sq(2) == 4"),
        ("s", "first = next(numbers)"),
        ("t", "assert first == 5"),
    ],
    "a-helper-that-needs-data-of-an-earlier-test": [
        SQUARE,
        ("t", "eps = 1e-9\nassert sq(1) == 1"),
        ("t", "def near(a, b):\n    return abs(a - b) < eps\nassert near(sq(3), 9)"),
        ("p", "fits = near(sq(2), 4)"),
        ("s", "answer = 'yes' if fits else 'no'"),
        ("t", "assert answer == 'yes'"),
    ],
    "a-test-passes-functions": [
        ("s", "def apply_all(f, xs):\n    return [f(x) for x in xs]\ninc = lambda x: x + 1"),
        ("t", ("import math\nassert apply_all(lambda v: v * v, [1, 2, 3]) == [1, 4, 9]\n"
              "assert apply_all(math.sqrt, [4.0]) == [2.0] and apply_all(inc, [1]) == [2]")),
    ],
    "frames-as-arguments-and-results": [
        ("p", SALES),
        ("s", "def clean(d):\n    return d.dropna()\ndef tag(d):\n    d['t'] = d['v'] * 2"),
        ("t", ("given = pd.DataFrame({'x': [1.0, None, 3.0]})\nbefore = given.copy()\n"
              "pd.testing.assert_frame_equal(clean(given), before.dropna())\n"
              "pd.testing.assert_frame_equal(given, before)")),
        ("t", "mine = sales.copy()\ntag(mine)\nassert mine['t'].tolist() == [2, 4, 6]"),
    ],
    "a-test-calls-what-a-function-returns": [
        ("s", ("def adder(n):\n    def add(x):\n        return x + n\n    return add\n"
              "double = lambda x: 2 * x\ntools = {'add': adder(1), 'double': double}")),
        ("t", "assert adder(3)(4) == 7\nf = adder(1)\nassert f(1) == 2"),
        ("t", "assert [tools[name](5) for name in ('add', 'double')] == [6, 10]"),
        ("t", "assert tools['add'](f(1)) == 3"),
    ],
    "a-test-answers-and-reads-what-is-printed": [
        ("s", "def ask():\n    name = input('Name? ')\n    print('Hello', name)\n    return name"),
        ("t", ("import contextlib, io\nfrom unittest.mock import patch\nout = io.StringIO()\n"
              "with patch('builtins.input', return_value='Ada'), contextlib.redirect_stdout(out):\n"
              "    assert ask() == 'Ada'\nassert out.getvalue() == 'Hello Ada\\n'")),
        ("t", "def input(*_):\n    return 'Bo'\nassert ask() == 'Bo'\ndel input"),
    ],
    "a-test-seeds-the-random-numbers": [
        ("p", "import numpy as np"),
        ("s", "def noise(n):\n    return np.random.normal(size=n)"),
        ("t", ("np.random.seed(20)\na = noise(3)\nnp.random.seed(20)\n"
              "assert a.tolist() == np.random.normal(size=3).tolist()")),
    ],
    "a-frame-that-answers-and-tests-read": [
        ("p", SALES),
        ("s", "total = int(sales['v'].sum())\ndef largest():\n    return sales['v'].max()"),
        ("t", "assert total == sales['v'].sum() and largest() == sales['v'].max()"),
    ],
    "a-frame-that-answers-change-in-a-call": [
        ("p", SALES + "\ndef doubled(d):\n    d['w'] = 2 * d['v']"),
        ("s", "doubled(sales)"),
        ("t", "assert sales['w'].tolist() == [2, 4, 6]"),
    ],
    "frames-as-variables": [
        ("s", ("import pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': ['x', None]})\n"
              "tot = df.groupby('a')['a'].sum()\nwhen = pd.Timestamp('2024-01-02')")),
        ("t", "assert list(df.columns) == ['a', 'b'] and df.shape == (2, 2) and tot[1] == 1"),
        ("t", "df['c'] = [5, 6]\nassert when.year == 2024"),
        ("s", "last = df['c'].max()"),
        ("t", "assert last == 6 and df['c'].sum() == 11"),
    ],
    "a-plain-cell-that-only-the-student-can-run": [
        ("s", "class Box:\n    n = 4\ndef width(box):\n    return box.n"),
        ("p", "size = 1\nsize = width(Box())"),
        ("t", "assert size == 4"),
    ],
    "a-class-and-its-objects": [
        ("s", ("class Dog:\n    def __init__(self, name):\n"
              "        self.name, self.tricks = name, []\n"
              "    def add(self, trick):\n        self.tricks.append(trick)\n        return self\n"
              "    def __len__(self):\n        return len(self.tricks)\nmine = Dog('rex')")),
        ("t", "d = Dog('b')\nassert isinstance(d, Dog) and d.add('sit').tricks == ['sit']"),
        ("t", "assert len(d) == 1 and type(mine) is Dog and mine.name == 'rex'"),
    ],
    "a-class-that-derives-from-the-instructors": [
        ("p", "class Shape:\n    def area(self):\n        raise NotImplementedError"),
        ("s", ("class Square(Shape):\n    def __init__(self, a):\n        self.a = a\n"
              "    def area(self):\n        return self.a ** 2")),
        ("t", "assert issubclass(Square, Shape) and isinstance(Square(1), Shape)"),
        ("t", "assert Square(3).area() == 9"),
    ],
    "an-object-that-equals-data": [
        ("s", "class V:\n    x = 2\n    def __eq__(self, other):\n        return other == 2"),
        ("t", "assert V() == 2"),
    ],
    "an-error-of-its-own": [
        ("s", "class Late(ValueError):\n    pass\ndef f():\n    raise Late('no')"),
        ("t", "try:\n    f()\nexcept Late as e:\n    assert 'no' in str(e)\nelse:\n    assert 0"),
    ],
    "a-test-asks-which-names-exist": [
        ("s", "found = 3\ndef sq(x):\n    return x * x"),
        ("t", "assert 'found' in dir() and 'lost' not in dir()"),
        ("t", "assert 'sq' in globals() and 'lost' not in locals() and globals()['sq'](2) == 4"),
    ],
    "a-test-deletes-a-function-and-restores-it": [
        SQUARE,
        ("s", "def fourth(x):\n    return sq(sq(x))"),
        ("t", ("kept = sq\ndel sq\ntry:\n    fourth(2)\nexcept NameError:\n    pass\nelse:\n"
              "    raise AssertionError('does not use sq')\nfinally:\n    sq = kept")),
        ("t", "assert fourth(2) == 16"),
    ],
    "a-loop-variable-with-a-students-name": [
        ("s", "new = [1, 2]\nold = [v - 1 for v in new]"),
        ("t", "for low, new in zip(old, [1, 2]):\n    assert low + 1 == new"),
        ("t", "assert new == 2"),
    ],
    "a-solution-changes-a-dict-of-yours": [
        ("p", "stock = {'tea': 1}\nshown = stock['tea']"),
        ("s", "stock['milk'] = 2"),
        ("t", "assert shown == 1 and stock == {'tea': 1, 'milk': 2}"),
        ("p", "count = len(stock)"),
        ("t", "assert count == 2"),
    ],
    "an-object-of-a-class-of-the-test": [
        ("s", "def first(s):\n    return s[0]\ndef length(s):\n    return len(s)"),
        ("t", ("class Word(str):\n    def __getitem__(self, k):\n        if k:\n"
              "            raise IndexError(k)\n        return str(self)[k]\n"
              "assert first(Word('abc')) == 'a' and length(Word('abc')) == 3")),
        ("t", ("class Watched:\n    reads = 0\n    def __getitem__(self, k):\n"
              "        self.reads += 1\n        return k\n"
              "w = Watched()\nassert first(w) == 0 and w.reads == 1")),
    ],
    "a-function-named-like-one-of-pythons": [
        ("s", "def pow(x):\n    return x * x"),
        ("t", "assert pow(3) == 9\ndef check(x):\n    return pow(x)\nassert check(2) == 4"),
    ],
    "a-linked-list-of-a-class-of-yours": [
        ("p", ("class Node:\n    def __init__(self, value, rest=None):\n"
              "        self.value, self.rest = value, rest")),
        ("s", ("def insert(head, value):\n    node = Node(value)\n    node.rest = head.rest\n"
              "    head.rest = node\nmine = Node(5)\nmine.value = 6")),
        ("t", ("head = Node(1, Node(3))\ninsert(head, 2)\n"
              "assert [head.value, head.rest.value, head.rest.rest.value] == [1, 2, 3]")),
        ("t", "assert isinstance(mine, Node) and mine.value == 6 and mine.rest is None"),
    ],
    "an-object-whose-class-the-test-does-not-name": [
        ("s", "class Box:\n    def __init__(self, n):\n        self.n = n"),
        ("t", "assert Box(2).n == 2"),
        ("s", "mine = Box(4)"),
        ("t", "assert mine.n == 4 and 'n' in dir(mine)"),
    ],
    "a-random-generator-of-yours": [
        ("p", "import numpy as np\nrng = np.random.default_rng(7)"),
        ("s", "first = rng.integers(0, 100)"),
        ("t", ("again = np.random.default_rng(7)\nassert first == again.integers(0, 100)\n"
              "assert rng.bit_generator.state == again.bit_generator.state")),
    ],
    "an-exercise-about-imports": [
        ("s", "from numpy.random import randn as normal\nimport math as m"),
        ("t", "assert 'normal' in dir()\nassert normal.__name__ == 'randn'"),
        ("t", "assert m.isclose(m.sqrt(4), 2)"),
    ],
    "a-test-reads-a-generator-step-by-step": [
        ("s", ("def count(n):\n    while True:\n        got = yield n\n"
              "        n = n + 1 if got is None else got")),
        ("t", "c = count(3)\nassert next(c) == 3 and next(c) == 4 and c.send(9) == 9"),
        ("t", "assert [v for v, _ in zip(count(0), 'abc')] == [0, 1, 2]"),
    ],
    "a-test-looks-at-a-figure": [
        ("s", ("import matplotlib.pyplot as plt\ndef draw():\n    fig, ax = plt.subplots()\n"
              "    ax.plot([1, 2], [3, 4], 'r--', label='one')\n    ax.set_xlabel('time')\n"
              "    return ax\nmine = draw()")),
        ("t", ("%matplotlib inline\nassert mine.get_xlabel() == 'time'\n"
              "assert mine.lines[0].get_xydata().tolist() == [[1, 3], [2, 4]]")),
        ("t", ("from matplotlib.axes import Axes\nassert isinstance(mine, Axes)\n"
              "assert mine.get_lines()[0].get_linestyle() == '--'")),
    ],
    "a-random-generator": [
        ("s", ("import numpy as np\nrng = np.random.default_rng(7)\n"
              "def roll(r):\n    return int(r.integers(1, 7))")),
        ("t", "assert rng.integers(0, 9) == np.random.default_rng(7).integers(0, 9)"),
        ("t", ("ours, theirs = np.random.default_rng(1), np.random.default_rng(1)\n"
              "assert roll(ours) == theirs.integers(1, 7)\n"
              "assert ours.random() == theirs.random()")),
    ],
    "a-test-replaces-functions-of-python": [
        ("s", "import random\ndef greet():\n    print('Hi', random.randint(1, 9))"),
        ("t", ("from unittest.mock import patch\nwith patch('builtins.print') as out, "
              "patch('random.randint', return_value=4) as roll:\n    greet()\n"
              "out.assert_called_once_with('Hi', 4)\nroll.assert_called_once_with(1, 9)")),
    ],
    "a-test-that-shows-an-array": [
        ("p", "import numpy as np\npixel = np.array([255, 128])"),
        ("s", "bright = pixel.mean()"),
        ("t", "assert bright == 191.5\npixel * 1.0"),
    ],
}  # fmt: skip
IN_PROCESS = {
    "an-object-that-equals-data": ["t2"],
    "data-in-an-in-process-test": ["t2"],
    "an-object-in-a-test-for-an-answer": ["t2"],
    "a-plain-cell-that-only-the-student-can-run": ["t3"],
    "a-frame-that-answers-change-in-a-call": ["t3"],
}
"""The tests that do not run isolated; all others do."""


def notebook_cells(cells: Cells) -> list[dict[str, Any]]:
    """Return the cells of the source version of a notebook."""
    made = []
    for number, (kind, source) in enumerate(cells, 1):
        if kind == "p":
            made.append(code(source))
        elif kind == "s":
            marked = f"### BEGIN SOLUTION\n{source}\n### END SOLUTION"
            made.append(code(marked, f"s{number}", solution=True))
        else:
            made.append(code(source, f"t{number}", grade=True, points=1, locked=True))
    return made

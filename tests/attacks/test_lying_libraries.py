"""Answers that lie with figures, generators, polynomials and names gain nothing.

Axes whose `get_title` is replaced are not among them: what a figure shows is data of the student's,
like the value of a variable.
"""

from __future__ import annotations

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, records, student

pytestmark = pytest.mark.slow

EQUAL = """class Equal:
    __eq__ = lambda *_: True
    __ne__ = lambda *_: False
    __hash__ = lambda _: 1
"""
FIGURE = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n"
LIES = {
    "a generator of objects that are equal to everything": (
        EQUAL + "def answer():\n    while True:\n        yield Equal()",
        "a = answer()\nassert next(a) == 3",
    ),
    "a generator that ends with an object": (
        EQUAL + "def answer():\n    yield 1\n    return Equal()",
        "a = answer()\nnext(a)\ntry:\n    next(a)\nexcept StopIteration as e:\n"
        "    assert e.value == 3",
    ),
    "an iterator that claims to be a generator": (
        EQUAL + "class G:\n    __next__ = lambda s: Equal()\n    __iter__ = lambda s: s\n"
        "def answer():\n    return G()",
        "assert next(answer()) == 3",
    ),
    "axes of a class of their own": (
        "from matplotlib.axes import Axes\nfrom matplotlib.figure import Figure\n"
        "class Mine(Axes):\n    def get_xlabel(self):\n        return 'right'\n"
        "answer = Figure().add_subplot(axes_class=Mine)",
        "assert answer.get_xlabel() == 'right'",
    ),
    "a line whose data lie": (
        FIGURE + "line, = ax.plot([1], [2])\nline.get_xydata = lambda: [[5, 6]]\nanswer = ax",
        "assert list(map(list, answer.lines[0].get_xydata())) == [[5, 6]]",
    ),
    "a polynomial that is equal to everything": (
        "import numpy as np\nclass P(np.polynomial.Polynomial):\n"
        "    __eq__ = lambda *_: True\n    __hash__ = None\nanswer = P([1])",
        "import numpy as np\nassert answer == np.polynomial.Polynomial([3])",
    ),
    "a polynomial whose coefficients lie": (
        "import numpy as np\nanswer = np.polynomial.Polynomial([1])\n"
        "class A(np.ndarray):\n    __eq__ = lambda *_: True\n"
        "answer.coef = np.ones(1).view(A)",
        "assert (answer.coef == [7]).all()",
    ),
    "a generator of random numbers of a class of its own": (
        "import numpy as np\nclass R(np.random.Generator):\n    integers = lambda *_: 8\n"
        "answer = R(np.random.PCG64(1))",
        "assert answer.integers(0, 9) == 8",
    ),
    "a name found by its text": (
        EQUAL + "answer = Equal()",
        "assert globals()['answer'] == 3",
    ),
    "a function that patches what a test asks": (
        "import builtins\nbuiltins.dir = lambda: ['lost']\nbuiltins.globals = lambda: {'lost': 1}\n"
        "answer = 1",
        "assert 'lost' in dir() or 'lost' in globals()",
    ),
    "a function named like one of Python's": (
        "import builtins\nabs = round = isinstance = builtins.abs = lambda *_: 0\nanswer = 5",
        "assert abs(answer - 9) < 1e-9 and round(answer) == 0",
    ),
    "a replaced function that is called too often": (
        "import random\ndef answer():\n    [random.random() for _ in range(9)]\n    return 1",
        "from unittest.mock import patch\nwith patch('random.random', return_value=0.5) as r:\n"
        "    answer()\nr.assert_called_once()",
    ),
    "a replaced function that gets an object": (
        EQUAL + "def answer():\n    print(Equal())",
        "from unittest.mock import patch\nwith patch('builtins.print') as out:\n    answer()\n"
        "out.assert_called_once_with('Hello')",
    ),
    "an import under another name": (
        "from math import sin as root",
        "assert root(9) == 3",
    ),
}


def test_no_lie_passes() -> None:
    passed = []
    with Engine(Limits(call_seconds=5.0)) as engine:
        for name, (answer, test) in LIES.items():
            cells = student(answer), cell(test, owner="instructor", mode="isolated")
            ran = engine.run(notebook(*cells), files={}, student_names=["answer"], seed=0)
            if records(ran)[1]["outcome"] == "passed":
                passed.append(name)
    assert passed == []

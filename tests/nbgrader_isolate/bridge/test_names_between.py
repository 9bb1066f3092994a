"""What a student's kernel gets of isolated tests: nothing that a test defines or computes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbgrader_isolate.bridge.names_between import LONGEST_PARSED, flows_to_student
from nbgrader_isolate.notebook.name_flow import Flow
from support.prepared import graded, plain, student

if TYPE_CHECKING:
    import pytest

HIDDEN = "import math\nexpected = [3, 5]\ndef check(got):\n    assert got == expected"
LATER = "from checking import check\ncheck(1)"


def test_a_submission_gets_imports_and_nothing_that_a_test_defines() -> None:
    asks = student("print(expected, check, math.pi)")
    assert flows_to_student([graded(HIDDEN), asks, graded(LATER)])[0] == Flow("import math")
    assert flows_to_student([graded(HIDDEN), asks])[0] == Flow("import math")


def test_a_long_cell_is_not_parsed_but_gets_the_names_in_it() -> None:
    rest = "\n" * LONGEST_PARSED
    for source, gets in ((f"math.pi{rest}", "import math"), (f"pass{rest}", "")):
        assert flows_to_student([graded(HIDDEN), student(source), graded(LATER)])[0] == Flow(gets)
    odd = student("\N{MATHEMATICAL ITALIC SMALL M}ath.pi")
    assert flows_to_student([graded(HIDDEN), odd])[0] == Flow("import math")


def test_a_cell_of_the_instructors_gets_what_it_needs() -> None:
    flow = flows_to_student([graded(HIDDEN), plain("check([3, 5])"), graded(LATER)])[0]
    assert "def check" in flow.source
    assert flow.names == ("expected",)


def test_a_submission_gets_no_hidden_import() -> None:
    test = (
        "import numpy as np\n### BEGIN HIDDEN TESTS\nfrom oracle import f as comb\n"
        "import hidden as np, statistics\n### END HIDDEN TESTS\nimport math"
    )
    asks = student("def never():\n    np, comb, statistics, math")
    assert flows_to_student([graded(test), asks])[0] == Flow("import numpy as np\nimport math")
    own = plain("statistics.mean([comb])")
    flow = flows_to_student([graded(test), asks, own])[0]
    assert "statistics" in flow.source
    assert "comb" in flow.source


def test_a_cell_with_magics_is_not_read_by_ipython_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> str:
        raise AssertionError("IPython has read a student's cell in the worker")

    monkeypatch.setattr("IPython.core.inputtransformer2.TransformerManager.transform_cell", read)
    source = "math\n" + "a = %x\n" * 40
    assert flows_to_student([graded(HIDDEN), student(source)])[0] == Flow("import math")

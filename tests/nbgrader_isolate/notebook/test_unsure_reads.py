"""Which names a cell may read as an earlier cell left them."""

from __future__ import annotations

import pytest

from nbgrader_isolate.notebook.unsure_reads import unsure_reads


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("got = f()\nassert got", "f"),
        ("got: int = 1\nassert got", "int"),
        ("import np as got\ngot", ""),
        ("for got in []: pass\nassert got", "got"),
        ("for got in map(g, []): assert got", "g map"),
        ("if a: got = 1\nassert got", "a got"),
        ("if a: got = 1\nelse: got = 2\nassert got", "a"),
        ("try:\n    got = f()\nexcept E: pass\nassert got", "E f got"),
        ("try:\n    got = f()\nfinally: x = 1\nassert got", "f"),
        ("try: pass\nexcept E as e: print(e)", "E print"),
        ("def h(): return got\ngot = 1\nh()", ""),
        ("def h(): return got\nh()", "got"),
        ("def h():\n    global got\n    got = 1\nassert got", "got"),
        ("with c() as got: assert got", "c"),
        ("with c(): got = 1\nassert got", "c got"),
        ("[got for got in x]\nassert got", "got x"),
        ("a and (got := 1)\nassert got", "a got"),
        ("match z:\n    case got: assert got\nassert got", "got z"),
        ("got = 1\ndel got\nassert got", "got"),
        ("got += 1", "got"),
        ("while got: got = 0", "got"),
    ],
)
def test_only_what_is_bound_in_any_case_is_certainly_the_cells_own(source: str, names: str) -> None:
    assert unsure_reads(source) == set(names.split())

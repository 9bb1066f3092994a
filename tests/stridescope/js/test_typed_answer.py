"""The browser reads any form of an answer that Python and NumPy would write."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stridescope as ss
from stridescope.instruments.predict import answer_text

JS = Path(str(ss.__file__)).parent / "js"
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
answers = st.recursive(numbers, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=9)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.lists(answers, min_size=20, max_size=20))
def test_the_browser_reads_any_form_python_and_numpy_would_write(values: list[Any]) -> None:
    forms = [
        [
            answer_text(to_tuple(v)),
            answer_text(v),
            answer_text(v).replace(",", ""),
            f" {answer_text(v)} ",
        ]
        for v in values
    ]
    module = (
        f"import {{ readAnswer }} from '{JS / 'model/typed_answer.js'}';"
        f"console.log(JSON.stringify({json.dumps(forms)}.map((f) => f.map(readAnswer))));"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-e", module], capture_output=True, text=True, check=True
    )
    read = json.loads(done.stdout)
    for same in read:
        assert same[0] is not None
        assert len(set(same)) == 1, same
    apart = {json.dumps(bare(v)): group[0] for v, group in zip(values, read, strict=True)}
    assert len(set(apart.values())) == len(apart), "different answers read as one"


def to_tuple(value: Any) -> Any:  # noqa: ANN401 - a nested list
    return tuple(to_tuple(v) for v in value) if isinstance(value, list) else value


def bare(value: Any) -> Any:  # noqa: ANN401 - a nested list
    """A list of one thing is that thing; 1.0 is 1."""
    if isinstance(value, list):
        inside = [bare(v) for v in value]
        return inside[0] if len(inside) == 1 else inside
    return (
        int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else value
    )

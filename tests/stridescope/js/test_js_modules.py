"""The JavaScript modules, under node, on cases that NumPy answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from stridescope.drawing.board_layout import board_lines
from stridescope.model import strides
from support import strides_cases
from support.cached import generated
from support.strides_cases import cases, float_texts, golf, readings, writes_exponents_early

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

ROOT = Path(__file__).parents[3]
COUNT = 2_000
ROUNDS = 20
MODEL = sorted(Path(strides.__file__).parent.glob("*.py"))
NODE = shutil.which("node")


def made_up(strategy: SearchStrategy[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let hypothesis make up `COUNT` cases, the same ones each time, because rounds are seeded."""
    found: dict[str, dict[str, Any]] = {}
    for number in range(ROUNDS):
        seed(number)(collecting(strategy, found))()
        if len(found) >= COUNT:
            return list(found.values())
    message = f"{ROUNDS} rounds made {len(found)} different cases, not {COUNT}"
    raise AssertionError(message)


def collecting(
    strategy: SearchStrategy[dict[str, Any]], found: dict[str, dict[str, Any]]
) -> Callable[[], None]:
    """Return a round of hypothesis that adds the cases it makes up to `found`."""

    @settings(
        max_examples=COUNT // 2,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: dict[str, Any]) -> None:
        found[json.dumps(case)] = case

    return collect


def boards() -> list[dict[str, Any]]:
    """How boards stand in lines, for all small axes and rooms."""
    lengths = [shape for n in range(4) for shape in product((1, 2, 3, 5), repeat=n)]
    return [
        {"lengths": shape, "fit": fit, "places": board_lines(shape, fit)[1]}
        for shape, fit in product(lengths, range(1, 9))
    ]


def values() -> list[dict[str, Any]]:
    """Elements of each dtype that the browser reads, in both byte orders, with NumPy's text."""
    random = np.random.default_rng(7)
    kinds = ["?", *(f"{k}{n}" for k in "iu" for n in (1, 2, 4, 8)), "f2", "f4", "f8", "c8", "c16"]
    found = []
    for kind in (np.dtype(order + k) for k in kinds for order in "<>"):
        bits = random.integers(0, 256, 60 * kind.itemsize, dtype=np.uint8)
        for one in bits.view(kind):
            text = str(one).strip("()") if kind.kind == "c" else str(one)
            dtype = {"kind": kind.kind, "itemsize": kind.itemsize, "little": kind.str[0] != ">"}
            raw = np.array(one, kind).tobytes().hex()
            found.append({"dtype": dtype, "hex": raw, "text": text})
    return found


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_the_modules_agree_with_numpy(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    asked = {
        **generated(
            "strides-cases",
            lambda: {"cases": made_up(cases()), "readings": made_up(readings())},
            files=[Path(__file__), Path(strides_cases.__file__), *MODEL],
            packages=["hypothesis", "numpy"],
        ),
        "golf": golf(),
        "boards": boards(),
        # Where NumPy before 2.4 writes floats otherwise, there is nothing to compare with.
        "floats": float_texts() if writes_exponents_early() else [],
        "values": values() if writes_exponents_early() else [],
    }
    file.write_text(json.dumps(asked))
    tests = sorted(str(path) for path in (ROOT / "tests" / "js").glob("*.test.mjs"))
    ran = subprocess.run(
        [str(NODE), "--test", *tests],
        env={**os.environ, "CASES": str(file)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:]
    assert "# skipped 0" in ran.stdout

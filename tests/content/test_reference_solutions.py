"""Each reference solution does what its task's statement says, on awkward data, against a slow and
exact oracle in plain Python: whole numbers, fractions and bytes, without NumPy's arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from support import oracle_facts as facts
from support import oracle_numbers as numbers
from support import oracle_views as views
from support.awkward_data import TASKS, reference

pytestmark = pytest.mark.slow
ORACLES: dict[str, Callable[[dict[str, Any]], None]] = {
    "chunked-stats": numbers.mean_and_variance,
    "mini-locate": facts.locate,
    "mini-transposed": facts.transposed,
    "mini-reshaped": facts.reshaped,
    "mini-take": facts.take,
    "mini-broadcasted": facts.broadcasted,
    "mini-runs": facts.runs,
    "mini-windowed": facts.windowed,
    "standardize": numbers.standardize,
    "norm": numbers.norm,
    "random-sum": numbers.random_sum,
    "mean-image": numbers.mean_image,
    "moving-average": numbers.moving_average,
    "block-sum": numbers.block_sum,
    "correlate": numbers.correlate,
    "palette": numbers.palette,
    "fate": numbers.fate,
    "smallest-dtype": numbers.smallest_dtype,
    "float-bits": numbers.float_bits,
    "ravel": facts.ravel,
    "unravel": facts.unravel,
    "offset-of": facts.offset_of,
    "strides-of": facts.strides_of,
    "after-slice": facts.after_slice,
    "mergeable": facts.mergeable,
    "may-overlap": facts.may_overlap,
    "transpose": views.transpose,
    "diagonal": views.diagonal,
    "wide": views.wide,
    "stretch": views.stretch,
    "windows": views.windows,
    "trim": views.trim,
    "find-slice": views.find_slice,
    "view-or-copy": views.view_or_copy,
    "aliasing-bugs": views.aliasing_bugs,
}


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("task", list(ORACLES))
def test_the_reference_is_right_on_awkward_data(task: str) -> None:
    ORACLES[task](reference(task))


def test_each_task_but_the_capstone_has_an_oracle() -> None:
    tasks = {file.stem for file in TASKS.values()}
    # The capstone's own tests compare long chains of operations with NumPy.
    assert tasks - set(ORACLES) == {"your-ndarray"}
    assert set(ORACLES) <= tasks

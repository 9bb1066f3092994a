"""Views of an array whose axes merge, or do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

Order = Literal["C", "F", "A"]
View = Callable[[Any], Any]
VIEWS: list[View] = [
    lambda a: a,
    lambda a: a.T,
    lambda a: a[::-1],
    lambda a: a[..., ::2],
    lambda a: a[1:],
    lambda a: a[:, None],
    lambda a: a.swapaxes(0, -1),
    lambda a: np.broadcast_to(a, (2, *a.shape)),
]

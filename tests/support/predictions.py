"""Predictions, and answers given as the browser gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import stridescope as ss


def wider(seed: int) -> tuple[str, object, Mapping[Any, str], str]:
    a = np.zeros((3, 3 + seed))
    return f"Shape {a.shape}?", a.strides, {a.strides: "", (0, 0): "Never."}, "Eight bytes each."


def ask(question: str = "Shape (3, 3)?") -> ss.Instrument:
    return ss.predict(question, (24, 8), {(24, 8): "", (3, 1): "Bytes."}, again=wider)


def reply(
    shown: ss.Instrument, said: str | None, *, sure: bool, right: bool, seed: int = 0
) -> None:
    """Answer as the browser does, through the widget."""
    count = shown.widget.reply.get("count", 0) + 1
    answer = {"said": said, "sure": sure, "right": right, "seed": seed, "count": count}
    shown.widget.reply = {"key": shown.state["key"], "ask": shown.state["ask"], **answer}

"""What the cells of a page find when they start, and how an exercise's check gets back to it."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

WATCHED = re.compile(
    r"builtins|numpy\b.*|c?math|operator|itertools|functools|struct|random|statistics|collections"
)
"""Modules that answers use and whose names an answer may have replaced."""


class FreshStart:
    """The names of the cells, and those of the modules that they share, as they are now.

    Parameters
    ----------
    space : dict
        The namespace of the cells.
    """

    def __init__(self, space: dict[str, Any]) -> None:
        self.space = space
        self.names = dict(space)
        self.modules = set(sys.modules)
        self.shared = [
            (module.__dict__, dict(module.__dict__))
            for name, module in sys.modules.items()
            if WATCHED.fullmatch(name)
        ]
        self.settings = numpy_settings()

    def bring_back(self) -> None:
        """Forget all variables of the cells, and what they have changed in shared modules.

        Modules beside the notebook are imported again by the next cell that asks for them.
        """
        self.space.clear()
        self.space.update(self.names)
        for now, before in self.shared:
            if now is vars(builtins):  # elsewhere, a new name may be a module that was imported
                for name in now.keys() - before.keys():
                    del now[name]
            now.update(before)
        here = Path.cwd()
        for name in sys.modules.keys() - self.modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file and Path(file).resolve().parent == here:
                del sys.modules[name]
        for setting in self.settings:
            setting()


def numpy_settings() -> list[Callable[[], object]]:
    """Return what sets NumPy's error handling and printing as they are now."""
    np = sys.modules.get("numpy")
    if np is None:
        return []
    errors, printing = np.geterr(), np.get_printoptions()
    return [lambda: np.seterr(**errors), lambda: np.set_printoptions(**printing)]

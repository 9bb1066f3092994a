"""Run the races of lessons 06 and 07 as their cells run them, at full size and for longer.

The notebooks' own cells are executed, so the names of the ways and the sizes are the lesson's.
`make record` keeps the figures of each race that a lesson shows beside a recorded one.
"""

from __future__ import annotations

import ast
import gc
from typing import TYPE_CHECKING, Any

import nbformat

import stridescope as ss
from course.core.paths import ROOT

if TYPE_CHECKING:
    from stridescope.instruments.race import Race

SLUGS = ("06-measuring-speed", "07-caches-and-blas")
PARTS = ("touch", "generate", "sum")
LEFT_OUT = {"predict", "quiz", "rules"}


class Key(dict[str, Any]):
    """Stands for one recorded race: its key, and a 1 for each figure that a cell reads."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - a figure, or the mapping of figures
        return Key() if name == "seconds" else 1.0


class Recorder(dict[str, Any]):
    """Stands for the lesson's `recorded`: gives each race its key, and keeps its figures.

    Parameters
    ----------
    longer
        How many times longer than in the lesson each race is timed.

    Attributes
    ----------
    found
        The record of each race, by key: times and memory of all its ways, from one race in which
        they took turns.
    """

    def __init__(self, longer: float) -> None:
        super().__init__()
        self.longer = longer
        self.real = ss.race
        self.found: dict[str, Any] = {}

    def __missing__(self, key: str) -> Key:
        return Key(key=key)

    def race(
        self,
        functions: Any,  # noqa: ANN401 - what `ss.race` takes
        *,
        seconds: float = 2.0,
        recorded: dict[str, str] | None = None,
        caption: str | None = None,
        plot: bool = True,  # noqa: ARG002 - what is recorded has its memory
    ) -> Race:
        """Run a race, and keep it if the lesson shows a recorded one beside it."""
        made = self.real(functions, seconds=seconds * self.longer, caption=caption)
        if recorded is not None:
            key = recorded["key"]
            self.keep(key, {name: made.record[name] for name in ("seconds", "peaks")})
            print(key, made.text, sep="\n", end="\n\n", flush=True)
        return made

    def keep(self, key: str, record: dict[str, Any]) -> None:
        """Keep the record of a race; figures of one race are never mixed with another's."""
        if key in self.found:
            raise SystemExit(f"Two races of the lesson have the key {key!r}: give each its own.")
        self.found[key] = record


def run(slug: str, longer: float) -> dict[str, Any]:
    """Run a lesson's cells up to its last race; return the races by key."""
    notebook = nbformat.read(ROOT / "lessons" / f"{slug}.ipynb", as_version=4)
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda _shown: None}
    recorder = Recorder(longer)
    ss.race = recorder.race  # type: ignore[assignment]
    try:
        for source in sources(notebook):
            exec(compile(without_predictions(source), f"<{slug}>", "exec"), space)  # noqa: S102 - our own cells
            space["recorded"] = recorder
            if "parts" in space:
                parts = space.pop("parts")
                recorder.keep("C parts", {name: parts[name] for name in PARTS})
    finally:
        ss.race = recorder.real
        space.clear()
        gc.collect()
    return recorder.found


def sources(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the code cells up to the last race beside a recorded one, without the questions."""
    kept = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and not LEFT_OUT & set(cell.metadata.get("tags", ()))
    ]
    races = [k for k, source in enumerate(kept) if "ss.race(" in source and "recorded=" in source]
    return kept[: races[-1] + 1]


def without_predictions(source: str) -> str:
    """Return a cell's source if it is Python; a review of nothing is left out."""
    tree = ast.parse(source)
    kept = [node for node in tree.body if "ss.review" not in ast.unparse(node)]
    return ast.unparse(ast.Module(kept, []))

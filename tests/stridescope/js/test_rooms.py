"""Who may import whom among the JavaScript modules, as `make lint` checks it for Python."""

from __future__ import annotations

import posixpath
import re
from importlib.resources import files
from pathlib import Path

import pytest

JS = Path(str(files("stridescope").joinpath("js")))
ROOMS = ["model", "drawing", "controls", "instruments", ""]  # each may use those before it
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?\bfrom "([^"]+)";', re.MULTILINE)
GENERATED = "live_style.js"  # by the bundle


def modules() -> dict[str, list[str]]:
    """Return what each module imports, by its path in `js/`."""
    return {
        file.relative_to(JS).as_posix(): [
            posixpath.normpath(posixpath.join(file.parent.relative_to(JS).as_posix(), address))
            for address in IMPORT.findall(file.read_text(encoding="utf-8"))
        ]
        for file in sorted(JS.rglob("*.js"))
    }


def room(module: str) -> int:
    """Return the place of a module's room in `ROOMS`."""
    return ROOMS.index(posixpath.dirname(module))


def test_every_module_is_in_a_room_and_imports_what_exists() -> None:
    graph = modules()
    assert len(graph) > 50
    for module, imports in graph.items():
        assert room(module) >= 0
        assert set(imports) <= {*graph, GENERATED}, module


@pytest.mark.parametrize("name", ROOMS[:-1])
def test_no_room_uses_one_above_it(name: str) -> None:
    for module, imports in modules().items():
        if posixpath.dirname(module) == name:
            above = [other for other in imports if room(other) > room(module)]
            assert not above, f"{module} imports {above}"


def test_no_instrument_uses_another() -> None:
    for module, imports in modules().items():
        if module.startswith("instruments/"):
            assert not [other for other in imports if other.startswith("instruments/")], module


def test_no_module_imports_itself_through_others() -> None:
    graph = modules()
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for other in graph.get(module, []):
                visit(other, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())

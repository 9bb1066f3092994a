"""What a page keeps of the widgets that a notebook saved, so that they are live without a kernel.

nbclient saves the front end (`_esm`) and the style (`_css`) of a widget with each instance, under
random names. Here, each distinct one becomes a file that all pages share, and the names are
numbered: m0, m1, …
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from course.core.scripts import digest, front_end
from course.render.errors import LinkError, OutputError
from stridescope.runtime.bundle import bundle, loader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
STATE_BYTES = 60_000
REFERENCE = "IPY_MODEL_"
# Sizes and positions in JupyterLab's layout, which a page does not have.
UNUSED = {"layout", "tabbable", "tooltip"}
FETCHES = re.compile(r"""^https?:|(?:\bfrom|\bimport)\s*\(?\s*["'`](?:https?:)?//""")


@dataclass
class Widgets:
    """The widgets of one page.

    Parameters
    ----------
    names : dict
        Model id in the notebook → name in the page.
    models : dict
        Name → `{"esm": digest, "state": …, "buffers": …}`, without `esm` for a model that has no
        front end of its own and that another one refers to.
    modules : dict
        File name (`instruments-<digest>.js`) → text, each distinct front end once.
    styles : dict
        File name (`style-<digest>.css`) → text.
    """

    names: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the models as JSON."""
        return json.dumps(self.models, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def scripts(self) -> dict[str, str]:
        """Return the classic scripts that the page loads: file name → text; none without models."""
        if not self.models:
            return {}
        text = self.text()
        models = f"models-{digest(text.encode())}.js"
        return self.modules | {models: f"self.savedModels = {text};\n"}


def collect(notebook: NotebookNode, slug: str) -> Widgets:
    """Return what the page of an executed notebook keeps of its widgets.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook, with the saved state in its metadata.
    slug : str
        The lesson, for messages.

    Returns
    -------
    Widgets
        The widgets that an output shows and that have a front end, and those that they refer to.

    Raises
    ------
    OutputError
        If the state is larger than a page may have.
    LinkError
        If a front end would be fetched from the network.
    """
    saved = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    widgets = Widgets()
    for number, model in shown_models(notebook):
        if saved.get(model, {}).get("state", {}).get("_esm"):
            keep(model, saved, widgets, (slug, number))
    size = len(widgets.text().encode())
    if size > STATE_BYTES:
        message = f"its instruments have {size:,} bytes of state, more than {STATE_BYTES:,}"
        raise OutputError(slug, None, f"{message}: show fewer of them, or smaller arrays")
    return widgets


def shown_models(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """Yield cell number and model id of each widget that an output shows."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if VIEW in output.get("data", {}):
                yield number, str(output.data[VIEW].get("model_id", ""))


def keep(model: str, saved: dict[str, Any], widgets: Widgets, place: tuple[str, int]) -> None:
    """Add a model, and those that it refers to, to `widgets`."""
    if model in widgets.names or model not in saved:
        return
    name = widgets.names[model] = f"m{len(widgets.names)}"
    entry: dict[str, Any] = {}
    widgets.models[name] = entry
    state = dict(saved[model].get("state", {}))
    if module := state.get("_esm"):
        # Scripts of a page are compressed anyway.
        module = bundle() if module == loader() else module
        entry["esm"] = digest(share_module(module, widgets, place).encode())
    if style := str(state.get("_css", "")).strip():
        widgets.styles[f"style-{digest((style + chr(10)).encode())}.css"] = style + "\n"
    public = {key: value for key, value in state.items() if is_public(key)}
    entry["state"] = renamed(public, saved, widgets, place)
    if buffers := [b for b in saved[model].get("buffers", []) if is_public(b["path"][0])]:
        entry["buffers"] = [{"path": b["path"], "data": b["data"].strip()} for b in buffers]


def is_public(name: str) -> bool:
    """Return whether a front end reads this trait."""
    return not name.startswith("_") and name not in UNUSED


def share_module(module: str, widgets: Widgets, place: tuple[str, int]) -> str:
    """Add a front end to the classic scripts, since modules do not load from file://; return it."""
    name, script = front_end(module)
    if name in widgets.modules:
        return module
    if FETCHES.search(module):
        message = "a widget fetches its front end from the network, but the page must work offline"
        raise LinkError(*place, message)
    widgets.modules[name] = script
    return module


def renamed(
    value: object, saved: dict[str, Any], widgets: Widgets, place: tuple[str, int]
) -> object:
    """Return a state whose references to other models use the names in the page."""
    if isinstance(value, dict):
        return {k: renamed(v, saved, widgets, place) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, saved, widgets, place) for v in value]
    if isinstance(value, str) and value.startswith(REFERENCE):
        model = value.removeprefix(REFERENCE)
        keep(model, saved, widgets, place)
        return REFERENCE + widgets.names.get(model, model)
    return value

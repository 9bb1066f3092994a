"""What a page keeps of the widgets that a notebook saved, so that they live without a kernel.

nbclient saves the front end (`_esm`) and the style (`_css`) of a widget with each instance, under random
names. Here each distinct one becomes a file that all pages share, and the names are counted: m0, m1, …
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from course.render.errors import LinkError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
STATE_BYTES = 60_000
REFERENCE = "IPY_MODEL_"
# Sizes and places in JupyterLab's own layout, which a page does not have.
UNUSED = {"layout", "tabbable", "tooltip"}
FETCHES = re.compile(r"""^https?:|(?:\bfrom|\bimport)\s*\(?\s*["'`](?:https?:)?//""")


@dataclass
class Widgets:
    """The widgets of one page.

    Parameters
    ----------
    names : dict
        Model id in the notebook to name in the page.
    models : dict
        Name to `{"esm": digest, "state": …, "buffers": …}`; without `esm` if it has no front end of
        its own and another one refers to it.
    modules : dict
        File name (`instruments-<digest>.js`) to text, each distinct front end once.
    styles : dict
        File name (`style-<digest>.css`) to text.
    """

    names: dict[str, str] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the models as JSON."""
        return json.dumps(self.models, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    def scripts(self) -> dict[str, str]:
        """Return the classic scripts that the page loads: file name to text; none without models."""
        if not self.models:
            return {}
        text = self.text()
        return self.modules | {f"models-{digest(text)}.js": f"self.savedModels = {text};\n"}


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
        Those that an output shows and that have a front end, and those they refer to.

    Raises
    ------
    OutputError
        If the state is larger than a page may carry.
    LinkError
        If a front end would be fetched from the network.
    """
    saved = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    kept = Widgets()
    for number, model in shown_models(notebook):
        if saved.get(model, {}).get("state", {}).get("_esm"):
            keep(model, saved, kept, (slug, number))
    size = len(kept.text().encode())
    if size > STATE_BYTES:
        message = f"its instruments keep {size:,} bytes of state, more than {STATE_BYTES:,}"
        raise OutputError(slug, None, f"{message}: show fewer of them, or smaller arrays")
    return kept


def shown_models(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    """Yield number of cell and model id of each widget that an output shows."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            if VIEW in output.get("data", {}):
                yield number, str(output.data[VIEW].get("model_id", ""))


def keep(model: str, saved: dict[str, Any], kept: Widgets, place: tuple[str, int]) -> None:
    """Put a model, and those it refers to, into `kept`."""
    if model in kept.names or model not in saved:
        return
    name = kept.names[model] = f"m{len(kept.names)}"
    entry: dict[str, Any] = {}
    kept.models[name] = entry
    state = dict(saved[model].get("state", {}))
    if module := state.get("_esm"):
        entry["esm"] = digest(share_module(module, kept, place))
    if style := str(state.get("_css", "")).strip():
        kept.styles[f"style-{digest(style + chr(10))}.css"] = style + "\n"
    public = {key: value for key, value in state.items() if is_public(key)}
    entry["state"] = renamed(public, saved, kept, place)
    if buffers := [b for b in saved[model].get("buffers", []) if is_public(b["path"][0])]:
        entry["buffers"] = [{"path": b["path"], "data": b["data"].strip()} for b in buffers]


def is_public(name: str) -> bool:
    """Tell whether a trait is one that a front end reads."""
    return not name.startswith("_") and name not in UNUSED


def share_module(module: str, kept: Widgets, place: tuple[str, int]) -> str:
    """Put a front end into a classic script, since modules do not load from file://; return it.

    It is compressed: a folder on a disk has no server that would do it on the way.
    """
    key = digest(module)
    if (name := f"instruments-{key}.js") in kept.modules:
        return module
    if FETCHES.search(module):
        message = "a widget fetches its front end from the network: the page must work offline"
        raise LinkError(*place, message)
    kept.modules[name] = f'(self.frontEnds ??= {{}})["{key}"] = "{dense(module)}";\n'
    return module


@cache
def dense(module: str) -> str:
    """Return a front end compressed, in base 85 (RFC 1924): 6 % shorter than base 64."""
    return base64.b85encode(squeezed(module)).decode()


def packed(text: str) -> str:
    """Return a text compressed, in base 64, which a browser reads by itself."""
    return base64.b64encode(squeezed(text)).decode()


def squeezed(text: str) -> bytes:
    """Return a text in zlib's format."""
    squeeze = zlib.compressobj(level=9, memLevel=9)
    return squeeze.compress(text.encode()) + squeeze.flush()


def renamed(value: object, saved: dict[str, Any], kept: Widgets, place: tuple[str, int]) -> object:
    """Return a state in which references to other models bear the page's names."""
    if isinstance(value, dict):
        return {k: renamed(v, saved, kept, place) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, saved, kept, place) for v in value]
    if isinstance(value, str) and value.startswith(REFERENCE):
        model = value.removeprefix(REFERENCE)
        keep(model, saved, kept, place)
        return REFERENCE + kept.names.get(model, model)
    return value


def digest(text: str) -> str:
    """Return the digest by which a shared file is known."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]

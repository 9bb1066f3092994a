"""An instrument is live only where something can show it."""

from __future__ import annotations

import builtins
import sys
import types
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import stridescope as ss
from stridescope.runtime.instrument import is_live
from stridescope.runtime.widget import VIEW
from support.patience import patience


def question() -> ss.Instrument:
    return ss.predict("One?", 1, {1: "", 2: "Two."})


class Shell:
    """ipykernel's shell has the request that runs the cell; Colab's shell is derived from it."""

    def __init__(self, **metadata: object) -> None:
        self.parent_header = {"header": {}, "metadata": metadata}


class LiteKernel:
    """The kernel of JupyterLite: it knows the request, once there is one."""

    _parent_header: dict[str, Any]

    def get_parent(self) -> dict[str, Any]:
        return self._parent_header


class LiteShell:
    """The shell of JupyterLite: its kernel returns the request, from an attribute that the worker
    sets before a cell runs (`pyodide_kernel/kernel.py`, and `setup` in `worker.ts`)."""

    def __init__(self, **metadata: object) -> None:
        self.kernel = LiteKernel()
        request = {"header": {}, "content": {}, "metadata": metadata}
        vars(self.kernel)["_parent_header"] = request


def in_ipython(monkeypatch: pytest.MonkeyPatch, shell: object) -> None:
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "shell", "expected"),
    [
        ("1", None, True),
        ("0", Shell(cellId="a"), False),
        ("", Shell(cellId="a"), True),
        ("", Shell(colab={"cell_id": "a", "base_url": "https://colab.example"}), True),
        ("", LiteShell(cellId="a", trusted=True), True),
        ("", Shell(), False),
        ("", Shell(colab=None), False),
        ("", LiteShell(), False),
        ("", None, False),
        ("", object(), False),
        ("", types.SimpleNamespace(kernel=None), False),
        ("", types.SimpleNamespace(kernel=LiteKernel()), False),
        ("", types.SimpleNamespace(parent_header={}), False),
    ],
    ids=[
        "told",
        "forbidden",
        "JupyterLab",
        "Colab",
        "JupyterLite",
        "nbclient",
        "Colab without a cell",
        "JupyterLite without a cell",
        "plain Python",
        "terminal",
        "no kernel",
        "JupyterLite before the first cell",
        "an empty request",
    ],
)
def test_it_is_live_where_a_front_end_mounts_widgets(
    monkeypatch: pytest.MonkeyPatch, setting: str, shell: object, *, expected: bool
) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", setting)
    in_ipython(monkeypatch, shell)
    assert is_live() is expected


def test_a_live_output_keeps_picture_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", "0")
    shown = question()
    still = shown._repr_mimebundle_()
    monkeypatch.setenv("STRIDESCOPE_LIVE", "1")
    live = shown._repr_mimebundle_()
    assert live.keys() - still.keys() == {VIEW}
    assert {kind: live[kind] for kind in still} == still
    assert live[VIEW] == shown._repr_mimebundle_()[VIEW], "one widget for one instrument"


def test_without_anywidget_there_is_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", "1")
    monkeypatch.delitem(sys.modules, "stridescope.runtime.widget")
    monkeypatch.delitem(sys.modules, "anywidget", raising=False)
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:  # noqa: ANN401 - the signature of __import__
        if name == "anywidget":
            raise ModuleNotFoundError(name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert set(question()._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_an_instrument_without_a_live_form_stays_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", "1")
    assert set(ss.Instrument("<p>x</p>", "x")._repr_mimebundle_()) == {"text/html", "text/plain"}


@pytest.mark.sample("1")
@pytest.mark.slow
@pytest.mark.parametrize("setting", ["", "1"])
def test_a_stock_export_gets_the_picture_and_our_site_the_widget(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", setting)
    source = "import stridescope as ss\nss.predict('One?', 1, {1: '', 2: ''})"
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=round(patience(15))).execute()
    (output,) = notebook.cells[0].outputs
    assert set(output.data) == {"text/html", "text/plain"} | ({VIEW} if setting else set())
    assert bool(notebook.metadata.get("widgets")) is bool(setting)

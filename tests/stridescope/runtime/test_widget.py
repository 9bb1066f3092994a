"""The live form: one front end for all instruments, mounted only where something can show it."""

from __future__ import annotations

import base64
import builtins
import json
import re
import subprocess
import sys
import types
import zlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import stridescope as ss
from stridescope.runtime import bundle as bundling
from stridescope.runtime.bundle import bundle
from stridescope.runtime.instrument import is_live
from stridescope.runtime.styles import style
from stridescope.runtime.widget import VIEW

JS = Path(str(files("stridescope").joinpath("js")))


def question() -> ss.Instrument:
    return ss.predict("One?", 1, {1: "", 2: "Two."})


# The front end as one text --------------------------------------------------------------------------


def node(module: str) -> str:
    """Run an ES module and return what it prints."""
    done = subprocess.run(
        ["node", "--input-type=module", "-"],
        input=module,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_front_end_is_one_module_with_one_export() -> None:
    front_end = bundle()
    code = "data:text/javascript;base64,"
    text = json.dumps(front_end)
    said = node(
        f"const text = {text};\n"
        f"const m = await import('{code}' + Buffer.from(text).toString('base64'));\n"
        "console.log(Object.keys(m), Object.keys(m.default), typeof m.default.render);"
    )
    assert said.strip() == "[ 'default' ] [ 'render' ] function"


def test_the_front_end_is_small_and_holds_no_comment_and_no_import() -> None:
    packed = base64.b64encode(zlib.compress(bundle().encode(), 9))
    assert len(packed) <= 90_000, "as a page carries it"
    assert not re.search(
        r"^\s*(?:import|export(?! default \{ render \};$)|//|/\*)", bundle(), re.MULTILINE
    )


def test_every_file_of_the_front_end_is_in_it_once() -> None:
    for file in JS.rglob("*.js"):
        names = re.findall(r"^export (?:async )?function (\w+)", file.read_text(), re.MULTILINE)
        for name in names:
            assert (
                len(re.findall(rf"^(?:async )?function {name}\(", bundle(), re.MULTILINE)) == 1
            ), name


def test_the_front_end_neither_evaluates_text_nor_asks_the_network() -> None:
    for word in ("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "fetch("):
        assert word not in bundle(), word
    assert re.findall(r"https?://[^\s\"']+", bundle()) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("export const one = 1;", "both declare 'one'"),
        ("export default 1;", "cannot be joined"),
        ('import * as x from "./b.js";', "cannot be joined"),
        ('export { one } from "./b.js";', "cannot be joined"),
    ],
)
def test_what_cannot_be_joined_is_refused(
    monkeypatch: pytest.MonkeyPatch, file: str, message: str
) -> None:
    sources = {"index.js": 'import { one } from "./a.js";\nconst one = 2;\n', "a.js": file}
    monkeypatch.setattr(bundling, "read", sources.__getitem__)
    with pytest.raises(ValueError, match=message):
        bundle.__wrapped__()


# Where it is shown ----------------------------------------------------------------------------------


class Shell:
    """What IPython gives a cell that runs."""

    def __init__(self, **metadata: str) -> None:
        self.parent_header = {"header": {}, "metadata": metadata}


def in_ipython(monkeypatch: pytest.MonkeyPatch, shell: object) -> None:
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("setting", "shell", "expected"),
    [
        ("1", None, True),
        ("0", Shell(cellId="a"), False),
        ("", Shell(cellId="a"), True),
        ("", Shell(), False),
        ("", None, False),
        ("", object(), False),
    ],
    ids=["told", "forbidden", "JupyterLab", "nbclient", "plain Python", "terminal"],
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


@pytest.mark.slow
@pytest.mark.parametrize("setting", ["", "1"])
def test_a_stock_export_gets_the_picture_and_our_site_the_widget(
    monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    monkeypatch.setenv("STRIDESCOPE_LIVE", setting)
    source = "import stridescope as ss\nss.predict('One?', 1, {1: '', 2: ''})"
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60).execute()
    (output,) = notebook.cells[0].outputs
    assert set(output.data) == {"text/html", "text/plain"} | ({VIEW} if setting else set())
    assert bool(notebook.metadata.get("widgets")) is bool(setting)


# The widget -----------------------------------------------------------------------------------------


def test_all_instruments_share_one_front_end_and_one_style() -> None:
    one, two = question().widget.get_state(), question().widget.get_state()
    assert one["_esm"] == two["_esm"] == bundle()
    assert one["_css"] == two["_css"] == style(live=True) + "\n"
    assert (one["kind"], one["state"]["ask"]) == ("predict", "One?")


def test_a_reply_comes_back_to_the_kernel() -> None:
    heard: list[object] = []
    shown = ss.Instrument("", "", "predict", {"ask": "One?"}, b"\x01", on_reply=heard.append)
    assert shown.widget.data == b"\x01"
    shown.widget.reply = {"said": "1"}
    assert heard == [{"said": "1"}]

"""The front end is joined into one text that the browser runs."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import zlib
from importlib.resources import files
from pathlib import Path

import pytest

from stridescope.runtime import bundle as bundling
from stridescope.runtime.bundle import bundle, joined
from stridescope.runtime.styles import live_style

JS = Path(str(files("stridescope").joinpath("js")))


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
    assert len(packed) <= 100_000, "as a page carries it"
    assert not re.search(
        r"^\s*(?:import|export(?! default \{ render \};$)|//|/\*)", bundle(), re.MULTILINE
    )


@pytest.mark.slow
def test_every_file_of_the_front_end_is_in_it_once() -> None:
    for file in JS.rglob("*.js"):
        names = re.findall(r"^export (?:async )?function (\w+)", file.read_text(), re.MULTILINE)
        for name in names:
            assert len(re.findall(rf"\bfunction {name}\(", bundle())) == 1, name


@pytest.mark.slow
def test_joining_changes_nothing_in_the_syntax_tree() -> None:
    modules = joined(bundling.read, "index.js") + "\nexport default { render };\n"
    script = """
    const { parse } = require("internal/deps/acorn/acorn/dist/acorn");
    const texts = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const plain = (key, value) =>
      key === "start" || key === "end" ? undefined
      : typeof value === "bigint" ? String(value) : value;
    const trees = texts.map((text) =>
      JSON.stringify(parse(text, { ecmaVersion: "latest", sourceType: "module" }), plain));
    console.log(trees[0] === trees[1], trees[0].length);
    """
    # node's own parser
    done = subprocess.run(
        ["node", "--expose-internals", "--eval", script],
        input=json.dumps([modules, bundle()]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    same, size = done.stdout.split()
    assert same == "true"
    assert int(size) > 1_000_000


def test_the_front_end_brings_the_style_of_the_live_forms() -> None:
    assert f"const LIVE_STYLE={json.dumps(live_style(), ensure_ascii=False)};" in bundle()


def test_the_front_end_neither_evaluates_text_nor_asks_the_network() -> None:
    for word in ("eval(", "new Function", "innerHTML", "outerHTML", "insertAdjacentHTML", "fetch("):
        assert word not in bundle(), word
    assert re.findall(r"https?://[^\s\"']+", bundle()) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("export const one = 1;", "both declare 'one'"),
        ("export default 1;", "cannot join this form"),
        ('import * as x from "./b.js";', "cannot join this form"),
        ('export { one } from "./b.js";', "cannot join this form"),
        ("export const two = 2; // a comment", "cannot shorten this line"),
        ("export const two = `one\ntwo`;", "cannot shorten this line"),
    ],
)
def test_what_cannot_be_joined_is_refused(
    monkeypatch: pytest.MonkeyPatch, file: str, message: str
) -> None:
    sources = {"index.js": 'import { one } from "./a.js";\nconst one = 2;\n', "a.js": file}
    monkeypatch.setattr(bundling, "read", sources.__getitem__)
    with pytest.raises(ValueError, match=message):
        bundle.__wrapped__()

"""The kernel of a page runs in any Python: what it tells the page is checked here."""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import pytest
from matplotlib import image

import stridescope as ss
from course.core.paths import ROOT
from course.live.cell_errors import hint_for_module
from course.live.kernel import BOXES, RICH_LIMIT, TEXT_LIMIT, Kernel
from course.live.stand_ins import Lent, lend_matplotlib, take_back


class Page:
    """Takes what a kernel tells."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.kernel = Kernel(self.messages.append)

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell and forget what the one before has shown."""
        self.messages.clear()
        return self.kernel.run(source, "cell 1")

    def text(self) -> str:
        """Return all text of the last cell."""
        return "".join(
            said["text"] if said["type"] == "stream" else said["data"]["text/plain"]
            for said in self.messages
        )


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", "2"),
        ("x = 1", ""),
        ("x = 1; x;", ""),
        ("None", ""),
        ("print('a')\n'b'", "a\n'b'"),
        ("display(1, 'b')", "1'b'"),
        ("for k in range(3): print(k)", "0\n1\n2\n"),
        ("'100%'\n", "'100%'"),
        ("", ""),
    ],
)
def test_a_cell_shows_what_it_prints_and_its_last_value(
    page: Page, source: str, shown: str
) -> None:
    assert page.run(source)["error"] is None
    assert page.text() == shown


def test_variables_and_underscore_live_from_cell_to_cell(page: Page) -> None:
    page.run("x = 20\nx")
    page.run("_ + x + __name__.count('main')")
    assert page.text() == "41"


def test_streams_stay_in_order(page: Page) -> None:
    page.run("import sys\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)\n4")
    said = [(m.get("name"), m.get("text")) for m in page.messages[:3]]
    assert said == [("stdout", "1\n"), ("stderr", "2\n"), ("stdout", "3\n")]
    assert page.messages[3]["type"] == "display"


def test_a_value_is_shown_in_all_its_forms(page: Page) -> None:
    page.run(
        "class Rich:\n"
        "    def _repr_html_(self): return '<b>x</b>'\n"
        "    def _repr_png_(self): return b'png'\n"
        "    def _repr_svg_(self): return None\n"
        "    def __repr__(self): return 'rich'\n"
        "Rich()"
    )
    assert page.messages[0]["data"] == {
        "text/html": "<b>x</b>",
        "image/png": "cG5n",
        "text/plain": "rich",
    }


def test_only_what_a_page_shows_is_taken_from_a_bundle(page: Page) -> None:
    page.run(
        "class Bundle:\n"
        "    def _repr_mimebundle_(self):\n"
        "        forms = {'image/png': b'png', 'text/plain': 5, 'model': {}, 'text/x': {}}\n"
        "        return forms, {}\n"
        "Bundle()"
    )
    assert page.messages[0]["data"] == {"image/png": "cG5n", "text/plain": "5"}


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("x = []\nfor _ in range(100_000): x = [x]\nx", "<a list nested more than 500 levels"),
        ("x = {}\nfor _ in range(100_000): x = {1: (x,)}\nx", "<a dict nested more than 500"),
        ("x = []\nfor _ in range(400): x = [x]\nx", "[" * 401),
        ("x = []\nfor _ in range(100): x = [x] * 2\nlen(x), 0", "(2, 0)"),
        ("x = []\nx.append(x)\nx", "[[...]]"),
        ("x = [[k] for k in range(9)]\nx", "[[0], [1],"),
    ],
)
def test_a_value_that_is_too_deep_for_a_browser_is_not_shown(
    page: Page, source: str, shown: str
) -> None:
    assert page.run(source)["error"] is None
    assert page.text().startswith(shown)


def test_an_instrument_comes_with_what_draws_it_and_gets_the_answer(page: Page) -> None:
    instrument = ss.layout(np.arange(4, dtype=np.int16))
    answers: list[object] = []
    instrument.on_reply = answers.append
    page.kernel.space["it"] = instrument
    page.run("it")
    model = page.messages[0]["data"]["model"]
    assert model["kind"] == "layout"
    assert model["state"] == instrument.state
    page.kernel.reply(model["key"], '{"choice": 1}')
    page.kernel.reply("unknown", "{}")
    assert answers == [{"choice": 1}]


def test_an_error_has_its_line_and_no_frame_of_ours(page: Page) -> None:
    error = page.run("def f():\n    return 1 / 0\nf()")["error"]
    assert (error["name"], error["value"], error["hint"]) == (
        "ZeroDivisionError",
        "division by zero",
        "",
    )
    assert 'File "<cell 1>", line 3' in error["trace"]
    assert "return 1 / 0" in error["trace"]
    assert "kernel.py" not in error["trace"]


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        ("x = (", "SyntaxError", "'(' was never closed, in the line `x = (`"),
        ("f = '`", "SyntaxError", "unterminated string literal, in the line “f = '`”"),
        ("x = [\n1,\n)", "SyntaxError", "opening parenthesis '[' in `x = [`, in the line `)`"),
        ('x = """a\nb', "SyntaxError", 'string literal, in the line `x = """a`'),
        ("if x:\ny = 1", "IndentationError", "'if' statement in `if x:`, in the line `y = 1`"),
        (f"x = = {'1' * 100}", "SyntaxError", f"`x = = {'1' * 74} …`"),
        ("raise SyntaxError('mine')", "SyntaxError", "mine"),
        ("{}['k']", "KeyError", "'k'"),
        ("class E(Exception):\n def __str__(self): 1/0\nraise E", "E", "cannot be shown"),
        ("input('?')", "RuntimeError", "cannot ask you anything in a page"),
        ("!ls", "NeedsComputerError", "`!ls` belongs to Jupyter"),
        ("%matplotlib inline", "NeedsComputerError", "`%matplotlib` belongs to Jupyter"),
        ("print?", "NeedsComputerError", "belongs to Jupyter"),
    ],
)
def test_errors_say_what_happened(page: Page, source: str, name: str, said: str) -> None:
    error = page.run(source)["error"]
    assert error["name"] == name
    assert said in error["value"]


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("import no_such_module.part", "This page has no no_such_module."),
        ("raise MemoryError", "A page has little memory"),
        ("raise SystemExit", "ended only the cell"),
        ('raise RuntimeError("can\'t start new thread")', "A page has one thread"),
        ("raise ConnectionError", "no network"),
        ("raise OSError('emscripten does not support processes.')", "starts no other program"),
        ("raise OSError('disk')", ""),
        ("import os.nothing", ""),
    ],
)
def test_a_hint_says_what_a_page_lacks(page: Page, source: str, hint: str) -> None:
    said = page.run(source)["error"]["hint"]
    assert hint in said
    assert bool(hint) == bool(said)


def test_a_warning_has_its_line_and_no_path(page: Page) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        for _ in range(2):  # a cell that runs again warns again
            page.run("import warnings\nwarnings.warn('careful')")
    assert page.text() == "line 2: UserWarning: careful\n  warnings.warn('careful')\n"


def test_output_is_cut_and_the_rest_counted(page: Page) -> None:
    result = page.run(f"for _ in range(10): print('x' * {TEXT_LIMIT // 4 - 1})")
    assert len(page.text()) == TEXT_LIMIT
    assert result["dropped"] == TEXT_LIMIT // 4 * 10 - TEXT_LIMIT
    assert len(page.messages) <= 10


def test_a_picture_that_is_too_large_gives_way_to_its_text(page: Page) -> None:
    result = page.run(
        f"class Big:\n def _repr_html_(self): return 'x' * {RICH_LIMIT + 1}\n"
        " def __repr__(self): return 'big'\nBig()"
    )
    assert page.messages[0]["data"] == {"text/plain": "big"}
    assert result["dropped"] == RICH_LIMIT + 1


@pytest.fixture
def lent(page: Page, monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page without Matplotlib."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("course.live.stand_ins.importlib.util.find_spec", lambda _name: None)
    lend_matplotlib()
    return page


PICTURES = {kind: str(ROOT / "img" / f"lighthouse.{kind}") for kind in ("png", "jpg")}


@pytest.mark.parametrize("module", ["image", "pyplot"])
def test_imread_reads_pictures_where_matplotlib_is_not_installed(lent: Page, module: str) -> None:
    lent.kernel.space["files"] = PICTURES
    source = (
        f"from matplotlib.{module} import imread\nfound = {{k: imread(files[k]) for k in files}}"
    )
    assert lent.run(source)["error"] is None
    for kind, file in PICTURES.items():
        expected, pixels = image.imread(file), lent.kernel.space["found"][kind]
        np.testing.assert_allclose(pixels, expected, atol=1e-6)
        assert pixels.dtype == expected.dtype


@pytest.mark.parametrize(
    "source",
    [
        "plt.plot([1, 2])",
        "matplotlib.use('agg')",
        "import matplotlib.colors",
        "from matplotlib import cm",
        "from matplotlib.pyplot import figure",
    ],
)
def test_only_a_cell_that_plots_lacks_matplotlib(lent: Page, source: str) -> None:
    imports = (
        "import matplotlib\nimport matplotlib.pyplot as plt\nfrom matplotlib import pyplot\nplt"
    )
    assert lent.run(imports)["error"] is None
    error = lent.run(source)["error"]
    assert (error["missing"], error["name"]) == ("matplotlib", "ModuleNotFoundError")
    assert "This page has no matplotlib." in error["hint"]


def test_what_was_lent_makes_way_for_matplotlib_itself(lent: Page) -> None:
    take_back()
    assert not [name for name, module in sys.modules.items() if isinstance(module, Lent)]
    assert lent.run("import os")["error"] is None


def test_the_unknown_name_of_a_name_error_is_told(page: Page) -> None:
    assert page.run("image.sum()")["error"]["unknown"] == "image"
    assert page.run("1 / 0")["error"]["unknown"] == ""


def test_timeit_works_as_a_magic_of_line_and_cell(page: Page) -> None:
    page.run("t = %timeit -n 1 -r 2 -q -o sum([1])\nprint(t.repeat, t.loops, t.best <= t.worst)")
    assert page.text() == "2 1 True\n"
    page.run("x = [1]\n%timeit -n 3 -r 1 sum(x)")
    assert page.text().endswith("per loop (mean of 1 runs, 3 loops each)\n")
    page.run("%%timeit -n 1 -r 1\ny = 3\nz = y")
    assert "per loop" in page.text()


def test_a_module_that_pages_leave_out_is_said_to_need_what_they_lack() -> None:
    assert hint_for_module("smtplib").endswith("it needs other processes, or a network.")
    assert hint_for_module("requests").endswith("and no network.")


@pytest.mark.parametrize(
    "source",
    [
        "x = (1\n    % 3\ny = x",
        'def f():\n    """\n    really?\n    """\n    return (1',
    ],
)
def test_broken_code_with_a_line_like_a_magic_is_a_syntax_error(page: Page, source: str) -> None:
    assert page.run(source)["error"]["name"] == "SyntaxError"


def test_a_magic_in_a_block_is_still_named(page: Page) -> None:
    assert page.run("if True:\n    !ls")["error"]["value"].startswith("`!ls` belongs to Jupyter.")


@pytest.mark.parametrize(
    "source",
    [
        "{}['x' * 5_000_000]",
        "class Mute:\n    def __repr__(self): raise OSError\n{}[Mute()]",
        "raise ModuleNotFoundError(name=5)",
    ],
)
def test_the_text_of_any_error_is_short_and_ends_no_kernel(page: Page, source: str) -> None:
    error = page.run(source)["error"]
    assert len(error["value"]) <= 20_000
    assert len(error["trace"]) <= 20_000
    assert error["name"] in {"KeyError", "ModuleNotFoundError"}


@pytest.mark.parametrize(
    "source",
    [
        "for _ in range(60_000): display('')",
        "import sys\nfor _ in range(15_000): print('a'); print('b', file=sys.stderr)",
    ],
)
def test_a_page_gets_no_more_boxes_than_it_can_show(page: Page, source: str) -> None:
    result = page.run(source)
    assert len(page.messages) <= 2 * BOXES
    assert result["dropped"]

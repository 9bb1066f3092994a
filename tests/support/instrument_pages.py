"""Pages with one or more instruments, made as the site makes them: real widget state, real host."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from ipywidgets import Widget
from nbformat import NotebookNode

from course.render.course_map import CourseMap, Lesson
from course.render.widgets import STATE
from stridescope.runtime.bundle import read
from stridescope.runtime.styles import style_tag
from stridescope.runtime.widget import view
from support.quick_renderer import QuickRenderer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Page

    import stridescope as ss

# nbformat is not annotated.
V4: Any = nbformat.v4
WEB = Path(__file__).parents[2] / "web"
SLUG = "02-instruments"
PAGE = f"lessons/{SLUG}.html"
COURSE = CourseMap(
    "Inside the ndarray",
    "How it works",
    (Lesson(SLUG, "02", "Instruments", "To be tried.", 5, (), (), ready=True),),
)
SETUP = """import numpy as np
import stridescope as ss
a = np.arange(1, 13, dtype=np.int16).reshape(3, 4)
"""
# One call for each kind of instrument that has a live form.
CALLS = {
    "layout": "ss.layout(a)",
    "relate": "ss.relate(a=a, turned=a.T)",
    "workbench": "ss.workbench(a, shape=(4, 3), strides=(2, 8))",
    "why": "ss.why(a, slice(1, None), [0, 2])",
    "why_reshape": "ss.why_reshape(a.T, (3, 4))",
    "broadcast": "ss.broadcast(a, np.ones(4))",
    "wheel": 'ss.wheel("int8")',
    "bits": 'ss.bits("float32", 0.1)',
    "traverse": "ss.traverse(a)",
    "windows": "ss.windows(np.arange(36).reshape(6, 6), np.ones((3, 3), int))",
    "temporaries": 'ss.temporaries("np.sqrt(np.sum(a**2))", a=a)',
    "predict": 'ss.predict("What is `a.strides`?", a.strides, {(8, 2): "", (4, 1): "Bytes."})',
    "review": "ss.review()",
    "before_after": 'ss.before_after({"one": ("a", "b")})',
}
READY = "document.documentElement.dataset.instruments === 'ready'"


def kinds() -> list[str]:
    """Return the kinds that the front end knows, as `js/index.js` lists them."""
    source = read("index.js")
    table = re.search(r"const KINDS = \{(.*?)\};", source, re.DOTALL)
    assert table is not None
    return re.findall(r"^\s*(\w+)\s*:", table[1].replace(",", "\n"), re.MULTILINE)


def plain_notebook() -> NotebookNode:
    """Return a notebook, not yet run, with one cell for each kind that the front end knows."""
    cells = [V4.new_markdown_cell("# Instruments"), V4.new_code_cell(SETUP)]
    cells += [V4.new_code_cell(CALLS[kind]) for kind in kinds()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook: NotebookNode = V4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def notebook_of(instruments: Sequence[ss.Instrument]) -> NotebookNode:
    """Return an executed notebook that shows each instrument in a cell of its own.

    After a prediction comes a cell with its answer, which the page covers.
    """
    cells = [V4.new_markdown_cell("# Instruments")]
    for number, shown in enumerate(instruments):
        tags = ["predict"] if shown.kind == "predict" else []
        made = V4.new_output("stream", name="stdout", text=f"answer {number}\n")
        cells.append(
            V4.new_code_cell(f"show({number})", metadata={"tags": tags}, outputs=[output(shown)])
        )
        if tags:
            cells.append(V4.new_code_cell(f"print({number})", outputs=[made]))
    live = [shown.widget for shown in instruments if shown.kind]
    metadata = {"widgets": {STATE: Widget.get_manager_state(widgets=live)}}
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    notebook: NotebookNode = V4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def output(shown: ss.Instrument) -> NotebookNode:
    """Return what a live front end gets: the static form, the words, and the widget."""
    data = {"text/html": style_tag() + shown.html, "text/plain": shown.text}
    made: NotebookNode = V4.new_output(
        "display_data", data=data | (view(shown.widget) if shown.kind else {})
    )
    return made


def write_page(root: Path, instruments: Sequence[ss.Instrument]) -> str:
    """Write a site whose one lesson shows `instruments`; return the page's path in it."""
    return write_notebook(root, notebook_of(instruments))


def write_notebook(root: Path, notebook: NotebookNode) -> str:
    """Write a site whose one lesson is `notebook`; return the page's path in it."""
    renderer = QuickRenderer(COURSE, WEB)
    files = {
        PAGE: renderer.lesson(notebook, SLUG).encode(),
        "index.html": renderer.index().encode(),
    }
    files |= {f"static/{name}": data for name, data in renderer.assets().items()}
    files[f"lessons/{SLUG}.ipynb"] = nbformat.writes(notebook).encode()
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return PAGE


@dataclass
class Show:
    """Opens pages of instruments: `show(ss.layout(a), width=390, scheme="dark")`.

    The page opens from disk in a fresh profile, with every foreign request refused; it is returned
    when the instruments live. What the test leaves in `visitor.foreign` or `visitor.troubles` fails
    it.

    Parameters
    ----------
    root : Path
        An empty folder for the sites.
    open_page : callable
        (folder, path, width, scheme, scripts=…, **of the browser's context) → page.
    """

    root: Path
    open_page: Callable[..., Page]
    made: list[Path] = field(default_factory=list)

    def __call__(
        self,
        *instruments: ss.Instrument,
        width: int = 1280,
        scheme: str = "light",
        scripts: bool = True,
        fragment: str = "",
        **context: Any,  # noqa: ANN401 - options of Browser.new_context
    ) -> Page:
        """Write a page of these instruments, open it and wait until they live.

        Parameters
        ----------
        fragment : str
            What stands behind `#` in the address.
        **context
            Options of playwright's `Browser.new_context`: `reduced_motion="reduce"`,
            `has_touch=True`, `permissions=["clipboard-read", "clipboard-write"]`.
        """
        folder = self.root / f"site-{len(self.made)}"
        self.made.append(folder)
        path = write_page(folder, instruments) + (f"#{fragment}" if fragment else "")
        page = self.open_page(folder, path, width, scheme, scripts=scripts, **context)
        if scripts:
            page.wait_for_function(READY)
        return page

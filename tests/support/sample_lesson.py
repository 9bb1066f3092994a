"""A lesson with every kind of cell a page can hold, its outputs written by hand: no kernel
needed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import nbformat
from nbformat import NotebookNode

if TYPE_CHECKING:
    from pathlib import Path

# nbformat is not annotated.
V4: Any = nbformat.v4
SLUG = "02-memory-layout-and-strides"
NEXT = "03-order-and-reshape"
# One transparent pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5E"
    "rkJggg=="
)
STYLE = "<style>.ss { margin: 16px 0 } .ss-predict summary { padding: 8px }</style>"
FIGURE = (
    '<figure class="ss"><svg role="img" width="132" height="32"><title>Three cells: 1, 2, 3</title>'
    '<path d="M.5 .5h131v31H.5zM44.5 0v32M88.5 0v32" fill="none" stroke="currentColor"/></svg>'
    "</figure>"
)
WIDE = '<svg role="img" width="353" height="8"><title>A strip of 32 bytes</title></svg>'
PREDICTION = (
    '<section class="ss ss-predict" aria-label="Prediction"><p>What is <code>a.strides</code>?</p>'
    "<details><summary>(24, 8)</summary><p>✓ Yes. Bytes, for rows and columns.</p></details>"
    "<details><summary>(3, 1)</summary><p>Not yet. Strides are counted in bytes.</p></details>"
    '<details class="ss-show"><summary>Show me</summary><p>(24, 8)</p></details></section>'
)
TRACEBACK = [
    "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m",
    "\x1b[0;31mValueError\x1b[0m                                Traceback (most recent call last)",
    "File \x1b[0;32m/home/someone/env/lib/python3.11/site-packages/numpy/core.py:3\x1b[0m",
    (
        "\x1b[0;31mValueError\x1b[0m: strides is incompatible with shape of requested array "
        "and size of buffer"
    ),
]
WARNING = (
    "/home/someone/tmp/ipykernel_4711/1234567.py:1: RuntimeWarning: "
    "overflow encountered in scalar add\n"
    "  np.int8(127) + np.int8(1)\n"
)
INTRODUCTION = """The array below has nine elements. Its bytes stand in one row, and a transpose of
**1600 megabytes** takes no time. So *what* is transposed?

![Nine cells in one row](data:image/png;base64,{pixel})

See [the layout](#One-buffer,-many-shapes), the [manual](https://numpy.org/doc/) or go on with
[views](03-order-and-reshape.ipynb)."""
FORMULA = r"""## One buffer, many shapes

The address of an element is a sum: $\text{address} = \text{offset} + \sum_k i_k s_k$, so

$$\text{byte}_{[1,2]} = 0 + 1 \cdot 24 + 2 \cdot 8 = 40$$

| order | `strides` | the step along axis 0 | the step along axis 1 | contiguous, as NumPy says |
|---|---|---|---|---|
| C | `(24, 8)` | a row | an element | `C_CONTIGUOUS` |
| F | `(8, 24)` | an element | a column | `F_CONTIGUOUS` |

```python
np.ndarray(shape, dtype, buffer, offset, strides)  # the whole story of an array, in one single call
```"""
FURTHER = """### Why bytes and not elements?

A view into a record may step by a distance that is no multiple of the element.

<details>
<summary>Further in: size-1 axes</summary>

The stride of an axis of length 1 is **never used**, so any will do.

</details>"""
RULES = """### Rules

- A stride is signed and counts bytes.
- Transposing swaps strides. The buffer stays."""
QUIZ = """## Quiz

1. What are the strides of `np.zeros((4, 8))`?

   <details>
   <summary>Answer</summary>

   `(64, 8)`

   </details>
2. How many bytes does `a.T` move?"""


def lesson() -> NotebookNode:
    """Return the sample as an executed notebook."""
    text, code = V4.new_markdown_cell, V4.new_code_cell
    head = (
        "<details>\n<summary>95 min · needs 01 · objectives</summary>\n\n- read strides\n\n"
        "</details>"
    )
    cells = [
        text("# Memory layout and strides"),
        text(head, metadata={"tags": ["generated"]}),
        text(INTRODUCTION.format(pixel=PIXEL)),
        code(
            "ss.layout(a)", outputs=[html(STYLE + FIGURE + WIDE)], metadata={"tags": ["hide-input"]}
        ),
        text(FORMULA),
        code("ss.predict(…)", outputs=[html(STYLE + PREDICTION)], metadata={"tags": ["predict"]}),
        code("a = np.arange(1, 10).reshape(3, 3)\na.strides", outputs=[plain("(24, 8)")]),
        code("print(np.arange(60).reshape(2, 30))", outputs=[printed(long_rows())]),
        text("## What fails\n\nNumPy refuses what lies outside the buffer."),
        code("ss.predict(…) ", outputs=[html(PREDICTION)], metadata={"tags": ["predict"]}),
        code(
            "np.ndarray((9, 9), 'i8', b)",
            outputs=[error()],
            metadata={"tags": ["raises-exception"]},
        ),
        code(
            "np.int8(127) + np.int8(1)", outputs=[warned()], metadata={"tags": ["expect-warning"]}
        ),
        text(FURTHER),
        code("draw()", outputs=[picture()], metadata={"alt": "A curve that rises"}),
        code("widget", outputs=[widget()]),
        text(RULES, metadata={"tags": ["rules"]}),
        text(QUIZ, metadata={"tags": ["quiz"]}),
    ]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return cast("NotebookNode", V4.new_notebook(cells=cells, metadata={"course": head_of(95)}))


def head_of(minutes: int) -> dict[str, Any]:
    """Return the course's part of a notebook's metadata."""
    return {
        "title": "Memory layout and strides",
        "minutes": minutes,
        "needs": ["01"],
        "objectives": ["read strides"],
    }


def write_map(folder: Path) -> tuple[Path, Path]:
    """Write a map of three lessons, two of them ready; return its file and the notebooks'
    folder."""
    file, notebooks = folder / "content" / "course.yml", folder / "lessons"
    notebooks.mkdir()
    file.parent.mkdir()
    entries = [
        f"  - {{slug: {slug}, title: '{title}', about: Why {title} matter.}}"
        for slug, title in (
            ("01-shape-dtype-overflow", "Shape, dtype, overflow"),
            (SLUG, "Memory layout and strides"),
            (NEXT, "Views and copies"),
        )
    ]
    rows = "\n".join(entries)
    file.write_text(f"title: Inside the ndarray\nsubtitle: How it works\nlessons:\n{rows}\n")
    nbformat.write(lesson(), notebooks / f"{SLUG}.ipynb")
    other: dict[str, Any] = {
        "cells": [],
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"course": head_of(60)},
    }
    other["metadata"]["course"]["title"] = "Views and copies"
    (notebooks / f"{NEXT}.ipynb").write_text(json.dumps(other))
    return file, notebooks


def html(markup: str) -> NotebookNode:
    """Return an instrument's output."""
    data = {"text/html": markup, "text/plain": "an instrument"}
    return cast("NotebookNode", V4.new_output("display_data", data=data))


def plain(text: str) -> NotebookNode:
    """Return what a cell returns, Out[]."""
    return cast(
        "NotebookNode",
        V4.new_output("execute_result", data={"text/plain": text}, execution_count=1),
    )


def printed(text: str) -> NotebookNode:
    """Return what a cell prints."""
    return cast("NotebookNode", V4.new_output("stream", name="stdout", text=text))


def long_rows() -> str:
    """Return an array whose rows are longer than a phone is wide."""
    rows = [" ".join(f"{30 * i + j:2d}" for j in range(30)) for i in range(2)]
    return f"[[{rows[0]}]\n [{rows[1]}]]\n"


def error() -> NotebookNode:
    """Return an error with a coloured traceback and a path of a machine."""
    message = "strides is incompatible with shape of requested array and size of buffer"
    return cast(
        "NotebookNode",
        V4.new_output("error", ename="ValueError", evalue=message, traceback=TRACEBACK),
    )


def warned() -> NotebookNode:
    """Return a warning with the path of a temporary file."""
    return cast("NotebookNode", V4.new_output("stream", name="stderr", text=WARNING))


def picture() -> NotebookNode:
    """Return a drawn picture."""
    data = {"image/png": PIXEL, "text/plain": "<Figure>"}
    return cast("NotebookNode", V4.new_output("display_data", data=data))


def widget() -> NotebookNode:
    """Return a widget whose state was not saved."""
    data = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "4f2c", "version_major": 2},
        "text/plain": "LayoutWidget(shape=(3, 3))",
    }
    return cast("NotebookNode", V4.new_output("display_data", data=data))

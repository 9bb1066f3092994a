"""A lesson in a small course, rendered to its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from course.render.course_map import CourseMap, Lesson
from support.quick_renderer import QuickRenderer

WEB = Path(__file__).parents[2] / "web"
# nbformat is not annotated.
V4: Any = nbformat.v4
SLUG = "02-strides"
PIXEL = "iVBORw0KGgo="


def entry(slug: str, *, ready: bool) -> Lesson:
    return Lesson(slug, slug[:2], slug[3:].title(), "Why.", 60 if ready else None, (), (), ready)


COURSE = CourseMap(
    "Inside the ndarray",
    "How it works",
    (entry("01-dtypes", ready=False), entry(SLUG, ready=True), entry("03-views", ready=True)),
)


def markdown(source: str, **metadata: object) -> NotebookNode:
    return cast("NotebookNode", V4.new_markdown_cell(source, metadata=metadata))


def code(source: str, *outputs: NotebookNode, **metadata: object) -> NotebookNode:
    return cast("NotebookNode", V4.new_code_cell(source, outputs=list(outputs), metadata=metadata))


def shown(**data: str) -> NotebookNode:
    """An output; `text_html=…` stands for text/html."""
    kinds = {name.replace("_", "/", 1): value for name, value in data.items()}
    return cast("NotebookNode", V4.new_output("display_data", data=kinds))


def render(*cells: NotebookNode, title: str = "# Strides") -> str:
    notebook = V4.new_notebook(cells=[markdown(title), *cells])
    return QuickRenderer(COURSE, WEB).lesson(notebook, SLUG)


def text_of(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text()

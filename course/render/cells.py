"""Prepare the cells of a notebook for a page that has no kernel."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from course.render.covers import cover_answers
from course.render.errors import AltError, HeadingError, OutputError
from course.render.widgets import VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nbformat import NotebookNode

# The richest form that a page can show comes first.
SHOWN = (
    "text/html",
    "text/markdown",
    "image/svg+xml",
    "text/latex",
    "image/png",
    "image/jpeg",
    "text/plain",
)
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# A style with a `media` or `nonce` attribute stays where it is, because it means something else.
STYLE = re.compile(r'<style(?: scoped| type="text/css")?>(.*?)</style>\s*', re.DOTALL)
REGION = re.compile(r'(<(?:section\b|\w+[^>]*\brole="region")[^>]*?)\baria-label="([^"]*)"')
NARROW_PICTURE = re.compile(
    r'<div class="(?:ss-scroll )?ss-narrow"[^>]*>(?:(?!</div>).)*</div>', re.DOTALL
)
# Tags of cells whose source the page folds away.
FOLDED = {"predict", "hide-input"}
# The tag of a short question. The page leaves out its source, which would double the page's size.
LEFT_OUT = "quick"
NEEDS_KERNEL = "This control needs a running notebook: download this one and open it in JupyterLab."
# Statements that bind a name.
NAMING = (ast.Assign, ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
FURTHER = re.compile(r"### (Further in: [^\n]+)")


def prepare(
    notebook: NotebookNode, slug: str, models: Mapping[str, str]
) -> tuple[NotebookNode, dict[str, str]]:
    """Return a copy of an executed notebook for the template, and the styles from its outputs.

    Each cell gets `metadata.page`: its `number` (from 1), `key` (a stable name), `tags`, and
    `opens` and `ends`, for a folded box around it and its neighbors. A code cell also gets `folds`
    (its source is folded away), `left_out` (its source is not in the page at all) and `makes`
    (folded source makes names for later cells; without one and without an output, a cell runs but
    is not shown). What is covered until a question is answered: see `course.render.covers`.

    Parameters
    ----------
    notebook : NotebookNode
        The executed notebook; it is not changed.
    slug : str
        The lesson, for messages.
    models : mapping
        The ids of the widgets that will be live in the page → their names there.

    Returns
    -------
    notebook : NotebookNode
        The copy. Each output has one representation, without styles, terminal colors and paths.
    styles : dict
        File name (`style-<digest>.css`) → text, each distinct style once, in order of appearance.

    Raises
    ------
    RenderError
        If an output cannot be shown or a picture has no alt text.
    """
    copy = deepcopy(notebook)
    styles: dict[str, str] = {}
    names: Counter[str] = Counter()
    for number, cell in enumerate(copy.cells, 1):
        page = cell_facts(cell, number)
        if cell.cell_type == "code":
            for output in cell.outputs:
                model = models.get(output.get("data", {}).get(VIEW, {}).get("model_id", ""), "")
                clean_output(output, cell, slug, number, styles)
                mark_output(output, model, names)
        cell.metadata["page"] = page
    fold_further(copy.cells, slug)
    copy.cells = cover_answers(copy.cells)
    return copy, styles


def cell_facts(cell: NotebookNode, number: int) -> dict[str, Any]:
    """Return what the template needs to know about a cell on its own."""
    tags = list(cell.metadata.get("tags", []))
    page: dict[str, Any] = {
        "number": number,
        "key": cell.get("id") or f"cell-{number}",
        "tags": tags,
    }
    if cell.cell_type == "code":
        page["left_out"] = LEFT_OUT in tags
        page["folds"] = LEFT_OUT not in tags and bool(FOLDED & set(tags))
        page["makes"] = page["folds"] and makes_names(cell.source)
    return page


def makes_names(source: str) -> bool:
    """Return whether a folded cell makes names for later cells; False for `del a` or a magic."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic
        return False
    return any(isinstance(node, NAMING) for node in body)


def mark_output(output: NotebookNode, model: str, names: Counter[str]) -> None:
    """Add the name of an output's live model, in place, and number the regions in its HTML."""
    if "data" not in output:
        return
    output.metadata["model"] = model
    if "text/html" in output.data:
        markup = output.data["text/html"]
        output.data["text/html"] = tell_apart(lighter(markup) if model else markup, names)


def fold_further(cells: list[NotebookNode], slug: str) -> None:
    """Mark where the box around cells tagged `further` opens and ends.

    The cell before them contains only a heading, which becomes the line that opens the box.
    """
    further = ["further" in cell.metadata.page["tags"] for cell in cells]
    for k, inside in enumerate(further):
        if inside and not further[k - 1]:
            heading = FURTHER.fullmatch(cells[k - 1].source.strip()) if k else None
            if heading is None:
                message = (
                    "put a cell with only `### Further in: …` before the cells tagged `further`"
                )
                raise HeadingError(slug, k + 1, message)
            cells[k - 1].metadata.page["opens"] = heading[1]
        if inside and not any(further[k + 1 : k + 2]):
            cells[k].metadata.page["ends"] = True


def clean_output(
    output: NotebookNode, cell: NotebookNode, slug: str, number: int, styles: dict[str, str]
) -> None:
    """Prepare one output for the page, in place, and move its styles into `styles`."""
    if output.output_type == "stream":
        output.text = readable(output.text)
    elif output.output_type == "error":
        output.evalue = readable(output.evalue)
        output.traceback = [readable("\n".join(output.traceback))]
    else:
        kind = shown_kind(output.data, slug, number)
        if kind.startswith("image/"):
            require_alt(output, kind, cell, slug, number)
        note = VIEW in output.data and kind == "text/plain"
        output.data = {kind: representation(output.data[kind], kind, styles)}
        output.metadata["needs_kernel"] = NEEDS_KERNEL if note else ""


def shown_kind(data: dict[str, Any], slug: str, number: int) -> str:
    """Return the MIME type that the page shows.

    The page shows a widget's live view only with its saved state; otherwise it shows another
    representation of the output.
    """
    for kind in SHOWN:
        if kind in data:
            return kind
    kinds = ", ".join(sorted(data)) or "nothing"
    message = f"an output has {kinds}, none of which a page can show: add text/html or text/plain"
    raise OutputError(slug, number, message)


def representation(value: str | list[str], kind: str, styles: dict[str, str]) -> str:
    """Return the text of one representation, without styles, colors and paths of the machine."""
    text = value if isinstance(value, str) else "".join(value)
    if kind in ("text/html", "image/svg+xml"):
        return take_styles(text, styles)
    if kind in ("image/png", "image/jpeg"):
        return "".join(text.split())
    return readable(text)


def take_styles(markup: str, styles: dict[str, str]) -> str:
    """Move each distinct `<style>` from `markup` into `styles`, keyed by the name of its file."""

    def take(match: re.Match[str]) -> str:
        text = match[1].strip() + "\n"
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        styles[f"style-{digest}.css"] = text
        return ""

    return STYLE.sub(take, markup)


def without_repeats(styles: dict[str, str]) -> dict[str, str]:
    """Return styles without those that are part of another one.

    A live instrument's style contains that of its static form.
    """
    return {
        name: text
        for name, text in styles.items()
        if not any(text.strip() in other for key, other in styles.items() if key != name)
    }


def lighter(markup: str) -> str:
    """Return the static form of a live instrument without its second picture, the one for phones.

    The live form fits its picture to the width and replaces the static form. Without scripts, a
    phone shows the wide picture in a box that scrolls. Both pictures together would be a third of a
    page.
    """
    return re.sub(r' class="ss-wide"| ss-wide(?=")', "", NARROW_PICTURE.sub("", markup))


def tell_apart(markup: str, names: Counter[str]) -> str:
    """Give regions of one page that share a name a number: `Prediction`, `Prediction 2`.

    A screen reader lists regions by name, and an output cannot know which others are on its page.
    """

    def number(match: re.Match[str]) -> str:
        names[match[2]] += 1
        count = names[match[2]]
        return match[0] if count == 1 else f'{match[1]}aria-label="{match[2]} {count}"'

    return REGION.sub(number, markup)


def readable(text: str) -> str:
    """Return terminal text without colors and without paths of the machine that ran it.

    A warning names a temporary file of the kernel with its process number, and a traceback names
    the folder where a package is installed. Neither says anything to the reader, and both differ
    from run to run or from machine to machine.
    """
    text = ANSI.sub("", text)
    text = re.sub(r"\S*ipykernel_\d+[/\\]\d+\.py:(\d+):", r"line \1:", text)
    return re.sub(r"[^\s\"'(]*[/\\]site-packages[/\\]", "", text)


def require_alt(
    output: NotebookNode, kind: str, cell: NotebookNode, slug: str, number: int
) -> None:
    """Store a picture's alt text in `output.metadata.alt`: the cell's `alt` or the output's own.

    Raises
    ------
    AltError
        If there is none.
    """
    own = output.metadata.get(kind, {})
    alt = cell.metadata.get("alt") or output.metadata.get("alt") or own.get("alt")
    titled = kind == "image/svg+xml" and "<title" in "".join(output.data[kind])
    if not alt and not titled:
        message = f"its {kind} has no alt text: add `alt` to the cell's metadata"
        raise AltError(slug, number, message)
    output.metadata["alt"] = alt or ""

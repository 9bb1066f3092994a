"""MyST Markdown ↔ notebook: the pure half of the build, which touches no built notebook on disk.

The source is a MyST notebook as jupytext reads it: CommonMark prose, code in `{code-cell}` blocks,
and a YAML header with the key `course`. Short options save the author from writing metadata that a
program can derive, and `to_text` restores them. `grade_id` and `points` on a cell become nbgrader's
metadata. `in_process`, the reason why a test must run in the student's process, becomes
`nbgrader_isolate.isolation` and its reason. The tags `predict` and `hide-input` become JupyterLab's
folded source. `in_page`, a sentence about the cell for pages that run Python, becomes
`course.in_page`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import jupytext
import nbformat
import yaml
from markdown_it import MarkdownIt
from nbformat import NotebookNode

from course.core.errors import ContentError

FOLDED = {"predict", "hide-input"}
KEPT = {"needs-64-bit", "needs-computer"}
"""Tags of cells that a page does not run: it keeps their recorded output, and says why."""
KNOWN = FOLDED | KEPT | {"expect-warning", "further", "quick", "raises-exception"}
"""The tags that a code cell may have."""
IN_PAGE = "in_page"
"""The option with one sentence about a cell in a page: why it does not run, or what differs."""
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"}
SOLUTION_MARK = "### BEGIN SOLUTION"
BREAK = re.compile(r"^( {0,3})\+\+\+")
IN_PROCESS_OPTIONS = ("one_process", "in_process")
"""Options that say why a test runs in the student's process; the first is the former name."""


def to_notebook(text: str, file: str) -> NotebookNode:
    """Turn MyST Markdown into a notebook without outputs.

    Parameters
    ----------
    text : str
        The MyST source.
    file : str
        Its name, for messages and for `metadata.course.source`.

    Returns
    -------
    NotebookNode
        Format 4.5. A cell's id is its grade_id or, without one, a digest of its source;
        `metadata.course` is the header's, plus `source`.

    Raises
    ------
    ContentError
        If the header or the options of a cell cannot be read.
    """
    header = read_header(text, file)
    try:
        parsed = jupytext.reads(text, fmt="md:myst")
    except Exception as error:
        line = re.search(r"line:? (\d+)", str(error))
        reason = str(error).splitlines()[0].split(";")[0]
        raise ContentError(file, int(line[1]) if line else 1, f"cell options: {reason}") from error
    cells = [expand(cell) for cell in parsed.cells]
    name_cells(cells)
    course = {**header, "source": file}
    metadata = {"kernelspec": KERNEL, "language_info": LANGUAGE, "course": course}
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def to_text(notebook: NotebookNode) -> str:
    """Turn a notebook, edited or not, back into MyST Markdown: the inverse of `to_notebook`.

    Outputs, cell ids and cells tagged `generated` are left out, since a build creates them again.
    """
    cells = [shorten(cell) for cell in notebook.cells if "generated" not in tags(cell)]
    name_cells(cells)
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = without_breaks(cell.source)
    bare = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    body = jupytext.writes(bare, fmt="md:myst").split("\n---\n", 1)[1]
    course = notebook.metadata.get("course", {})
    header = {key: value for key, value in course.items() if key in ("needs", "objectives")}
    shown = yaml.safe_dump({"course": header}, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{shown}---\n{body}"


def without_breaks(source: str) -> str:
    """Return Markdown in which no line begins with `+++`, which would begin another cell."""
    code = [
        range(*token.map)
        for token in MarkdownIt("commonmark").parse(source)
        if token.type in ("fence", "code_block") and token.map
    ]
    return "\n".join(
        line if any(k in lines for lines in code) else BREAK.sub(r"\1\\+++", line)
        for k, line in enumerate(source.split("\n"))
    )


def read_header(text: str, file: str) -> dict[str, Any]:
    """Return the mapping under `course` in the YAML header.

    Raises
    ------
    ContentError
        If the header is missing, is not YAML, or has other keys.
    """
    match = re.match(r"---\n(.*?)^---\n", text, re.DOTALL | re.MULTILINE)
    if not match:
        raise ContentError(file, 1, "no header: start the file with `---`, YAML and `---`")
    try:
        header = yaml.safe_load(match[1])
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ContentError(file, line, f"the header is not YAML: {error.problem}") from error
    if not isinstance(header, dict) or set(header) != {"course"}:
        raise ContentError(file, 1, "the header must have one key, `course:`, and no other")
    course = header["course"] or {}
    wanted = {"needs", "objectives"}
    if not isinstance(course, dict) or not set(course) <= wanted:
        raise ContentError(file, 1, "`course:` may have `needs:` and `objectives:`, both lists")
    for key, value in course.items():
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ContentError(file, 1, f"`{key}:` must be a list of strings (quote numbers: '01')")
    return course


def tags(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", []))


def expand(cell: NotebookNode) -> NotebookNode:
    """Replace the short options of a cell by the metadata that they stand for, in place."""
    meta = cell.metadata
    if FOLDED & tags(cell):
        meta["jupyter"] = {"source_hidden": True}
    if "grade_id" in meta:
        meta["nbgrader"] = nbgrader_metadata(cell, meta.pop("grade_id"), meta.pop("points", None))
    if IN_PAGE in meta:
        meta["course"] = {IN_PAGE: str(meta.pop(IN_PAGE))}
    for option in IN_PROCESS_OPTIONS:
        if option in meta:
            reason = str(meta.pop(option))
            meta["nbgrader_isolate"] = {"isolation": "in-process", "reason": reason}
    return cell


def nbgrader_metadata(cell: NotebookNode, grade_id: str, points: float | None) -> dict[str, Any]:
    """Return nbgrader's metadata for a cell (schema 3).

    A code cell with points is a test, a code cell with a solution mark is a solution, and any other
    code cell is read-only. A Markdown cell with points is an answer that a person grades.
    """
    answer = cell.cell_type == "markdown" and points is not None
    solution = SOLUTION_MARK in cell.source or answer
    meta: dict[str, Any] = {
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return meta if points is None else {**meta, "points": points}


def shorten(cell: NotebookNode) -> NotebookNode:
    """Undo `expand`, and drop what a run or JupyterLab adds to a cell."""
    meta = {key: cell.metadata[key] for key in ("tags", "alt") if cell.metadata.get(key)}
    if sentence := in_page(cell.metadata):
        meta[IN_PAGE] = sentence
    if grader := cell.metadata.get("nbgrader"):
        meta["grade_id"] = grader["grade_id"]
        if grader["grade"]:
            meta["points"] = grader["points"]
    if reason := in_process_reason(cell):
        meta["in_process"] = reason
    bare: NotebookNode = nbformat.from_dict(
        {"id": "unnamed", "cell_type": cell.cell_type, "source": cell.source, "metadata": meta}
    )
    if cell.cell_type == "code":
        bare |= {"outputs": [], "execution_count": None}
    return bare


def in_process_reason(cell: NotebookNode) -> str:
    """Return why a test runs in the student's process, as this build or an earlier one wrote it."""
    grader = cell.metadata.get("nbgrader_isolate", {})
    if grader.get("isolation") == "in-process":
        return str(grader.get("reason", ""))
    return str(cell.metadata.get("course", {}).get("one_process", ""))


def in_page(metadata: Mapping[str, Any]) -> str:
    """Return what the author says about a cell in a page, from its metadata, or an empty string."""
    return str(metadata.get("course", {}).get(IN_PAGE, ""))


def name_cells(cells: list[NotebookNode]) -> None:
    """Give each cell an id that a rebuild repeats: its grade_id, or a digest of its source."""
    seen: Counter[str] = Counter()
    for cell in cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        name = grade_id or digest
        seen[name] += 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"


def title_of(notebook: NotebookNode) -> str:
    """Return the text of the first `# heading`, or an empty string."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (match := re.search(r"(?m)^# (.+)$", cell.source)):
            return match[1].strip()
    return ""

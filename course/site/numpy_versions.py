"""What cells show on other versions of NumPy, and in a page: `lessons/versions.json`.

`make version-matrix` writes that file, and the pages show it. Cells are compared as text, without
what differs from run to run. Two kinds of cells need more care. A cell that measures (a race, a
timer, a peak of memory) is compared only by its lines without numbers. The same goes for a cell
that showed something else in a second run on the same NumPy; if even those lines differ, the cell
is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.core.cache import digest, write_atomically
from course.core.myst import tags
from course.core.paths import Folders

if TYPE_CHECKING:
    from nbformat import NotebookNode

NAME = "versions.json"
WHAT = "What code cells show on other versions of NumPy; written by `make version-matrix`."
VARIES = (
    (r"\d[\d,.]* times", "# times"),
    (r"0x[0-9a-fA-F]+", "0x…"),
    (r"(<PIL\.[^>]*?) at 0x…>", r"\1>"),  # IPython leaves the address out
    (r"Made with NumPy .*", "Made with …"),
    (r"\n?The machine was busy: [^\n]*", ""),  # what a race says of noise
    (r"\S*ipykernel_\d+\S*\.py:(\d+): (\w+Warning)", r"line \1: \2"),
    (r"\S*ipykernel_\d+\S*\.py", "cell.py"),
    (r"(Python|NumPy) \d+\.\d+[.\w+-]*", r"\1 …"),
)
MEASURES = re.compile(
    r"\b(?:race_times|mapped)\(|\bss\.(?:race|temporaries|scale\.room)\("
    r"|\btimeit\b|\bbest\(|\bperf_counter|\btracemalloc\b|\bgetrusage\b|/proc/"
)

# Slug → cell id → the digest of the code up to the cell, and what each version shows.
Record = dict[str, dict[str, dict[str, Any]]]


def text_of(cell: NotebookNode, *, loose: bool = False) -> str:
    """Return what a code cell shows as text, without what differs from run to run.

    Parameters
    ----------
    cell : NotebookNode
        An executed code cell.
    loose : bool
        Leave out lines with numbers even if the cell does not look like one that measures.
    """
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts.append(output.data.get("text/plain", ""))
    text = "\n".join(part.rstrip("\n") for part in parts)
    for pattern, stand_in in VARIES:
        text = re.sub(pattern, stand_in, text)
    if loose or MEASURES.search(cell.source):
        # a race says "about the same" instead of a number, and not for the same ways in each run
        words = [
            line for line in text.splitlines() if not re.search(r"\d|\babout the same\b", line)
        ]
        # a table is as wide as its longest number
        text = "\n".join(" ".join(line.split()) for line in words)
    return text


def code_cells(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the code cells of an executed notebook by id."""
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def code_digests(notebook: NotebookNode) -> dict[str, str]:
    """Return a digest of all code up to each code cell, because its output depends on that."""
    digests: dict[str, str] = {}
    sources: list[str] = []
    for name, cell in code_cells(notebook).items():
        sources.append(cell.source)
        digests[name] = digest(*sources)[:16]
    return digests


def compare(
    runs: Mapping[str, Mapping[str, NotebookNode]], again: Mapping[str, NotebookNode]
) -> tuple[Record, list[str]]:
    """Compare what the cells of the lessons show on several versions.

    Parameters
    ----------
    runs : mapping
        Version ("Python 3.12, NumPy 2.5") → slug → executed notebook. The first version is also
        compared with itself. The others may lack cells.
    again : mapping
        Slug → the notebook from a second run on the first version.

    Returns
    -------
    record : dict
        The cells that do not show the same on all versions.
    left_out : list of str
        `slug, code cell n` for each cell whose lines without numbers differ from run to run.
    """
    record: Record = {}
    left_out: list[str] = []
    first = next(iter(runs.values()))
    for slug, notebook in first.items():
        digests = code_digests(notebook)
        others = {name: code_cells(of[slug]) for name, of in runs.items() if slug in of}
        second = code_cells(again[slug]) if slug in again else code_cells(notebook)
        for number, (name, cell) in enumerate(code_cells(notebook).items(), start=1):
            loose = text_of(cell) != text_of(second[name])
            if loose and text_of(cell, loose=True) != text_of(second[name], loose=True):
                left_out.append(f"{slug}, code cell {number}")
                continue
            shows = {
                version: text_of(of[name], loose=loose)
                for version, of in others.items()
                if name in of
            }
            if len(set(shows.values())) > 1:
                entry = {"code": digests[name], "loose": loose, "shows": shows}
                record.setdefault(slug, {})[name] = entry
    return record, left_out


def file_of(folders: Folders) -> Path:
    """Return the path of the record."""
    return folders.lessons / NAME


def write(folders: Folders, tried: Sequence[str], record: Record) -> bool:
    """Write the record; return whether it changed."""
    whole = {"what": WHAT, "tried": list(tried), "lessons": record}
    text = json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True)
    return write_atomically(file_of(folders), text.encode() + b"\n")


def read(folders: Folders) -> Record:
    """Return the record; empty if there is none."""
    file = file_of(folders)
    if not file.is_file():
        return {}
    lessons: Record = json.loads(file.read_text("utf-8"))["lessons"]
    return lessons


def stale(record: Record, notebooks: Mapping[str, NotebookNode]) -> list[str]:
    """Return `slug: cell id` for each entry whose code has changed or was deleted."""
    return [
        f"{slug}: cell {name}"
        for slug, cells in record.items()
        for name, entry in cells.items()
        if slug not in notebooks or code_digests(notebooks[slug]).get(name) != entry["code"]
    ]


def annotate(notebook: NotebookNode, cells: Mapping[str, Mapping[str, Any]]) -> None:
    """Add what other versions show to `metadata.elsewhere` of each cell in question, in place.

    Each entry has `where`, such as "On NumPy 2.5 (Python 3.12 and 3.13), these lines differ", and
    `text`: the lines that this page does not show, or those that only this page shows. A version
    that shows the same as the page has no entry, and an entry whose code has changed is left out.
    So are questions: a prediction asks about sizes that depend on the memory at hand.

    Parameters
    ----------
    notebook : NotebookNode
        An executed lesson.
    cells : mapping
        The record of that lesson.
    """
    digests = code_digests(notebook)
    for name, cell in code_cells(notebook).items():
        entry = cells.get(name)
        if entry is None or entry["code"] != digests[name] or "predict" in tags(cell):
            continue
        here = text_of(cell, loose=entry["loose"])
        texts: dict[str, list[str]] = {}
        for version, text in entry["shows"].items():
            if text != here:
                texts.setdefault(text, []).append(version)
        cell.metadata["elsewhere"] = [
            {"where": f"{where(versions)}, {what}", "text": lines}
            for text, versions in texts.items()
            for what, lines in [difference(here, text)]
        ]


def difference(here: str, text: str) -> tuple[str, str]:
    r"""Return what is different about a text, and the lines in question.

    >>> difference("a\nb", "a\nc")
    ('these lines differ', 'c')
    """
    ours, theirs = here.splitlines(), text.splitlines()
    new = [line for line in theirs if line not in ours]
    if not new:
        return "these lines are missing", "\n".join(line for line in ours if line not in theirs)
    whole = len(new) == len(theirs)
    return "this is shown instead" if whole else "these lines differ", "\n".join(new)


def where(versions: Iterable[str]) -> str:
    """Return versions in words: "On NumPy 2.2 and 2.4 (Python 3.11)".

    The Python of the pages, whose name says how many bits it has, comes last: "In the browser
    (Python 3.14, NumPy 2.4.3, 32-bit)".
    """
    native: list[list[str]] = []
    places = []
    for version in versions:
        python, numpy = re.findall(r"\d+\.\d+", version)[:2]
        if found := re.search(r"NumPy [\d.]+, \d+-bit", version):
            places.append(f"in the browser (Python {python}, {found[0]})")
        else:
            native.append([python, numpy])
    if native:
        pythons, numpys = (list(dict.fromkeys(column)) for column in zip(*native, strict=True))
        places.insert(0, f"on NumPy {joined(numpys)} (Python {joined(pythons)})")
    text = joined(places)
    return text[0].upper() + text[1:]


def joined(words: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))

"""Answers go into the notebook that was handed out and come back from it, and nothing else does."""

from __future__ import annotations

import copy
import json
from typing import Any

import nbformat
import pytest

from course.core.paths import ROOT
from course.exercises.answer_cases import answers
from support.in_node import NODE
from support.live_modules import encoded, handed_out, in_live, path_of, places, solution

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NODE is None, reason="needs node")]
RAVEL = "02-strides/ravel"
ANSWER = "def ravel(row, col, n_rows, n_cols):\n    return row * n_cols + col"
ODD_TEXTS = (
    "",
    "\n",
    "one line",
    "ends with a line end\n",
    'á, 😀 and “quotes” \\ / "',
    "form\x0cfeed, \x1c\x1d\x1e\x85, \u2028 and \u2029 end lines in Python\n",
    "tab\tbell\x07null\x00delete\x7f",
    "x" * 200_000,
)
FILL = """({ exercise, answers }) => notebookText(
  withAnswers(exercise, (id) => new Map(Object.entries(answers)).get(id) ?? null)
)"""
OPEN = """({ name, data, exercise }) => {
  const { answers, notes } = takeAnswers(name, readNotebook(name, bytes(data)), exercise);
  return { answers: [...answers], notes };
}"""
UNCHANGED = " Nothing was changed."


def filled(cases: list[dict[str, Any]]) -> list[str]:
    """Return the files that a page writes."""
    return in_live({"notebook.js": ["notebookText", "withAnswers"]}, FILL, cases)


def opened(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a page takes from files."""
    return in_live({"opening.js": ["readNotebook", "takeAnswers"]}, OPEN, cases)


def open_(file: object, place: str = RAVEL, name: str = "mine.ipynb") -> dict[str, Any]:
    """Return what the page of an exercise takes from a file: bytes, text, or an object as JSON."""
    data = file if isinstance(file, str | bytes) else json.dumps(file)
    (found,) = opened([{"name": name, "data": encoded(data), "exercise": handed_out(place)}])
    return found


def ravel() -> dict[str, Any]:
    """Return the notebook of `ravel` with an answer, as somebody may have it."""
    notebook: dict[str, Any] = copy.deepcopy(handed_out(RAVEL)["notebook"])
    solution(notebook, "ravel")["source"] = ANSWER
    return notebook


# Writing ------------------------------------------------------------------------------------------


def test_without_answers_each_notebook_is_written_byte_for_byte() -> None:
    names = places()
    assert len(names) >= 35
    texts = filled([{"exercise": handed_out(place), "answers": {}} for place in names])
    for place, text in zip(names, texts, strict=True):
        assert text == path_of(place).read_text("utf-8"), place


def test_answers_are_written_as_nbformat_writes_them() -> None:
    cases = [(RAVEL, "ravel", text) for text in ODD_TEXTS]
    cases += [("02-strides/why", "why-answer", text) for text in ODD_TEXTS]
    cases += [(f"{one.assignment}/{one.task}", one.task, one.source) for one in answers_of_zoo()]
    texts = filled(
        [{"exercise": handed_out(place), "answers": {cell: text}} for place, cell, text in cases]
    )
    for (place, cell, answer), text in zip(cases, texts, strict=True):
        notebook = nbformat.read(path_of(place), 4)  # type: ignore[no-untyped-call]
        solution(notebook, cell)["source"] = answer
        nbformat.validate(notebook)
        assert text == nbformat.writes(notebook) + "\n", (place, answer)  # type: ignore[no-untyped-call]


def answers_of_zoo() -> list[Any]:
    """Return the answer cases of tasks with one answer cell."""
    return [one for one in answers(ROOT / "tests" / "zoo") if one.assignment != "09-capstone"]


def test_line_ends_of_windows_become_ours_and_half_characters_are_replaced() -> None:
    (text,) = filled([{"exercise": handed_out(RAVEL), "answers": {"ravel": "a\r\nb\r\ud83d c"}}])
    assert solution(json.loads(text), "ravel")["source"] == ["a\n", "b\n", "\ufffd c"]


# Reading back -------------------------------------------------------------------------------------


def test_what_was_written_is_read_back() -> None:
    cases = [(RAVEL, "ravel", text) for text in ODD_TEXTS[2:]]
    cases += [(f"{one.assignment}/{one.task}", one.task, one.source) for one in answers_of_zoo()]
    exercises = {place: handed_out(place) for place, _, _ in cases}
    texts = filled(
        [{"exercise": exercises[place], "answers": {cell: text}} for place, cell, text in cases]
    )
    found = opened(
        [
            {"name": "x.ipynb", "data": encoded(text), "exercise": exercises[place]}
            for (place, _, _), text in zip(cases, texts, strict=True)
        ]
    )
    for (_, cell, answer), back in zip(cases, found, strict=True):
        assert back == {"answers": [[cell, answer]], "notes": []}


def test_answers_as_handed_out_are_not_answers() -> None:
    for place in (RAVEL, "02-strides/why", "09-capstone/your-ndarray"):
        back = open_(path_of(place).read_bytes(), place)
        assert {text for _, text in back["answers"]} == {None}
        assert back["notes"] == []


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte-order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["Unix", "Windows", "old Mac"])
def test_files_from_other_systems_are_read(mark: bytes, end: str) -> None:
    notebook = ravel()
    solution(notebook, "ravel")["source"] = ANSWER.replace("\n", end)
    data = mark + json.dumps(notebook, indent=1).replace("\n", end).encode()
    assert open_(data) == {"answers": [["ravel", ANSWER]], "notes": []}


def test_older_formats_are_read() -> None:
    notebook = ravel()
    for cell in notebook["cells"]:
        cell.pop("id")
        cell["source"] = "".join(cell["source"])
    assert open_(notebook | {"nbformat_minor": 0})["answers"] == [["ravel", ANSWER]]
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source").splitlines(keepends=True)
    third = {"nbformat": 3, "nbformat_minor": 0, "metadata": notebook["metadata"]}
    assert open_(third | {"worksheets": [{"cells": notebook["cells"]}]}) == {
        "answers": [["ravel", ANSWER]],
        "notes": [],
    }


def test_another_version_of_the_exercise_is_taken_and_said() -> None:
    notebook = ravel()
    solution(notebook, "ravel-visible")["metadata"]["nbgrader"]["checksum"] = "0" * 32
    back = open_(notebook)
    assert back["answers"] == [["ravel", ANSWER]]
    assert back["notes"] == [
        "It belongs to another version of the exercise; this page keeps its own tests."
    ]


def test_cells_that_are_missing_or_there_twice_are_named() -> None:
    place = "09-capstone/your-ndarray"
    notebook = copy.deepcopy(handed_out(place)["notebook"])
    notebook["cells"].remove(solution(notebook, "your-ndarray-step-2"))
    step = solution(notebook, "your-ndarray-step-3")
    notebook["cells"].append(copy.deepcopy(step) | {"source": "second"})
    step["source"] = "first"
    back = open_(notebook, place)
    assert ["your-ndarray-step-3", "first"] in back["answers"]
    assert "your-ndarray-step-2" not in dict(back["answers"])
    assert back["notes"] == [
        "It has no cell named your-ndarray-step-2, so that answer stays as it is here.",
        "It has several cells named your-ndarray-step-3; the first one was taken.",
    ]


def test_what_a_page_cannot_keep_of_an_answer_is_said() -> None:
    notebook = ravel()
    extra = {"cell_type": "code", "metadata": {}, "source": "helper = 1", "outputs": []}
    notebook["cells"].append(extra)
    solution(notebook, "ravel")["attachments"] = {"a.png": {"image/png": "AAAA"}}
    pictures, added = open_(notebook)["notes"]
    assert pictures == "The pictures in its cell ravel stay in the file: a page keeps text."
    assert added.startswith("A cell that is not part of the exercise stayed in the file: copy")
    solution(notebook, "ravel")["source"] = "x" * 200_001
    back = open_(notebook)
    assert back["answers"] == []
    assert "200,001 characters" in back["notes"][0]
    solution(notebook, "ravel")["source"] = {"not": "text"}
    assert open_(notebook)["notes"][0].startswith("Its cell ravel is damaged")


REFUSED = {
    "nothing": ("", "is damaged, or is not a notebook."),
    "half of it": ('{"cells": [', "is damaged, or is not a notebook."),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xfe", "is damaged, or is not a notebook."),
    "UTF-16": (json.dumps({"cells": []}).encode("utf-16"), "is damaged, or is not a notebook."),
    "a list": ("[]", "is not a Jupyter notebook: it has no cells."),
    "a number": ("7", "is not a Jupyter notebook: it has no cells."),
    "null": ("null", "is not a Jupyter notebook: it has no cells."),
    "cells that are none": ({"nbformat": 4, "cells": "x"}, "is not a Jupyter notebook"),
    "saved work": (
        {"format": "inside-the-ndarray/work", "version": 1, "saved": {}},
        "is saved work and not a notebook: open it on the page “What runs here”.",
    ),
    "format 2": ({"nbformat": 2, "worksheets": []}, "is in a notebook format other than 3 and 4"),
    "format 5": ({"nbformat": 5, "cells": []}, "is in a notebook format other than 3 and 4"),
    "no cells": ({"nbformat": 4, "cells": []}, "none of its cells is named ravel."),
    "cells that are no objects": (
        {"nbformat": 4, "cells": [None, 1, "a", [], {"metadata": []}]},
        "none of its cells is named ravel.",
    ),
}


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_notebook_of_this_page_is_refused_in_one_sentence(what: str) -> None:
    file, said = REFUSED[what]
    error = open_(file)["error"]
    assert said in error
    assert error.startswith("mine.ipynb ")
    assert error.endswith(UNCHANGED)


def test_the_notebook_of_another_exercise_is_named() -> None:
    for other in ("02-strides/unravel", "08-tricks/why"):
        error = open_(path_of(other).read_bytes())["error"]
        assert f"is the notebook of another exercise, {other}: open it on that page." in error
    error = open_(path_of("08-tricks/why").read_bytes(), "02-strides/why")["error"]
    assert "08-tricks/why" in error


def test_a_notebook_of_a_hundred_megabytes_is_refused_before_it_is_read() -> None:
    body = "({ name, size }) => checkNotebookSize(name, size)"
    modules = {"opening.js": ["checkNotebookSize"]}
    (found,) = in_live(modules, body, [{"name": "n" * 200, "size": 100 << 20}])
    assert "has 100 MB, and a notebook may have 16 MB: clear its outputs" in found["error"]
    assert len(found["error"]) < 250


@pytest.mark.parametrize(
    ("path", "says", "around", "place"),
    [
        ("x.ipynb", RAVEL, "x.ipynb", RAVEL),
        ("ravel.ipynb", "08-tricks/why", "all.zip", "08-tricks/why"),
        ("ravel.ipynb", "", "all.zip", RAVEL),
        ("a/b/ravel (1).ipynb", "", "all.zip", RAVEL),
        ("ravel-Copy2.ipynb", "", "ravel-Copy2.ipynb", RAVEL),
        ("04-views/why.ipynb", "", "all.zip", "04-views/why"),
        ("why.ipynb", "", "04-views (2).zip", "04-views/why"),
        ("why.ipynb", "", "why.ipynb", None),
        ("unknown.ipynb", "", "unknown.ipynb", None),
        ("ravel.ipynb", "07-more/ravel", "ravel.ipynb", None),
        ("__proto__.ipynb", "", "x", None),
    ],
)
def test_the_list_of_exercises_knows_where_a_notebook_belongs(
    path: str, says: str, around: str, place: str | None
) -> None:
    entries = [{"place": one} for one in places()]
    case = {"path": path, "says": says, "around": around, "entries": entries}
    body = "(c) => entryFor(c.path, c.says, c.around, c.entries)?.place ?? null"
    assert in_live({"hand_in_all.js": ["entryFor"]}, body, [case]) == [place]


# Hostile files ------------------------------------------------------------------------------------


def test_names_that_mean_something_to_javascript_are_only_names() -> None:
    text = json.dumps(ravel())
    for name in ("__proto__", "constructor", "toString", "hasOwnProperty"):
        hostile = text.replace('"grade_id": "ravel-visible"', f'"grade_id": "{name}"')
        hostile = hostile.replace('"metadata": {}', f'"metadata": {{"{name}": {{"cells": 1}}}}', 1)
        hostile = hostile.replace("{", f'{{"{name}": {{"nbformat": 3}}, ', 1)
        assert open_(hostile)["answers"] == [["ravel", ANSWER]]
    error = open_('{"__proto__": {"nbformat": 4, "cells": []}}')["error"]
    assert "is not a Jupyter notebook" in error


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    "source",
    ["content/solutions/../../x.md", "/etc/passwd", "content/solutions/a/b/c.md", 7, None, [], {}],
)
def test_a_path_in_the_metadata_leads_nowhere(source: object) -> None:
    notebook = ravel()
    notebook["metadata"]["course"] = {"source": source}
    assert open_(notebook)["answers"] == [["ravel", ANSWER]]


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    "odd",
    [
        7,
        [],
        {"toString": 1, "valueOf": 1},
        {"source": {"toString": 1, "valueOf": 1}},
        "x",
        None,
        [[["content/solutions/05-tricks/why.md"]]],
    ],
    ids=str,
)
def test_metadata_of_any_type_does_no_harm(odd: object) -> None:
    for change in ("course", "metadata"):
        notebook = ravel()
        if change == "course":
            notebook["metadata"]["course"] = odd
        else:
            notebook["metadata"] = odd
            for cell in notebook["cells"]:
                cell["attachments"] = cell["outputs"] = cell["id"] = odd
        back = open_(notebook)
        assert back["answers"] == [["ravel", ANSWER]]
    for cell in notebook["cells"]:
        cell["metadata"] = {"nbgrader": odd}
    assert "none of its cells is named ravel." in open_(notebook)["error"]


def test_attachments_with_millions_of_entries_are_not_counted() -> None:
    text = json.dumps(ravel()).replace('"outputs": []', f'"attachments": "{"x" * 15_000_000}"', 1)
    assert open_(text) == {"answers": [["ravel", ANSWER]], "notes": []}
    text = json.dumps(ravel()).replace('"outputs": []', f'"attachments": [{"1," * 3_000_000}1]', 1)
    assert open_(text)["answers"] == [["ravel", ANSWER]]


def test_size_and_depth_do_no_harm() -> None:
    notebook = ravel()
    other = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "x"}}, "source": "1"}
    notebook["cells"] += [other] * 100_000
    assert open_(notebook)["answers"] == [["ravel", ANSWER]]
    deep = json.dumps(ravel()).replace('"outputs": []', f'"outputs": {"[" * 50_000}{"]" * 50_000}')
    back = open_(deep)
    assert back.get("answers") == [["ravel", ANSWER]] or back["error"].endswith(UNCHANGED)
    notebook = ravel()
    notebook["metadata"]["course"] = {"source": "deep"}
    deep = json.dumps(notebook).replace('"deep"', f"{'[' * 200_000}{']' * 200_000}")
    back = open_(deep)
    assert back.get("answers") == [["ravel", ANSWER]] or back["error"].endswith(UNCHANGED)


def test_markup_stays_text() -> None:
    notebook = ravel()
    answer = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    solution(notebook, "ravel")["source"] = answer
    notebook["metadata"]["title"] = answer
    assert open_(notebook)["answers"] == [["ravel", answer]]

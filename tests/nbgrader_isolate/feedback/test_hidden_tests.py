"""Students see what a test says of their answer, and no line of a hidden test."""

from __future__ import annotations

from typing import Any

import pytest
from traitlets.config import Config

from nbgrader_isolate.feedback.hidden_tests import HiddenTestDelimiters, without_hidden_tests
from nbgrader_isolate.feedback.write import delimiters_of
from nbgrader_isolate.notebook.sanitize import inert
from support.outputs import code, display, notebook
from support.sample_feedback import SAID, cell, graded

TEST = """x = f(1)
### BEGIN HIDDEN TESTS
secret = 4711
assert f(secret) == 4712, hint(secret)
)
### END HIDDEN TESTS
assert x == 2"""


def shown(
    *cells: dict[str, Any], delimiters: HiddenTestDelimiters | None = None
) -> list[dict[str, Any]]:
    """Return the cells without hidden tests."""
    filtered: list[dict[str, Any]] = without_hidden_tests(inert(notebook(*cells)), delimiters)[
        "cells"
    ]
    return filtered


def grade_cell(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return cell("code", source, "instructor", *outputs, grade=True, grade_id="t", points=1)


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stderr", "text": text}


def error(*lines: str, message: str = "") -> dict[str, Any]:
    return {"output_type": "error", "ename": "E", "evalue": message, "traceback": list(lines)}


@pytest.mark.parametrize(
    ("source", "visible"),
    [
        (TEST, "x = f(1)\nassert x == 2"),
        ("a = 1\n# BEGIN HIDDEN TESTS\nsecret", "a = 1"),
        ("### BEGIN HIDDEN TESTS\na\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", "c"),
        ("### END HIDDEN TESTS\na = 1", "a = 1"),
        ("a = 1", "a = 1"),
    ],
    ids=["a region", "one without an end", "one in another", "an end alone", "none"],
)
def test_lines_between_the_delimiters_are_removed(source: str, visible: str) -> None:
    (filtered,) = shown(grade_cell(source))
    assert filtered["source"] == visible


def test_a_course_can_set_its_own_delimiters() -> None:
    (filtered,) = shown(
        grade_cell("a\n# VERSTECKT\nb\n# ENDE\nc"),
        delimiters=HiddenTestDelimiters("VERSTECKT", "ENDE"),
    )
    assert filtered["source"] == "a\nc"


def test_a_traceback_keeps_the_students_lines_and_loses_the_hidden_ones() -> None:
    filtered = without_hidden_tests(inert(graded()))["cells"][4]
    (output,) = filtered["outputs"]
    text = "\n".join(output["traceback"])
    assert "return row * n_rows + col" in text
    assert "Cell In[5], line 6" in text
    assert output["evalue"] == SAID
    assert "secret" not in text
    assert "47114711" not in text
    assert "HIDDEN" not in text


def test_a_traceback_in_a_test_with_hidden_lines_shows_only_visible_source() -> None:
    trace = error("File lib.py:3, in helper(x)", "      2 y = table[x]", "----> 3 return other(y)")
    answer = cell("code", "y = table[x]", "student", solution=True, grade_id="a")
    filtered = shown(answer, grade_cell(TEST, trace))[1]
    assert filtered["outputs"][0]["traceback"] == [
        "File lib.py:3, in helper(x)",
        "      2 y = table[x]",
    ]


def test_no_output_and_no_message_keeps_a_hidden_line_of_an_in_process_test() -> None:
    message = "before\n    assert f(secret) == 4712, hint(secret)\nafter"
    answer = code(
        stream(message), display({"text/plain": message}), error(message, message=message)
    )
    test = grade_cell(TEST)
    test["metadata"]["nbgrader_isolate"] |= {"message": message, "mode": "in-process"}
    filtered = shown(answer, test)
    assert "4712" not in str(filtered)
    replaced = "before\n[a line of a hidden test]\nafter"
    assert filtered[0]["outputs"][0]["text"] == replaced
    assert filtered[1]["metadata"]["nbgrader_isolate"]["message"] == replaced


def test_the_name_of_an_error_and_the_messages_of_a_notebook_have_no_hidden_line() -> None:
    line = "assert f(secret) == 4712, hint(secret)"
    test = grade_cell(TEST, error(message="x") | {"ename": line})
    test["metadata"]["nbgrader_isolate"] |= {"mode": "in-process"}
    content = notebook(test)
    content["metadata"]["nbgrader_isolate"] = {"messages": [f"odd: {line}", "other"]}
    filtered = without_hidden_tests(inert(content))
    assert "4712" not in str(filtered)
    assert filtered["metadata"]["nbgrader_isolate"]["messages"][1] == "other"


def test_nothing_is_missing_from_outputs_of_a_notebook_with_isolated_tests() -> None:
    """What is missing would tell students which of their guesses is hidden."""
    test = grade_cell(TEST, stream("secret = 4711"))
    test["metadata"]["nbgrader_isolate"] = {"owner": "instructor", "mode": "isolated"}
    guess = "a\nassert f(secret) == 4712, hint(secret)\nb"
    student, graded_cell = shown(cell("code", "print()", "student", stream(guess)), test)
    assert student["outputs"][0]["text"] == guess
    assert graded_cell["outputs"][0]["text"] == "secret = 4711"
    assert "4712" not in graded_cell["source"]


def test_lines_that_reveal_nothing_stay() -> None:
    (_, filtered) = shown(grade_cell(TEST), code(stream("f(\n)\n")))
    assert filtered["outputs"][0]["text"] == "f(\n)\n"


@pytest.mark.parametrize("words", [("XX", "YY"), ("### XX", "END HIDDEN TESTS")])
def test_settings_of_another_course_show_no_hidden_test(words: tuple[str, str]) -> None:
    delimiters = HiddenTestDelimiters(*words, ("a scheme", "its end"))
    task = cell("markdown", SCHEME, "instructor", task=True, grade_id="s", points=2)
    test = grade_cell(TEST, stream("assert f(secret) == 4712, hint(secret)"))
    test["metadata"]["nbgrader_isolate"]["mode"] = "in-process"
    filtered, scheme = shown(test, task, delimiters=delimiters)
    assert filtered["source"] == "x = f(1)\nassert x == 2"
    assert filtered["outputs"][0]["text"] == "[a line of a hidden test]"
    assert scheme["source"] == "Discuss.\n\nBe brief."


def test_a_region_ends_with_the_word_that_belongs_to_its_beginning() -> None:
    source = "a\n# XX\nb\n### END HIDDEN TESTS\nc\n# YY\nd"
    (filtered,) = shown(grade_cell(source), delimiters=HiddenTestDelimiters("XX", "YY"))
    assert filtered["source"] == "a\nd"


def test_the_name_of_an_error_and_messages_about_a_notebook_are_filtered_too() -> None:
    line = "assert f(secret) == 4712, hint(secret)"
    test = grade_cell(TEST, error("x") | {"ename": line})
    test["metadata"]["nbgrader_isolate"]["mode"] = "in-process"
    executed = notebook(test)
    executed["metadata"]["nbgrader_isolate"] = {"messages": [f"It said {line}", "Fine."]}
    filtered = without_hidden_tests(inert(executed))
    assert filtered["cells"][0]["outputs"][0]["ename"] == "[a line of a hidden test]"
    messages = filtered["metadata"]["nbgrader_isolate"]["messages"]
    assert messages == ["[a line of a hidden test]", "Fine."]


def test_what_a_student_writes_between_delimiters_stays() -> None:
    source = "### BEGIN HIDDEN TESTS\nmine = 1\n### END HIDDEN TESTS"
    (filtered,) = shown(cell("code", source, "student", solution=True, grade_id="a"))
    assert filtered["source"] == source


SCHEME = """Discuss.

=== BEGIN MARK SCHEME ===

model answer: 42

=== END MARK SCHEME ===
Be brief."""


@pytest.mark.parametrize("end", ["", "\n"])
def test_the_marking_scheme_of_a_task_is_removed(end: str) -> None:
    source = SCHEME if end else SCHEME.partition("=== END")[0]
    task = cell("markdown", source, "instructor", task=True, grade_id="t", points=2)
    (filtered,) = shown(task)
    assert filtered["source"] == ("Discuss.\n\nBe brief." if end else "Discuss.")


def test_a_course_can_set_its_own_words_around_a_marking_scheme() -> None:
    config = Config()
    config.ClearMarkScheme.begin_mark_scheme_delimeter = "SCHEMA"
    config.ClearMarkScheme.end_mark_scheme_delimeter = "ENDE"
    task = cell("markdown", "a\n# SCHEMA\nb\n# ENDE\nc", "instructor", task=True, grade_id="t")
    (filtered,) = shown(task, delimiters=delimiters_of(config))
    assert filtered["source"] == "a\nc"


def test_words_of_a_marking_scheme_are_not_looked_for_in_outputs() -> None:
    task = cell("markdown", SCHEME, "instructor", task=True, grade_id="t", points=2)
    _, test = shown(task, grade_cell("f(1)", stream("model answer: 42")))
    assert test["outputs"][0]["text"] == "model answer: 42"

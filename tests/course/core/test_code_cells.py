"""The code cells of a source: their options, their role in grading, and their lines."""

from __future__ import annotations

from markdown_it import MarkdownIt

from course.core.code_cells import CodeCell, cell_of, code_cells

SOURCE = """# Task

```{code-cell}
:grade_id: f
:tags: [a, b]

def f():
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION
```

```python
not_a_cell = 1
```

```{code-cell}
---
grade_id: t
points: 2
in_process: it measures memory
---

assert f()
### BEGIN HIDDEN TESTS
assert f() == 1
### END HIDDEN TESTS
```

```{code-cell}
plain = 1
```
"""


def cells() -> list[CodeCell]:
    return code_cells(MarkdownIt("commonmark").parse(SOURCE))


def test_both_forms_of_options_are_read_and_lines_are_those_of_the_file() -> None:
    solution, test, plain = cells()
    assert solution.options == {"grade_id": "f", "tags": ["a", "b"]}
    assert test.options == {"grade_id": "t", "points": 2, "in_process": "it measures memory"}
    assert plain.options == {}
    lines = SOURCE.splitlines()
    assert [lines[one.line] for one in cells()] == ["```{code-cell}"] * 3
    assert [lines[one.code_line] for one in cells()] == ["def f():", "assert f()", "plain = 1"]


def test_a_cell_is_a_solution_a_test_or_neither() -> None:
    roles = [(one.is_solution, one.is_test, one.has_hidden_part) for one in cells()]
    assert roles == [(True, False, False), (False, True, True), (False, False, False)]
    with_points = cell_of(":points: 1\n### BEGIN SOLUTION\n", 0)
    assert (with_points.is_solution, with_points.is_test) == (True, False)


def test_the_visible_part_has_as_many_lines() -> None:
    test = cells()[1]
    assert test.visible == "assert f()\n\n\n"
    assert test.visible.count("\n") == test.source.count("\n")


def test_a_reason_is_text_and_an_option_without_one_is_empty() -> None:
    assert cells()[0].in_process is None
    assert cells()[1].in_process == "it measures memory"
    assert cell_of(":in_process:\n1", 0).in_process == ""
    assert cell_of(":one_process: old\n1", 0).in_process == "old"
    assert cell_of(":one_process: old\n:in_process: new\n1", 0).in_process == "new"


def test_an_option_that_is_not_yaml_is_kept_as_text() -> None:
    assert cell_of(":tags: [a\n1", 0).options == {"tags": "[a"}
    assert cell_of("", 3) == CodeCell({}, "", 3, 4)
    assert cell_of("---\nx = 1", 0).source == "---\nx = 1"

"""The notebook that is graded says by itself what is hidden in it."""

from __future__ import annotations

import pytest
from traitlets.config import Config

from nbgrader_isolate.bridge.cells import run_cell
from nbgrader_isolate.bridge.names_between import visible_part
from nbgrader_isolate.feedback.hidden_tests import HiddenTestDelimiters
from nbgrader_isolate.planning.base_notebook import with_usual_words
from support import outputs

TEST = "x = 1\n{begin}\nprint('''\nassert secret(x) == 3465\n''')\n{end}\ny = 2"
WORDS = [
    ("VERSTECKT", "ENDE", "# VERSTECKT", "# ENDE (of it)"),
    ("### XX", "### YY", "### XX", "### YY"),
    ("BEGIN HIDDEN", "END HIDDEN", "### BEGIN HIDDEN", "### END HIDDEN"),
    ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "# BEGIN HIDDEN TESTS", "# END HIDDEN TESTS"),
]


@pytest.mark.parametrize(("begin", "end", "first", "last"), WORDS)
def test_a_course_s_own_words_hide_lines_also_where_its_settings_are_unknown(
    begin: str, end: str, first: str, last: str
) -> None:
    config = Config()
    config.ClearHiddenTests.begin_test_delimeter = begin
    config.ClearHiddenTests.end_test_delimeter = end
    source = TEST.format(begin=first, end=last)
    base = with_usual_words(outputs.notebook(outputs.code(source=source)), config)
    (cell,) = base["cells"]
    assert len(cell["source"].split("\n")) == len(source.split("\n"))
    assert HiddenTestDelimiters().split(cell["source"])[0] == "x = 1\ny = 2"
    assert "secret" not in visible_part(cell["source"])
    outcome = run_cell(cell["source"], {}, 3, 1000)
    assert outcome.error is None
    assert outcome.outputs[0]["text"].strip() == "[a line of a hidden test]"
    assert with_usual_words(base, config) == base
    assert with_usual_words(base, Config()) == base

"""The English of a file is its prose and its messages, and not its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.lint.english import Rule
from course.lint.passages import passage
from support.english_findings import refused


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("a.md", "# We mend it\n\nOne\nmay\nmend it.\n", ["1:6", "5:1"]),
        ("a.md", "# A\n\n+++\n\nmend it\n\n```\nx\n```\n\nmend it\n", ["5:1", "11:1"]),
        ("a.md", "A `mend` and\n\n```python\nmend = 'please mend it now'\n```\n", []),
        ("a.md", "[to mend](mend-it) <b title='mend it'>x</b> “please mend it”\n", ["1:5"]),
        ("a.md", '```{code-cell}\n:tags: [predict]\n\nf("Please mend it now.")\n```\n', ["4:11"]),
        ("a.md", "| please mend | it |\n|---|---|\n| a | mend |\n", ["1:10", "3:7"]),
        ("a.py", '"""Please mend it now."""\nmend = 1  # mend\n', ["1:11"]),
        ("a.py", 'raise ValueError(f"{x} é: please mend "\n    f"that, {y}")\n', ["1:34"]),
        ("a.py", 'tell("please"\n     " mend it")\nf("mend")\n', ["2:8"]),
        ("a.py", 'def f():\n    """Return it.\n\n    >>> mend(it)\n    """\n', []),
        ("a.js", "// please mend it now\nsay('please mend it now');\n", ["2:13"]),
        ("a.js", "/* a `mend` b */ say(`please mend ${mend} now`);\n", ["1:30"]),
        ("a.yml", "# please mend\nmend: please mend it\n", ["1:10", "2:14"]),
        ("a.j2", '<p class="please mend it">mend {{ mend }}</p>\n', ["1:27"]),
        ("Makefile", "mend: ## please mend it\n\t@mend it\n", ["1:17"]),
    ],
)
def test_prose_and_messages_are_read_and_code_is_not(
    name: str, text: str, places: list[str], tmp_path: Path
) -> None:
    found = refused(text, name, tmp_path)
    assert found == [f"{name}:{at}: “mend”: programs are fixed; write “fix”" for at in places]


def test_a_phrase_may_go_over_the_end_of_a_line_but_not_of_a_paragraph() -> None:
    rule = Rule("two", "one two", "", "", [], [])
    assert rule.regex.search(passage("one\n  two").text)
    assert not rule.regex.search(passage("one¶two").text)

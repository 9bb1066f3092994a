"""The headings of a source, their anchors, and the text of their sections."""

from __future__ import annotations

from markdown_it import MarkdownIt

from course.core.headings import anchors_in, headings, sections_of, without_header

BODY = """# *One*: `a.T`

Text of **one**.

## Two<a id="x"></a>

```
# not a heading
```

### Deep

Below.

## Three
"""
SOURCE = f"---\ncourse:\n  needs: []\n---\n{BODY}"


def test_headings_are_without_markup_and_their_anchors_are_jupyterlabs() -> None:
    assert [*headings(MarkdownIt("commonmark").parse(BODY))] == ["One: a.T", "Two", "Deep", "Three"]
    assert anchors_in(SOURCE) == ("One:-a.T", "Two", "Deep", "Three")


def test_a_header_is_cut_off_and_lines_are_counted_on() -> None:
    assert without_header(SOURCE) == (BODY, 5)
    assert without_header(BODY) == (BODY, 1)
    assert without_header("---\nno end") == ("---\nno end", 1)


def test_a_section_ends_at_the_next_heading_of_its_level() -> None:
    sections = {name: (level, text) for level, name, text in sections_of(BODY)}
    assert {name: level for name, (level, _) in sections.items()} == {
        "One: a.T": 1,
        "Two": 2,
        "Deep": 3,
        "Three": 2,
    }
    assert "text of one." in sections["One: a.T"][1]
    assert "below." in sections["Two"][1]
    assert "three" not in sections["Two"][1]
    assert sections["Three"][1] == "## three"

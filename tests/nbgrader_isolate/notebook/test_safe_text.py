"""Text that a student wrote, or their code printed, stays readable and has no effect."""

from __future__ import annotations

import time

import pytest

from nbgrader_isolate.notebook.safe_text import clip, disarm, displayable
from support.outputs import Tags
from support.payloads import MARKDOWN

pytestmark = pytest.mark.slow


INERT_TAGS = {"p", "a", "h1", "em", "strong", "code", "pre", "div", "span", "ul", "li", "input"}
INERT_TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"}


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP+q544e\x1b\\text", "text"),
        ("\x1b[2J\x1b[1;1Htext\x9b31m", "text"),
        ("a\rb\r\nc", "a\nb\nc"),
        ("a\0b\bc\x7f", "a␀b␈c␡"),
        ("x = '\u202etxet'", "x = '⟨U+202E⟩txet'"),
        ("\ud800", "\ufffd"),
        ("o" + "\u0301" * 99 + "n", "o" + "\u0301" * 6 + "n"),
        ("tab\tnew\nline é 漢 🙂", "tab\tnew\nline é 漢 🙂"),
    ],
)
def test_terminal_codes_control_characters_and_reordering_have_no_effect(
    printed: str, shown: str
) -> None:
    assert displayable(printed) == shown


@pytest.mark.parametrize("source", MARKDOWN)
def test_no_renderer_finds_a_tag_or_a_script_in_a_students_markdown(source: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    tags = Tags(markdown2html_mistune(disarm(source)))
    assert tags.names <= INERT_TAGS
    for name, value in tags.attributes:
        assert name in {"href", "class", "id", "type", "disabled"}
        assert name != "href" or value.startswith(("http://", "https://", "#"))


@pytest.mark.parametrize(
    "source",
    [
        "# Title\n\nSome *words*, `a < b`, $a < b$ and a [link](https://numpy.org/doc/stable/).",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. `x[0]` (the first)\n2. x < 3 and y > 4",
        "```python\nif a<= b: pass\n```",
        "$$\\frac{1}{2} \\sum_i s_i$$",
    ],
)
def test_honest_markdown_stays_as_it_is(source: str) -> None:
    assert disarm(source) == source


def test_long_output_is_cut_by_bytes_and_keeps_its_beginning_and_its_end() -> None:
    text = "é" * 50_000 + "the end"
    cut = clip(text, 10_000)
    assert len(cut.encode()) <= 10_000
    assert cut.startswith("é")
    assert cut.endswith("the end")
    assert "bytes are left out" in cut


def test_clipping_never_keeps_part_of_a_line_that_could_be_hidden() -> None:
    lines = [f"assert f({k}) == {k * k}  # hidden" for k in range(500)]
    for limit in range(1000, 1060):
        kept = clip("\n".join(lines), limit).split("\n")
        assert {one for one in kept if "left out" not in one} <= {*lines, ""}


@pytest.mark.parametrize(
    "text", ["\x1b]" * 200_000, "\x1bP" * 200_000, "![" * 100_000, "](" * 100_000, "<\\" * 200_000]
)
def test_time_is_linear_in_the_length_of_the_text(text: str) -> None:

    start = time.process_time()
    displayable(text)
    disarm(text)
    assert time.process_time() - start < 20

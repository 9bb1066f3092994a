"""Every link that leads out of the course stands in a record, and the record holds no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.lint import links
from support.checkout import HEADER, make

ENTRY = "{finds: A page., seen: no}"
FOOT = "".join(
    f"{url}: {ENTRY}\n"
    for url in (
        "https://creativecommons.org/licenses/by/4.0/",
        "https://opensource.org/license/bsd-3-clause",
        "https://nbgrader.readthedocs.io",
    )
)


def faults(tmp_path: Path, body: str, record: str) -> list[str]:
    folders = make(tmp_path, {"01-one": f"{HEADER}\n# One\n\n{body}\n"})
    links.record_of(folders).write_text(FOOT + record)
    return [str(fault) for fault in links.faults(folders)]


def test_every_link_of_the_course_is_in_the_record_and_the_record_has_no_other() -> None:
    assert [str(fault) for fault in links.faults(Folders(ROOT))] == []


def test_a_link_that_is_not_in_the_record_is_named_with_file_line_and_what_to_do(
    tmp_path: Path,
) -> None:
    (told,) = faults(tmp_path, "See [x](https://x.org/a#b).", "")
    line = HEADER.count("\n") + 4
    assert told.startswith(f"content/lessons/01-one.md:{line}: the link https://x.org/a is not in")
    assert "add where it leads (`finds`) and how you checked it (`seen`)" in told


def test_an_entry_that_no_text_uses_or_that_says_nothing_is_refused(tmp_path: Path) -> None:
    unused, short = faults(
        tmp_path, "[y](https://y.org)", f"https://x.org: {ENTRY}\nhttps://y.org: {{finds: Y.}}\n"
    )
    assert "content/links.yml:4: no page has the link https://x.org: remove this entry" in unused
    assert "content/links.yml:5: https://y.org: write `finds:`" in short


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("[x](https://x.org/a_(b)) and", "https://x.org/a_(b)"),
        ("(https://x.org/a).", "https://x.org/a"),
        ("<https://x.org/a>,", "https://x.org/a"),
        ('<a href="https://x.org/a/#top">', "https://x.org/a/"),
        ("`git clone https://x.org/a`", "https://x.org/a"),
        ("see https://x.org/a, and", "https://x.org/a"),
    ],
)
def test_an_address_ends_where_its_text_ends(tmp_path: Path, text: str, url: str) -> None:
    assert faults(tmp_path, text, f"{url}: {ENTRY}\n") == []


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://example.org/simple", False),
        ("http://proxy.example.com:3128", False),
        ("https://hub.example/hub", False),
        ("http://127.0.0.1:8888", False),
        ("https://examples.org/a", True),
        ("https://x.org/example.org", True),
    ],
)
def test_nobody_follows_an_address_that_is_an_example(
    tmp_path: Path, url: str, *, followed: bool
) -> None:
    assert bool(faults(tmp_path, f"[x]({url})", "")) == followed

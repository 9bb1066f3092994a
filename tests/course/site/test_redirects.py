"""An old address of a page leads to the new one, also from a disk and without a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course.core import moved
from course.site import redirects


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with all pages at their new addresses."""
    for new in moved.addresses().values():
        (tmp_path / new).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / new).write_text("here")
    return tmp_path


def test_every_old_address_leads_to_the_new_page(site: Path) -> None:
    written = redirects.write(site)
    assert {file.relative_to(site).as_posix() for file in written} == set(moved.addresses())
    for old, new in moved.addresses().items():
        page = BeautifulSoup((site / old).read_text("utf-8"), "html.parser")
        target = page.select_one("a")["href"]
        assert ((site / old).parent / target).resolve() == (site / new).resolve()
        refresh = page.select_one('meta[http-equiv="refresh"]')["content"]
        assert refresh == f"0; url={target}"
        assert page.select_one('link[rel="canonical"]')["href"] == target
        assert not page.select("script, style, [src]")
        assert page.title.string == page.h1.string == "This page has moved"


def test_a_second_time_nothing_is_written(site: Path) -> None:
    redirects.write(site)
    assert redirects.write(site) == []


def test_without_the_new_page_there_is_none_at_the_old_address(tmp_path: Path) -> None:
    assert redirects.write(tmp_path) == []
    assert list(tmp_path.iterdir()) == []

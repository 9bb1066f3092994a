"""A cartridge has a link for each page, a file for each link, and the same bytes every time."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.handout import cartridge
from course.handout.cartridge import CARTRIDGE, WEB_LINK, Link, Module
from course.site.exercise_pages import slugs

SITE = "https://example.org/a b/"
MODULES = [
    Module("00 <&>", [Link("`a < b`", "lessons/00.html"), Link("x", "exercises/a/b c.html")])
]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cartridge of two links."""
    students = tmp_path / f"{cartridge.NAME}-student.zip"
    students.write_bytes(b"zip")
    monkeypatch.setattr(cartridge, "student_zip", lambda _folders: (students, 1))
    monkeypatch.setattr(cartridge, "all_modules", lambda _folders: iter(MODULES))
    file, links = cartridge.cartridge(Folders(tmp_path), "https://example.org/ndarray/index.html")
    assert links == 2
    return file


def test_every_reference_leads_to_a_file_and_every_file_is_referred_to(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        names = archive.namelist()
        table = ET.fromstring(archive.read("imsmanifest.xml"))  # noqa: S314 - our own
    ns = {"c": CARTRIDGE}
    resources = {one.get("identifier"): one for one in table.iterfind(".//c:resource", ns)}
    referred = [item.get("identifierref") for item in table.iterfind(".//c:item", ns)]
    assert sorted(filter(None, referred)) == sorted(filter(None, resources))
    files = [file.get("href") for file in table.iterfind(".//c:resource/c:file", ns)]
    assert sorted([*filter(None, files), "imsmanifest.xml"]) == sorted(names)
    identifiers = [
        element.get("identifier") for element in table.iter() if element.get("identifier")
    ]
    assert len(identifiers) == len(set(identifiers))
    assert table.findtext("c:metadata/c:schemaversion", "", ns) == "1.1.0"
    assert "00 <&>" in [title.text for title in table.iterfind(".//c:title", ns)]


def test_a_link_leads_to_its_page_on_the_teachers_host(written: Path) -> None:
    with zipfile.ZipFile(written) as archive:
        links = [
            ET.fromstring(archive.read(f"{link.identifier}.xml"))  # noqa: S314 - our own
            for link in MODULES[0].links
        ]
    ns = {"w": WEB_LINK}
    assert [link.findtext("w:title", "", ns) for link in links] == ["a < b", "x"]
    addresses = [url.get("href") for link in links for url in link.iterfind("w:url", ns)]
    assert addresses == [
        "https://example.org/ndarray/lessons/00.html",
        "https://example.org/ndarray/exercises/a/b%20c.html",
    ]


def test_the_same_course_is_the_same_cartridge(written: Path) -> None:
    before = written.read_bytes()
    cartridge.cartridge(Folders(written.parents[1]), "https://example.org/ndarray")
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "file:///x/", "javascript:alert(1)", "https:///x", "https://x/?a"],
)
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(CourseError, match="is not the address of a folder on the web"):
        cartridge.checked(address)


@pytest.mark.slow
def test_each_lesson_and_exercise_of_this_course_has_one_link() -> None:
    modules = list(cartridge.all_modules(Folders(ROOT)))
    pages = [link.page for module in modules for link in module.links]
    assert len(pages) == len(set(pages))
    assert {page for page in pages if page.startswith("exercises/")} == {
        *slugs(Folders(ROOT)).values(),
        "exercises/index.html",
    }
    lessons = {f"lessons/{file.stem}.html" for file in (ROOT / "lessons").glob("*.ipynb")}
    assert lessons <= set(pages)

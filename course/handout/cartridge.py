"""`make cartridge`: the course as a Common Cartridge, which Canvas, Moodle and others import.

It holds links to the pages on your host, one module a lesson with its exercises, and the students'
zip. Nothing in it is graded. The format is IMS Common Cartridge 1.1, which all of them read.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.core.exercises import exercise_files, read_exercise
from course.core.paths import Folders
from course.handout.student_zip import NAME, student_zip

CARTRIDGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
METADATA = "http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest"
WEB_LINK = "http://www.imsglobal.org/xsd/imsccv1p1/imswl_v1p1"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True)
class Link:
    """One page of the site.

    Parameters
    ----------
    title : str
        What the link is called.
    page : str
        Its path in the site.
    """

    title: str
    page: str

    @property
    def identifier(self) -> str:
        """A name for it that is the same in every cartridge, so that an import replaces it."""
        return f"link-{hashlib.sha256(self.page.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Module:
    """A lesson and its exercises, as a platform shows them together."""

    title: str
    links: list[Link]

    @property
    def identifier(self) -> str:
        """A name for it that is the same in every cartridge."""
        return f"module-{hashlib.sha256(self.title.encode()).hexdigest()[:16]}"


def cartridge(folders: Folders, address: str) -> tuple[Path, int]:
    """Write the cartridge to `_build/`.

    Parameters
    ----------
    folders : Folders
        The checkout.
    address : str
        Where the site is, such as https://example.org/ndarray/.

    Returns
    -------
    Path
        The cartridge. The same course and address always give the same bytes.
    int
        How many links are in it.

    Raises
    ------
    CourseError
        If the address is not one that a browser opens.
    """
    site = checked(address)
    modules = list(all_modules(folders))
    students, _ = student_zip(folders)
    files = {"imsmanifest.xml": manifest(modules).encode()}
    for module in modules:
        for link in module.links:
            files[f"{link.identifier}.xml"] = web_link(link, site).encode()
    files[students.name] = students.read_bytes()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    target = folders.build / f"{NAME}.imscc"
    write_atomically(target, zipped.getvalue())
    return target, sum(len(module.links) for module in modules)


def checked(address: str) -> str:
    """Return an address with a slash at the end.

    Raises
    ------
    CourseError
        If it is not one that a browser opens.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise CourseError(
            f"{address!r} is not the address of a folder on the web: give the one of your pages, "
            "as in `make cartridge URL=https://example.org/ndarray/`."
        )
    path = parts.path.removesuffix("index.html").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/"


def all_modules(folders: Folders) -> Iterator[Module]:
    """Yield a module for each lesson, in reading order, then one for what belongs to none."""
    from course.render.course_map import load

    exercises = [read_exercise(file) for file in exercise_files(folders.exercises)]
    for lesson in load(folders.content / "course.yml", folders.lessons).ready:
        own = [one for one in exercises if one.assignment.partition("-")[0] == lesson.number]
        links = [Link(lesson.title, f"lessons/{lesson.slug}.html")]
        links += [Link(f"Exercise: {one.title}", f"exercises/{one.place}.html") for one in own]
        number = f"{lesson.number} " if lesson.number else ""
        yield Module(f"{number}{lesson.title}", links)
    yield Module(
        "To look up",
        [
            Link("All exercises", "exercises/index.html"),
            Link("Cheat sheet", "cheat-sheet.html"),
            Link("Glossary", "glossary.html"),
        ],
    )


def manifest(modules: list[Module]) -> str:
    """Return the table of contents of the cartridge."""
    items = "".join(
        f"<item identifier={quoteattr(module.identifier)}><title>{escape(module.title)}</title>"
        + "".join(
            f'<item identifier="item-{link.identifier}" identifierref="{link.identifier}">'
            f"<title>{escape(plain(link.title))}</title></item>"
            for link in module.links
        )
        + "</item>"
        for module in modules
    )
    students = f"{NAME}-student.zip"
    items += (
        '<item identifier="module-download"><title>To work on your own computer</title>'
        '<item identifier="item-download" identifierref="download">'
        "<title>Lessons, exercises and instruments (zip)</title></item></item>"
    )
    resources = "".join(
        f'<resource identifier="{link.identifier}" type="imswl_xmlv1p1">'
        f'<file href="{link.identifier}.xml"/></resource>'
        for module in modules
        for link in module.links
    )
    resources += (
        f'<resource identifier="download" type="webcontent" href="{students}">'
        f'<file href="{students}"/></resource>'
    )
    return (
        f'{HEAD}<manifest identifier="{NAME}" xmlns="{CARTRIDGE}" xmlns:lomimscc="{METADATA}">'
        "<metadata><schema>IMS Common Cartridge</schema><schemaversion>1.1.0</schemaversion>"
        "<lomimscc:lom><lomimscc:general><lomimscc:title>"
        '<lomimscc:string language="en">Inside the ndarray</lomimscc:string>'
        "</lomimscc:title></lomimscc:general></lomimscc:lom></metadata>"
        '<organizations><organization identifier="organization" structure="rooted-hierarchy">'
        f'<item identifier="root">{items}</item></organization></organizations>'
        f"<resources>{resources}</resources></manifest>\n"
    )


def web_link(link: Link, site: str) -> str:
    """Return the file of one link."""
    address = quoteattr(site + quote(link.page))
    return (
        f'{HEAD}<webLink xmlns="{WEB_LINK}"><title>{escape(plain(link.title))}</title>'
        f'<url href={address} target="_blank"/></webLink>\n'
    )


def plain(title: str) -> str:
    """Return a title without the marks of Markdown."""
    return re.sub(r"[`*]", "", title)

"""The search index has what readers may find, and stays small."""

from __future__ import annotations

import base64
import json
import re
import zlib

from course.core.paths import ROOT, Folders
from course.render.course_map import load
from course.site.extra_pages import SitePages


def places_of(pages: SitePages) -> list[list[object]]:
    packed = re.search(r'"(.*)"', pages.search_index())
    assert packed
    data = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return [[*data["pages"][number], *rest] for number, *rest in data["places"]]


def test_the_search_finds_sections_terms_and_names_but_no_answers(pages: SitePages) -> None:
    places = places_of(pages)
    assert places[0] == [
        "glossary.html",
        "Glossary",
        "stride",
        "stride",
        "A step, in bytes & more.",
    ]
    assert [
        "lessons/01-one.html",
        "01 One",
        "First-idea",
        "First idea",
        "Words of the idea, with x_1 in them. A stride is a step. np.linalg.norm ss.layout",
    ] in places
    assert ["lessons/01-one.html", "01 One", "text", "One", "A puzzle about a.T."] in places
    assert [place[3] for place in places if place[0] == "lessons/02-two.html"] == ["Two", "Other"]
    assert not re.search(r"secret|The answer", str(places))


def test_an_exercise_is_found_by_its_title_first_and_without_its_hints() -> None:
    folders = Folders(ROOT)
    places = places_of(SitePages(folders, load(folders.content / "course.yml", folders.lessons)))
    page, where, anchor, heading, text = next(place for place in places if place[3] == "ravel")
    assert (page, where, anchor) == ("exercises/02-strides/ravel.html", "Exercise", "text")
    assert heading == "ravel"
    assert "Memory has no rows." in str(text)
    assert "How far is it from the start of one row" not in str(text)


def test_the_search_index_of_the_whole_course_will_stay_small() -> None:
    folders = Folders(ROOT)
    course = load(folders.content / "course.yml", folders.lessons)
    real = SitePages(folders, course)
    weight = len(real.search_index()) / len(course.ready)
    assert weight * 9 <= 110_000

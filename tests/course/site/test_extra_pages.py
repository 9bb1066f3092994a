"""The pages beside the lessons fill themselves from the lessons that are there."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from course.content.build import build
from course.core.paths import ROOT, Folders
from course.render import Renderer
from course.render.course_map import load
from course.site.extra_pages import SitePages
from course.site.sections import main_sections, sections
from support.checkout import HEADER, make

ONE = """
# One

A puzzle about `a.T`.

## First *idea*

Words of the idea, with $x_1$ in them. A **stride** is a step.

$$\\sum_k s_k$$

```{code-cell}
:tags: [predict]

ss.predict("np.secret")
```

```{code-cell}
np.linalg.norm(x); ss.layout(a)
```

### Further in: more

+++ {"tags": ["further"]}

Folded words.

+++ {"tags": ["rules"]}

## The rules of this lesson

1. Strides count `bytes`, see [two](02-two.ipynb).

## Where to go from here

Not a rule.

+++ {"tags": ["quiz"]}

## Quiz

<details>
<summary>1. A question?</summary>

The answer.

</details>
"""
TWO = "\n# Two\n\n## Other\n\nText.\n"
GLOSSARY = """
stride: {means: "A step, in `bytes` & more.", lesson: 01-one, at: First idea}
later: {means: "Not yet.", lesson: 03-later, at: Somewhere}
"""
SCHEDULES = """
- name: One session
  minutes: 30
  sessions:
  - title: All of it
    parts:
    - {lesson: 01-one, at: [One, First idea]}
    - {lesson: 03-later, at: [Somewhere]}
"""


@pytest.fixture
def pages(tmp_path: Path) -> SitePages:
    folders = make(tmp_path, {"01-one": HEADER + ONE, "02-two": HEADER + TWO})
    course_yml = folders.content / "course.yml"
    course_yml.write_text(course_yml.read_text() + "- {slug: 03-later, title: L, about: A.}\n")
    (folders.content / "glossary.yml").write_text(GLOSSARY)
    (folders.content / "schedules.yml").write_text(SCHEDULES)
    build(folders, lessons_only=True)
    return SitePages(folders, load(course_yml, folders.lessons))


def soup_of(pages: SitePages, name: str) -> BeautifulSoup:
    renderer = Renderer(pages.course, pages.folders.web)
    return BeautifulSoup(pages.bytes_of(renderer, name), "html.parser")


def places_of(pages: SitePages) -> list[list[object]]:
    packed = re.search(r'"(.*)"', pages.search_index())
    assert packed
    data = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return [[*data["pages"][number], *rest] for number, *rest in data["places"]]


def test_the_cheat_sheet_has_the_card_of_each_lesson_that_has_one(pages: SitePages) -> None:
    (card,) = soup_of(pages, "cheat-sheet").select(".card")
    assert card.h2 is not None
    assert card.h2.get_text() == "01 One"
    assert [item.get_text() for item in card.select("li")] == ["Strides count bytes, see two."]
    assert "Not a rule" not in card.get_text()
    links = [str(link["href"]) for link in card.select("a")]
    assert links == ["lessons/01-one.html", "lessons/02-two.html"]


def test_the_glossary_has_the_terms_of_lessons_that_can_be_read(pages: SitePages) -> None:
    (term,) = soup_of(pages, "glossary").select(".terms > div")
    assert term["id"] == "stride"
    assert term.dt is not None
    assert term.dt.get_text() == "stride"
    assert "A step, in bytes & more." in term.get_text()
    (link,) = term.select("a")
    assert link["href"] == "lessons/01-one.html#First-idea"


def test_a_schedule_takes_its_minutes_from_the_lessons(pages: SitePages) -> None:
    page = soup_of(pages, "teaching")
    minutes = main_sections(pages.notebooks["01-one"])
    wanted = round(minutes["One"] + minutes["First idea"])
    (row,) = page.select(".plan tbody tr")
    assert row.select("td")[-1].get_text() == str(wanted)
    assert "the puzzle · First idea" in row.get_text()
    assert "being written are left out" in page.get_text()


def test_the_search_finds_sections_terms_and_names_but_no_answers(pages: SitePages) -> None:
    places = places_of(pages)
    assert places[0] == [
        "glossary.html",
        "Glossary",
        "stride",
        "stride",
        "A step, in `bytes` & more.",
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


def test_folded_boxes_and_generated_lines_take_no_minutes(pages: SitePages) -> None:
    minutes = {part.heading: part.minutes for part in sections(pages.notebooks["01-one"])}
    assert minutes["Further in: more"] == 0
    assert minutes["First idea"] > 2.5 + 0.75 + 1  # a prediction, a cell, a picture, and words


def test_the_sections_of_a_real_lesson_take_as_long_as_the_lesson_says() -> None:
    folders = Folders(ROOT)
    course = load(folders.content / "course.yml", folders.lessons)
    pages = SitePages(folders, course)
    for lesson in course.ready:
        total = sum(main_sections(pages.notebooks[lesson.slug]).values())
        assert lesson.minutes is not None
        assert lesson.minutes - 5.5 < total <= lesson.minutes + 0.5, lesson.slug


def test_no_session_of_the_course_is_longer_than_it_says() -> None:
    folders = Folders(ROOT)
    pages = SitePages(folders, load(folders.content / "course.yml", folders.lessons))
    schedules = pages.teaching()["schedules"]
    assert isinstance(schedules, list)
    assert schedules
    for schedule in schedules:
        for session in schedule.sessions:
            told = f"{schedule.name}: {session.title}: move sections out in content/schedules.yml"
            assert session.minutes <= schedule.minutes, told


def test_the_search_index_of_the_whole_course_will_stay_small() -> None:
    folders = Folders(ROOT)
    course = load(folders.content / "course.yml", folders.lessons)
    real = SitePages(folders, course)
    weight = len(real.search_index()) / len(course.ready)
    assert weight * 9 <= 110_000

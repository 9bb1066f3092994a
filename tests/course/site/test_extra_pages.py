"""The pages beside the lessons fill themselves from the lessons that are there."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course.core.paths import ROOT, Folders
from course.render import Renderer
from course.render.course_map import load
from course.site.extra_pages import SitePages
from course.site.sections import main_sections


def soup_of(pages: SitePages, name: str) -> BeautifulSoup:
    renderer = Renderer(pages.course, pages.folders.web)
    return BeautifulSoup(pages.bytes_of(renderer, name), "html.parser")


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


def test_what_no_session_covers_is_to_be_read_alone() -> None:
    folders = Folders(ROOT)
    pages = SitePages(folders, load(folders.content / "course.yml", folders.lessons))
    schedules = pages.teaching()["schedules"]
    assert isinstance(schedules, list)
    for schedule in schedules:
        total = sum(sum(main_sections(one).values()) for one in pages.notebooks.values())
        in_class = sum(session.minutes for session in schedule.sessions)
        assert in_class + sum(schedule.alone.values()) == pytest.approx(total)
        assert list(schedule.alone) == [lesson.slug for lesson in pages.course.ready]
        assert schedule.alone["09-arrays-without-borders"] > 30


def test_no_lesson_of_the_course_takes_more_than_an_hour() -> None:
    folders = Folders(ROOT)
    course = load(folders.content / "course.yml", folders.lessons)
    long = {one.slug: one.minutes for one in course.ready if one.number and one.minutes > 60}
    assert long == {}, "move something to another lesson, or into a box that is folded"


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

"""How long the sections of a lesson take."""

from __future__ import annotations

from course.core.paths import ROOT, Folders
from course.render.course_map import load
from course.site.extra_pages import SitePages
from course.site.sections import main_sections, sections


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

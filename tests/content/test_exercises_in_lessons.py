"""Each exercise is linked from the section of the lesson that prepares it, and has its number."""

from __future__ import annotations

import re

import pytest

from course.core.exercises import ORDER, Exercise, exercise_files, read_exercise
from course.core.headings import sections_of
from course.core.paths import ROOT

EXERCISES = [read_exercise(file) for file in exercise_files(ROOT / "exercises")]
TASKS = [one for one in EXERCISES if one.name != "why" and one.assignment != "09-capstone"]
LESSONS = {
    file.name[:2]: file.read_text("utf-8")
    for file in (ROOT / "content" / "lessons").glob("[0-9]*.md")
}
END = {"Where to go from here"}
TABLE = re.compile(r"(?m)^\| (\d) \|.*\| (\d+)(?:, in \w+ steps)? \|$")
PARTS = re.compile(r"(?m)^\*\*(\d[a-z]), .* \((\d+) minutes\)\.\*\*")


def needs(exercise: Exercise) -> list[str]:
    """Return the lessons that an exercise builds on."""
    return list(exercise.notebook["metadata"]["course"]["needs"])


def linking_sections(exercise: Exercise, lesson: str) -> list[str]:
    """Return the headings of a lesson in whose text there is a link to the exercise."""
    link = f"](../exercises/{exercise.place}.ipynb)"
    smallest = [
        (heading, below)
        for level, heading, below in sections_of(LESSONS[lesson])
        if level > 1 and link.lower() in below.lower()
    ]
    return [heading for heading, _ in smallest]


@pytest.mark.parametrize("exercise", TASKS, ids=lambda one: one.place)
def test_a_section_of_its_lesson_leads_to_each_exercise(exercise: Exercise) -> None:
    lesson = exercise.assignment[:2]
    found = set(linking_sections(exercise, lesson)) - END
    assert found, f"link {exercise.place} below the rule of the section that prepares it"


@pytest.mark.parametrize("exercise", TASKS, ids=lambda one: one.place)
def test_an_exercise_has_the_number_of_the_last_lesson_that_it_needs(exercise: Exercise) -> None:
    assert max(needs(exercise)) == exercise.assignment[:2]


@pytest.mark.parametrize("lesson", sorted({one.assignment[:2] for one in TASKS}))
def test_exercises_come_in_the_order_in_which_the_lesson_links_them(lesson: str) -> None:
    wanted = [one.place for one in TASKS if one.assignment.startswith(lesson)]
    prepared, _, end = LESSONS[lesson].partition("\n## Where to go from here\n")
    for text in (prepared, end):
        links = re.findall(r"\]\(\.\./exercises/([^)]+)\.ipynb\)", text)
        assert [place for place in dict.fromkeys(links) if place in wanted] == wanted


def test_each_task_has_its_place_in_the_order() -> None:
    assert sorted(ORDER) == sorted(one.name for one in TASKS)


def test_no_step_of_the_capstone_is_planned_longer_than_twenty_minutes() -> None:
    text = (ROOT / "content/solutions/09-capstone/your-ndarray.md").read_text("utf-8")
    steps = {number: int(minutes) for number, minutes in TABLE.findall(text)}
    parts = [(part[0], int(minutes)) for part, minutes in PARTS.findall(text)]
    assert list(steps) == ["1", "2", "3", "4", "5", "6"]
    assert max(minutes for _, minutes in parts) <= 20
    for number, total in steps.items():
        mine = [minutes for step, minutes in parts if step == number]
        assert sum(mine) == total if mine else total <= 20
    assert sum(steps.values()) == 135, "the texts say two and a quarter hours"


def test_the_parts_of_mini_array_are_numbered_in_the_order_of_the_course() -> None:
    titles = [one.title for one in EXERCISES if one.name.startswith("mini-")]
    numbers = [match[1] for title in titles if (match := re.search(r"part (\d)", title))]
    assert numbers == [str(n) for n in range(1, len(titles) + 1)]

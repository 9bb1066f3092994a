"""Answers that a browser keeps: a file replaces them only with a way back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.in_node import NODE
from support.live_modules import handed_out, in_live, solution

pytestmark = [pytest.mark.slow, pytest.mark.skipif(NODE is None, reason="needs node")]
CAPSTONE = "09-capstone/your-ndarray"
ONE, TWO = "your-ndarray-step-1", "your-ndarray-step-2"
SHELF = f"inside-the-ndarray/code/exercises/{CAPSTONE}/"
# A browser's storage of `room` characters, then the steps of a case on the answers of an exercise.
STEPS = """({ exercise, kept, room, open, steps }) => {
  const SHELF = "inside-the-ndarray/code/exercises/09-capstone/your-ndarray/";
  const items = new Map(Object.entries(kept));
  globalThis.localStorage = {
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => items.delete(key),
    setItem: (key, text) => {
      if (text.length > room) throw new DOMException("full", "QuotaExceededError");
      items.set(key, text);
    },
  };
  const said = steps.map(([act, texts]) => {
    const answerTo = (id) => items.get(`${SHELF}${id}`) ?? null;
    const answers = new Answers(exercise, open ? answerTo : undefined);
    if (act === "file") return answers.file();
    if (act === "has") return answers.hasBefore;
    const taken = act === "take" ? answers.take(new Map(texts)) : answers.bringBack();
    return { ...taken, changed: [...taken.changed] };
  });
  return { said, items: Object.fromEntries(items) };
}"""


def run(
    *steps: object, kept: dict[str, str] | None = None, room: int = 10_000, open_: bool = True
) -> dict[str, Any]:
    """Do some steps, each on a new visit; return what each says, and what the browser then has.

    `open_` tells whether the exercise's page is open.
    """
    exercise = handed_out(CAPSTONE)
    case = {"exercise": exercise, "kept": kept or {}, "room": room, "open": open_, "steps": steps}
    (found,) = in_live({"answers.js": ["Answers"]}, STEPS, [case])
    result: dict[str, Any] = found
    return result


def answers_in(items: dict[str, str]) -> dict[str, str]:
    """Return the answers among the items of a browser."""
    return {
        key.removeprefix(SHELF): text
        for key, text in items.items()
        if key.startswith(SHELF) and "(before)" not in key
    }


def test_answers_come_where_nothing_was_written() -> None:
    done = run(["take", [[ONE, "1"], [TWO, None]]], ["has"])
    assert done["said"] == [{"changed": [[ONE, "1"]], "replaced": False, "trouble": ""}, False]
    assert answers_in(done["items"]) == {ONE: "1"}


def test_what_was_written_here_can_be_brought_back_and_forth_on_later_visits() -> None:
    mine = {SHELF + ONE: "mine"}
    steps = [["take", [[ONE, "1"], [TWO, "2"]]], ["has"], ["back"]]
    done = run(*steps, kept=mine)
    assert done["said"][0] == {
        "changed": [[ONE, "1"], [TWO, "2"]],
        "replaced": True,
        "trouble": "",
    }
    assert done["said"][1] is True
    assert answers_in(done["items"]) == {ONE: "mine"}
    assert answers_in(run(*steps, ["back"], kept=mine)["items"]) == {ONE: "1", TWO: "2"}


def test_a_second_file_leaves_the_way_back_to_what_was_written_here() -> None:
    mine = {SHELF + ONE: "mine", SHELF + TWO: "mine, too"}
    first, second = ["take", [[ONE, "1"], [TWO, "2"]]], ["take", [[ONE, "other"]]]
    done = run(first, second, ["back"], kept=mine)
    assert answers_in(done["items"]) == {ONE: "mine", TWO: "mine, too"}
    done = run(first, second, ["back"], ["back"], kept=mine)
    assert answers_in(done["items"]) == {ONE: "other", TWO: "2"}
    # After the way back, what is here is the reader's again.
    done = run(first, ["back"], second, ["back"], kept=mine)
    assert answers_in(done["items"]) == {ONE: "mine", TWO: "mine, too"}


def test_an_edit_of_what_a_file_brought_is_not_lost_to_the_next_file() -> None:
    done = run(["take", [[ONE, "1"]]], kept={SHELF + ONE: "mine"})
    edited = done["items"] | {SHELF + ONE: "1, edited"}
    done = run(["take", [[ONE, "other"]]], ["back"], kept=edited)
    assert answers_in(done["items"]) == {ONE: "1, edited"}


def test_an_answer_that_is_as_handed_out_or_the_same_replaces_nothing() -> None:
    mine = {SHELF + ONE: "mine\r\n"}
    for texts in ([[ONE, None]], [[ONE, "mine"]], []):
        done = run(["take", texts], ["has"], kept=mine)
        assert done["said"] == [{"changed": [], "replaced": False, "trouble": ""}, False]
        assert done["items"] == mine


def test_names_that_are_not_of_the_exercise_are_not_kept() -> None:
    texts = [["__proto__", "x"], ["../ravel", "x"], ["other", "x"], ["(before)", "x"]]
    assert run(["take", texts])["items"] == {}


def test_a_full_storage_is_said_and_where_no_page_is_open_nothing_changes() -> None:
    mine = {SHELF + ONE: "mine", SHELF + TWO: "also mine"}
    texts = [[ONE, "1"], [TWO, "x" * 100]]
    done = run(["take", texts], ["has"], kept=mine, room=60, open_=False)
    assert done["said"][0]["changed"] == []
    assert "storage for the page is full" in done["said"][0]["trouble"]
    assert done["said"][1] is False
    assert answers_in(done["items"]) == answers_in(mine)


def test_a_full_storage_is_said_and_the_page_has_the_answer() -> None:
    done = run(["take", [[ONE, "x" * 100]]], room=50)
    assert "storage for the page is full" in done["said"][0]["trouble"]
    assert done["said"][0]["changed"] == [[ONE, "x" * 100]]


@pytest.mark.parametrize("text", ["{", "null", "[1]", '{"a": 1}', '[["x", 1]]', "[[null]]"])
def test_what_somebody_else_wrote_into_the_storage_does_no_harm(text: str) -> None:
    assert run(["has"], kept={f"{SHELF}(before)": text})["said"] == [False]


def test_the_file_to_hand_in_has_the_answers_of_this_browser() -> None:
    (file,) = run(["file"], kept={SHELF + ONE: "class MiniArray: ..."})["said"]
    assert file["name"] == "your-ndarray.ipynb"
    notebook = json.loads(file["text"])
    given = handed_out(CAPSTONE)["notebook"]
    assert solution(notebook, ONE)["source"] == ["class MiniArray: ..."]
    solution(notebook, ONE)["source"] = solution(given, ONE)["source"]
    assert notebook == given

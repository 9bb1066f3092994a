"""What the pages say about exercises is what `make check` says: the modules run under node."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from course.exercises.check import ANSWERED, SOLVED, STARTED, UNTOUCHED, State, next_exercise
from course.exercises.runner_child import failure_of
from course.live.kernel import Kernel
from support.in_node import in_node

pytestmark = pytest.mark.slow

LIVE = "../../../../web/live"
PROGRESS, OUTCOME = f"{LIVE}/progress.js", f"{LIVE}/outcome.js"
ENTRY = {"place": "02-strides/ravel", "script": "exercise-1.js", "tests": ["one", "two"]}
WORDS = (UNTOUCHED, STARTED, SOLVED, ANSWERED)


def test_the_next_exercise_is_the_one_that_make_check_names() -> None:
    lists = [list(words) for n in range(4) for words in itertools.product(WORDS, repeat=n)]
    lists += [random.Random(k).choices(WORDS, k=41) for k in range(20)]  # noqa: S311
    found = in_node(
        {PROGRESS: ["nextOf"]}, "(words) => nextOf(words.map((word) => ({ word }))) ?? null", lists
    )
    for words, place in zip(lists, found, strict=True):
        states = [State("a", str(k), word) for k, word in enumerate(words)]
        one = next_exercise(states)
        assert place == (int(one.task) if one else None), words


def test_after_an_exercise_comes_the_next_one_that_is_not_done_and_then_the_first() -> None:
    cases = [
        ([UNTOUCHED, SOLVED, STARTED], 1),
        ([STARTED, SOLVED, ANSWERED, UNTOUCHED], 1),
        ([UNTOUCHED, SOLVED, ANSWERED], 1),
        ([SOLVED, ANSWERED], 0),
    ]
    body = "([words, own]) => nextAfter(words.map((word) => ({ word })), own) ?? null"
    assert in_node({PROGRESS: ["nextAfter"]}, body, cases) == [2, 3, 0, None]


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    ("answers", "checked", "passed", "said"),
    [
        ([None], [None], ["one", "two"], "not started"),
        (["x"], None, [], "edited, not checked"),
        (["x"], ["y"], ["one", "two"], "edited, not checked"),
        (["x"], ["x"], [], "0 of 2 tests pass"),
        (["x"], ["x"], ["two"], "1 of 2 tests pass"),
        (["x", None], ["x", None], ["two", "one", "removed"], "visible tests pass"),
    ],
)
def test_a_state_counts_for_the_answers_that_were_checked(
    answers: list[str | None], checked: list[str | None] | None, passed: list[str], said: str
) -> None:
    case = {"entry": ENTRY, "answers": answers, "checked": checked, "passed": passed}
    body = """({ entry, answers, checked, passed }) => {
      const record = checked && { answers: fingerprint(entry, checked), passed };
      return wordsFor(stateOf(entry, answers, record));
    }"""
    names = ["fingerprint", "stateOf", "wordsFor"]
    assert in_node({PROGRESS: names}, body, [case]) == [said]


def test_a_question_without_tests_is_answered_and_a_changed_exercise_not_checked() -> None:
    body = """({ entry, other }) => {
      const record = { answers: fingerprint(entry, ["x"]), passed: entry.tests };
      return [
        wordsFor(stateOf({ ...entry, tests: [] }, ["x"], null)),
        wordsFor(stateOf(other, ["x"], record)),
      ];
    }"""
    case = {"entry": ENTRY, "other": {**ENTRY, "script": "exercise-2.js"}}
    names = ["fingerprint", "stateOf", "wordsFor"]
    assert in_node({PROGRESS: names}, body, [case]) == [["answered", "edited, not checked"]]


FAILURES = [
    "assert 1 == 2",
    "assert 1 == 2, 'expected 1, got 2. Count again.'",
    "raise AssertionError('f is not written yet.')",
    "raise NotImplementedError",
    "raise NotImplementedError('later')",
    "missing",
    "{}['key']",
    "raise ValueError('no')",
    "1 / 0",
]


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("source", FAILURES)
def test_a_failing_test_says_what_make_check_says(source: str) -> None:
    result = Kernel(lambda _message: None).run(source, "test")
    wanted = failure_of({"id": "test", "source": source}, {})
    body = "({ error }) => messageOf(error)"
    assert in_node({OUTCOME: ["messageOf"]}, body, [result]) == [wanted]


def outcome(error: dict[str, str] | None, printed: str = "", trouble: str = "") -> Any:  # noqa: ANN401
    """Return what the page makes of a test's end."""
    case = {"error": error, "printed": printed, "trouble": trouble}
    body = "({ error, printed, trouble }) => outcomeOf(error, printed, trouble)"
    (found,) = in_node({OUTCOME: ["outcomeOf"]}, body, [case])
    return found


def test_an_outcome_tells_passed_from_failed_and_not_written() -> None:
    unwritten = {"name": "AssertionError", "value": "f is not written yet."}
    assert outcome(None, "All right.\n") == {"kind": "passed", "text": "All right."}
    assert outcome(unwritten) == {"kind": "unwritten", "text": "f is not written yet."}
    bare = {"name": "NotImplementedError", "value": ""}
    assert outcome(bare) == {"kind": "unwritten", "text": "This is not written yet."}
    missing = {"name": "NameError", "value": "name 'f' is not defined"}
    trouble = "SyntaxError: invalid syntax, in the line `def f(:`"
    text = f"A cell above the test failed: {trouble}"
    assert outcome(missing, trouble=trouble) == {"kind": "failed", "text": text}
    assert outcome(missing)["text"] == "NameError: name 'f' is not defined"

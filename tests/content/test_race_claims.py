"""What lessons say about recorded races is true of the figures that they show."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from course.core.paths import ROOT

LESSONS = ROOT / "content" / "lessons"
RECORDED = ROOT / "lessons" / "recorded"


class Claim(NamedTuple):
    """A phrase of a lesson, and the bounds within which the ratio of two recorded times makes it
    true."""

    lesson: str
    says: str
    race: str
    way: str
    base: str
    low: float
    high: float

    def ratio(self) -> float:
        """Return how many times as long as `base` the way took."""
        file = RECORDED / f"{self.lesson}.json"
        seconds = json.loads(file.read_text("utf-8"))[self.race]["seconds"]
        found: float = seconds[self.way] / seconds[self.base]
        return found


SPEED, CACHES, TRICKS = (
    "06-measuring-speed",
    "07-caches-and-blas",
    "08-stride-tricks-and-convolution",
)
TWICE = "none of them takes even twice as long"
FOUR_TIMES = "on that machine they take four times as long"
FASTEST = "slabs in blocks"
ANY = float("inf")
CLAIMS = [
    Claim(SPEED, "In the recorded race, and on most machines", "languages", "C", "NumPy", 1.5, ANY),
    Claim(SPEED, "takes almost no time", "fresh memory", "np.zeros", "np.ones", 0, 0.01),
    Claim(
        SPEED,
        "The code that writes to the array later pays what `np.ones` costs.",
        "fresh memory",
        "np.zeros, then write",
        "np.ones",
        0.8,
        1.25,
    ),
    Claim(
        SPEED,
        "is much cheaper than making a new array",
        "fresh memory",
        "write only",
        "np.ones",
        0,
        0.6,
    ),
    Claim(
        SPEED,
        "C with this generator is far ahead of NumPy",
        "generators",
        "modern C without array",
        "NumPy",
        0,
        0.6,
    ),
    Claim(SPEED, "a faster generator, and larger", "generators", "C", "modern C", 1.2, ANY),
    Claim(SPEED, "a faster generator, and larger", "generators", "modern C", "NumPy", 1.2, ANY),
    Claim(SPEED, "working in chunks is also faster", "chunks", "chunks", "at once", 0.3, 0.9),
    Claim(
        SPEED, "most of the time still goes into", "chunks", "add only", "with two threads", 0, 0.5
    ),
    Claim(SPEED, "takes several times as long as", "norm", "as written", "linalg.norm", 3, 10),
    Claim(SPEED, "the chunks are faster than `out=`", "norm", "in chunks", "out=", 0.3, 0.9),
    Claim(SPEED, "take twice as long as `linalg", "norm", "in chunks", "linalg.norm", 1.7, 2.3),
    Claim(CACHES, "take about the same time.", "whole sums", "table.T", "table", 0.8, 1.25),
    Claim(CACHES, "this beats the single call.", "moving", "T in blocks", "T.copy()", 0, 0.9),
    Claim(CACHES, "The integers take many times", "products", "int64", "float64", 8, ANY),
    Claim(CACHES, TWICE, "norms", "sqrt(a @ a)", "norm(a)", 0.5, 2),
    Claim(CACHES, TWICE, "norms", "sqrt(vecdot(a, a))", "norm(a)", 0.5, 2),
    Claim(CACHES, TWICE, "norms", "sqrt(einsum)", "norm(a)", 0.5, 2),
    Claim(CACHES, FOUR_TIMES, "norms", "norm(a, axis=0)", "norm(a)", 3.5, 4.5),
    Claim(CACHES, FOUR_TIMES, "norms", "vector_norm(a)", "norm(a)", 3.5, 4.5),
    Claim(
        CACHES, "takes more than four times", "powers of two", "1024 × 1024", "1000 × 1000", 4, 6
    ),
    Claim(TRICKS, "one of them a hundred times as fast", "400", "loops", "nine shifts", 80, 130),
    Claim(TRICKS, "in a fraction of the time", "400", "slabs", "published", 0, 0.3),
    Claim(TRICKS, "it loses to a loop with nine", "400", "published", "nine shifts", 2, ANY),
    *(
        Claim(TRICKS, "was the fastest on the recorded machine at 4000", "4000", FASTEST, way, 0, 1)
        for way in ("slabs", "nine shifts", "nine rows", "published", "tensordot", "einsum")
    ),
    Claim(TRICKS, "about as fast as the fastest at 400", "400", FASTEST, "slabs", 0.9, 1.1),
    Claim(TRICKS, "A fifth way is faster still", "400", "slabs", "nine shifts", 0, 0.9),
    Claim(TRICKS, "A fifth way is faster still", "4000", "slabs", "nine shifts", 0, 0.9),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.race} {claim.way}")
def test_a_sentence_about_a_race_is_true_of_the_recorded_figures(claim: Claim) -> None:
    text = " ".join((LESSONS / f"{claim.lesson}.md").read_text("utf-8").split())
    assert claim.says in text, "the sentence has changed: change the claim with it"
    assert claim.low <= claim.ratio() <= claim.high, f"{claim.says}: ×{claim.ratio():.3g}"


def test_fresh_pages_are_two_fifths_of_what_makes_the_formula_slow() -> None:
    text = " ".join((LESSONS / f"{SPEED}.md").read_text("utf-8").split())
    says = "about two fifths of the extra time compared with `linalg.norm` are the price of fresh"
    assert says in text
    seconds = json.loads((RECORDED / f"{SPEED}.json").read_text("utf-8"))["norm"]["seconds"]
    ways = {name.replace("`", ""): time for name, time in seconds.items()}
    pages = ways["as written"] - ways["out="]
    assert 0.35 <= pages / (ways["as written"] - ways["linalg.norm"]) <= 0.45


def test_a_false_claim_is_noticed() -> None:
    wrong = Claim(SPEED, "C is faster than NumPy", "languages", "C", "NumPy", 0, 1)
    assert not wrong.low <= wrong.ratio() <= wrong.high

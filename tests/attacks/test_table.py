"""The document lists the attacks that the tests run."""

from __future__ import annotations

import table
from corpus import ATTACKS


def test_the_document_lists_every_attack() -> None:
    again = "run `python tests/attacks/table.py --write`"
    assert table.DOCUMENT.read_text("utf-8") == table.document(), again


def test_other_pages_count_the_same_attacks() -> None:
    works = sum(attack.stock != "none" for attack in ATTACKS)
    root = table.DOCUMENT.parents[2]
    assert f"{works} of them succeed there" in (root / "SECURITY.md").read_text("utf-8")
    readme = (root / "autograder" / "README.md").read_text("utf-8")
    assert f"{len(ATTACKS)} attacks" in readme
    assert f"{works} of them work on plain nbgrader" in readme


def test_there_are_more_than_80_attacks_each_with_its_own_student() -> None:
    assert len({attack.who for attack in ATTACKS}) == len(ATTACKS) > 80


def test_an_attack_that_gains_nothing_on_plain_nbgrader_says_why() -> None:
    assert all(attack.why for attack in ATTACKS if attack.stock == "none")

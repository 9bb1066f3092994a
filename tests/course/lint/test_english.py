"""The project's English: each rule refuses what it should, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import ContentFaultsError
from course.core.paths import Folders
from course.lint import english
from course.lint.english import Rule, check_english, files, load
from course.lint.passages import passage
from support.english_findings import refused

ENGLISH = load()


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [(rule, sentence) for rule in ENGLISH.rules for sentence in rule.refuses],
    ids=lambda value: value.name if isinstance(value, Rule) else str(value)[:30],
)
def test_a_rule_refuses_its_examples(rule: Rule, sentence: str) -> None:
    assert rule.regex.search(passage(sentence).text)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [(rule, sentence) for rule in ENGLISH.rules for sentence in rule.allows],
    ids=lambda value: value.name if isinstance(value, Rule) else str(value)[:30],
)
def test_a_rule_leaves_good_english_alone(rule: Rule, sentence: str) -> None:
    assert rule.regex.search(passage(sentence).text) is None


def test_every_rule_has_examples_of_both_kinds_and_says_what_to_write() -> None:
    assert len({rule.name for rule in ENGLISH.rules}) == len(ENGLISH.rules)
    for rule in ENGLISH.rules:
        assert rule.refuses, rule.name
        assert rule.allows, rule.name
        assert rule.why, rule.name
        assert rule.write, rule.name


@pytest.mark.whole("`make lint` reads the whole checkout")
@pytest.mark.slow
def test_the_whole_checkout_is_read_and_clean() -> None:
    check_english(Folders())
    names = {Folders().relative(file) for file in files(Folders())}
    expected = {
        "CONTRIBUTING.md",
        "Makefile",
        "README.md",
        "content/glossary.yml",
        "content/lessons/myths.md",
        "content/solutions/checking.py",
        "course/lint/english.py",
        "docs/architecture.md",
        "stridescope/src/stridescope/__init__.py",
        "autograder/src/nbgrader_isolate/__init__.py",
    }
    assert expected <= names
    assert len(names) > 300


def test_a_phrase_may_be_quoted_on_purpose(tmp_path: Path) -> None:
    text = """
    <!-- english: quote -->
    They say to
    mend it.

    But do not mend it.
    """
    assert [line[:7] for line in refused(text, "a.md", tmp_path)] == ["a.md:5:"]
    text = """
    a = "please mend it now"  # english: quote
    b = "please mend it now"
    """
    assert [line[:7] for line in refused(text, "a.py", tmp_path)] == ["a.py:2:"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A checkout with two files, of which one has a fault, and rules of its own."""
    (tmp_path / "README.md").write_text("Please mend it.\n")
    (tmp_path / "CHANGELOG.md").write_text("It is fixed.\n")
    rules = tmp_path / "course" / "lint" / "english.yml"
    rules.parent.mkdir(parents=True)
    monkeypatch.setattr(english, "RULES", rules)
    return Folders(tmp_path)


def write_rules(exempt: list[str]) -> None:
    example = "{name: m, pattern: mend, why: w, write: fix, refuses: [mend], allows: [fix]}"
    english.RULES.write_text(f"exempt: {exempt}\nrules:\n- {example}\n")


def test_a_finding_is_told_with_its_place_until_it_is_fixed(checkout: Folders) -> None:
    write_rules([])
    for _ in range(2):
        with pytest.raises(ContentFaultsError, match=r"^README.md:1:8: “mend”: w; write fix$"):
            check_english(checkout)
    (checkout.root / "README.md").write_text("Please fix it.\n")
    check_english(checkout)
    (checkout.root / "CHANGELOG.md").write_text("Please mend it.\n")
    with pytest.raises(ContentFaultsError, match=r"^CHANGELOG.md:1:8"):
        check_english(checkout)


def test_a_new_rule_reads_clean_files_again(checkout: Folders) -> None:
    (checkout.root / "README.md").write_text("Please fix it.\n")
    write_rules([])
    check_english(checkout)
    english.RULES.write_text(english.RULES.read_text().replace("pattern: mend", "pattern: fix"))
    with pytest.raises(ContentFaultsError, match=r"^CHANGELOG.md:1:7.*\nREADME.md:1:8"):
        check_english(checkout)


def test_the_list_of_exemptions_can_only_shrink(checkout: Folders) -> None:
    write_rules(["README.md"])
    check_english(checkout)
    (checkout.root / "README.md").write_text("Please fix it.\n")
    with pytest.raises(ContentFaultsError, match=r"english.yml:1: nothing in README.md is refused"):
        check_english(checkout)

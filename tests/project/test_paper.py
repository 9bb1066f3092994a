"""The draft for JOSE has what the journal reads, and all files name the same authors."""

from __future__ import annotations

import json
import re
import tomllib

import yaml

from course.core.paths import ROOT

PAPER = (ROOT / "paper" / "paper.md").read_text("utf-8")
BIBLIOGRAPHY = (ROOT / "paper" / "paper.bib").read_text("utf-8")
_, HEAD, TEXT = PAPER.split("---\n", 2)
FRONT = yaml.safe_load(HEAD)
ENTRIES = dict(re.findall(r"(?ms)^@\w+\{(\w+),(.+?)^\}", BIBLIOGRAPHY))


def test_the_head_has_what_the_journal_asks_for() -> None:
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(FRONT)
    known = {affiliation["index"] for affiliation in FRONT["affiliations"]}
    assert {author["affiliation"] for author in FRONT["authors"]} <= known
    assert (ROOT / "paper" / FRONT["bibliography"]).is_file()


def test_the_sections_are_those_that_the_journal_names() -> None:
    sections = set(re.findall(r"(?m)^# (.+)$", TEXT))
    asked = {"Summary", "Statement of need", "Learning objectives", "Experience of use"}
    assert asked | {"References"} <= sections
    assert 250 < len(TEXT.split()) < 1000, "JOSE asks for a short paper"


def test_what_is_cited_is_in_the_bibliography_and_the_other_way_round() -> None:
    assert set(re.findall(r"@(\w+)", TEXT)) == set(ENTRIES)


def test_an_article_has_a_doi_and_a_web_page_an_address() -> None:
    for key, fields in ENTRIES.items():
        doi = re.search(r"doi = \{(10\.\d+/\S+)\}", fields)
        assert doi or re.search(r"howpublished = \{https://\S+\}", fields), key


def test_all_files_name_the_same_authors() -> None:
    projects = [ROOT / name / "pyproject.toml" for name in ("", "autograder", "stridescope")]
    named = [[author["name"] for author in FRONT["authors"]]]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    for author in citation["authors"]:
        whole = f"{author.get('given-names', '')} {author.get('family-names', '')}".strip()
        author.setdefault("name", whole)
    named.append([author["name"] for author in citation["authors"]])
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    for creator in zenodo["creators"]:
        family, comma, given = creator["name"].partition(", ")
        creator["name"] = f"{given} {family}" if comma else family
    named.append([creator["name"] for creator in zenodo["creators"]])
    for project in projects:
        authors = tomllib.loads(project.read_text("utf-8"))["project"]["authors"]
        named.append([author["name"] for author in authors])
    assert named == [named[0]] * len(named)

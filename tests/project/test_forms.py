"""The issue forms keep to the schema that the repository host documents.

Source: GitHub Docs, "Syntax for issue forms" and "Syntax for GitHub's form schema".
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from course.bootstrap import ROOT

FOLDER = ROOT / ".github" / "ISSUE_TEMPLATE"
FORMS = sorted(file for file in FOLDER.glob("*.yml") if file.name != "config.yml")
TEXT: dict[str, type] = {"label": str, "description": str, "placeholder": str, "value": str}
ATTRIBUTES: dict[str, dict[str, type]] = {
    "markdown": {"value": str},
    "input": TEXT,
    "textarea": TEXT | {"render": str},
    "dropdown": {
        "label": str,
        "description": str,
        "multiple": bool,
        "options": list,
        "default": int,
    },
    "checkboxes": {"label": str, "description": str, "options": list},
}
REQUIRED = {
    "markdown": {"value"},
    "input": {"label"},
    "textarea": {"label"},
    "dropdown": {"label", "options"},
    "checkboxes": {"label", "options"},
}
TOP: dict[str, type] = {"name": str, "description": str, "title": str, "labels": list, "body": list}


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return loaded


FORM_NAMES = [file.name for file in FORMS]


def test_there_is_a_form_for_each_kind_of_issue() -> None:
    titles = [load(name)["name"] for name in FORM_NAMES]
    assert len(titles) == len(set(titles)) == 4
    for word in ("lesson", "grading", "instrument", "idea"):
        assert any(word in title for title in titles), word


@pytest.mark.parametrize("name", FORM_NAMES)
def test_a_form_has_the_documented_keys_with_values_of_the_right_type(name: str) -> None:
    form = load(name)
    assert {"name", "description", "body"} <= form.keys() <= TOP.keys()
    for key, value in form.items():
        assert isinstance(value, TOP[key]), key
        assert value, key
    assert all(isinstance(label, str) for label in form["labels"])
    assert {field["type"] for field in form["body"]} - {"markdown"}


@pytest.mark.parametrize("name", FORM_NAMES)
def test_each_field_has_the_attributes_of_its_type(name: str) -> None:
    for field in load(name)["body"]:
        kind, attributes = field["type"], field["attributes"]
        known = {"type", "attributes"} | ({"id", "validations"} if kind != "markdown" else set())
        assert field.keys() <= known, field
        assert REQUIRED[kind] <= attributes.keys() <= ATTRIBUTES[kind].keys(), field
        for key, value in attributes.items():
            assert isinstance(value, ATTRIBUTES[kind][key]), (field, key)
        validations = field.get("validations", {})
        assert validations.keys() <= {"required"}
        assert all(isinstance(value, bool) for value in validations.values())


@pytest.mark.parametrize("name", FORM_NAMES)
def test_options_can_be_told_apart(name: str) -> None:
    for field in load(name)["body"]:
        options = field["attributes"].get("options", [])
        if field["type"] == "checkboxes":
            assert all(option.keys() <= {"label", "required"} for option in options)
            options = [option["label"] for option in options]
        assert all(isinstance(option, str) and option for option in options), field
        assert len(options) == len(set(options)), field
        assert "none" not in {option.lower() for option in options}, "the host keeps this word"


@pytest.mark.parametrize("name", FORM_NAMES)
def test_ids_and_labels_are_unique(name: str) -> None:
    fields = [field for field in load(name)["body"] if field["type"] != "markdown"]
    for values in ([f["id"] for f in fields], [f["attributes"]["label"] for f in fields]):
        assert len(values) == len(set(values)), values
    assert all(re.fullmatch(r"[\w-]+", field["id"]) for field in fields)


def test_the_lesson_form_offers_every_lesson() -> None:
    offered = next(field for field in load("1-lesson.yml")["body"] if field.get("id") == "lesson")
    numbers = {text[:2] for text in offered["attributes"]["options"] if text[:2].isdigit()}
    assert numbers == {file.name[:2] for file in (ROOT / "lessons").glob("[0-9]*.ipynb")}


def test_the_instrument_form_offers_every_instrument() -> None:
    import stridescope as ss

    offered = next(f for f in load("3-instrument.yml")["body"] if f.get("id") == "instrument")
    named = {word for text in offered["attributes"]["options"] for word in re.findall(r"\w+", text)}
    assert named - {"or"} == {*ss.__all__} - {"Instrument"}


def test_the_chooser_sends_vulnerabilities_to_the_private_form() -> None:
    config = load("config.yml")
    assert config.keys() <= {"blank_issues_enabled", "contact_links"}
    assert isinstance(config["blank_issues_enabled"], bool)
    for link in config["contact_links"]:
        assert link.keys() == {"name", "url", "about"}
        assert all(isinstance(value, str) and value for value in link.values())
        assert link["url"].startswith("https://")
    assert any(link["url"].endswith("/security/advisories/new") for link in config["contact_links"])

"""Settings of a course that have no effect here are named, with the reason."""

from __future__ import annotations

import re

import pytest
from traitlets.config import Config

from nbgrader_isolate.gradebook.settings import clock_of, ignored_settings
from nbgrader_isolate.gradebook.timestamps import Clock
from nbgrader_isolate.nbgrader_plugin.configure import configure


@pytest.mark.parametrize(
    ("section", "name", "value", "words"),
    [
        ("ExecutePreprocessor", "kernel_name", "sagemath", "this grader's own kernels"),
        ("ExecutePreprocessor", "timeout", None, "a positive number of seconds"),
        ("ExecutePreprocessor", "timeout", -1, "a positive number of seconds"),
        ("NotebookClient", "startup_timeout", 60, "this grader's own kernels"),
        ("Execute", "execute_retries", 3, "this grader's own kernels"),
        ("LimitOutput", "max_lines", 10, "c.Limits.output_bytes"),
        ("Autograde", "pre_convert_hook", "x", "no hooks"),
        ("Autograde", "autograde_preprocessors", ["own.Check"], "own.Check.*no other"),
    ],
)
def test_a_setting_without_effect_is_named(
    section: str, name: str, value: object, words: str
) -> None:
    (line,) = ignored_settings(Config({section: {name: value}}))
    assert line.startswith(f"c.{section}.{name}")
    assert re.search(words, line)


def test_settings_that_count_are_not_named() -> None:
    config = Config(
        ExecutePreprocessor={"timeout": 120},
        Autograde={"create_student": False, "permissions": 664},
        Exchange={"timezone": "UTC"},
    )
    configure(config)
    assert ignored_settings(config) == []


def test_the_clock_is_that_of_nbgraders_exchange() -> None:
    assert clock_of(Config()) == Clock()
    config = Config(Exchange={"timezone": "Asia/Manila", "timestamp_format": "%d.%m.%Y %H:%M %Z"})
    assert clock_of(config) == Clock("Asia/Manila", "%d.%m.%Y %H:%M %Z")

"""The exercises as a page needs them to run: a script for each, and what the client knows of all.

The scripts contain what was handed out, so no hidden test is in them.
"""

from __future__ import annotations

import json
from typing import Any

from course.core.exercises import Exercise, Kind
from course.core.myst import KEPT, in_page

RUNS = (Kind.ANSWER, Kind.GIVEN, Kind.WORDS, Kind.TEST)
ANSWERS = (Kind.ANSWER, Kind.TEXT)


def script(exercise: Exercise) -> bytes:
    """Return the script that a page of an exercise loads on the first press.

    It sets `self.liveExercise`: `assignment`, `name`, the `cells` that run or are answered, and the
    handed-out `notebook` as it is.
    """
    handed_out = json.loads(exercise.file.read_text("utf-8"))
    facts = {
        "assignment": exercise.assignment,
        "name": exercise.name,
        "cells": cells(exercise),
        "notebook": handed_out,
    }
    return f"self.liveExercise = {json.dumps(facts, ensure_ascii=False)};\n".encode()


def script_name(exercise: Exercise) -> str:
    """Return the name of the script, without its digest."""
    return f"exercise-{exercise.assignment}-{exercise.name}.js"


def cells(exercise: Exercise) -> list[dict[str, Any]]:
    """Return the cells that run or are answered, in order."""
    return [
        {
            "number": part.number,
            "grade_id": part.grade_id,
            "kind": part.kind,
            "source": part.source,
            "answer": part.answer,
            "stays": stays(exercise.notebook["cells"][part.number - 1]["metadata"]),
        }
        for part in exercise.of_kind(*RUNS, Kind.TEXT)
    ]


def stays(metadata: dict[str, Any]) -> str:
    """Return why a given cell does not run in a page; empty if it does."""
    if not KEPT & set(metadata.get("tags", [])):
        return ""
    return f"{in_page(metadata) or 'This cell needs more than a page has.'} Run it on a computer."


def entry(exercise: Exercise, script: str) -> dict[str, Any]:
    """Return what the client knows of an exercise before its script is loaded.

    Parameters
    ----------
    exercise : Exercise
        The exercise as it is handed out.
    script : str
        The name of its script.
    """
    return {
        "place": exercise.place,
        "title": exercise.title,
        "script": script,
        "answers": [part.grade_id for part in exercise.of_kind(*ANSWERS)],
        "tests": [part.grade_id for part in exercise.of_kind(Kind.TEST)],
    }

"""What the tests of all tasks share, where there are neither alarms nor threads: in a page."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.core.paths import ROOT, Folders
from course.qa.page_python import PagePython, page_python

sys.path.insert(0, str(ROOT / "content" / "solutions"))
import checking

from support import stopping

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page() -> Iterator[PagePython]:
    """The Python of a page, with `checking` and `stopping` beside its notebook."""
    with page_python(Folders(ROOT)) as python:
        python.start()
        for module in (checking, stopping):
            file = Path(str(module.__file__))
            source = f"open({file.name!r}, 'w').write({file.read_text('utf-8')!r});"
            assert python.run(source).error is None
        yield python


def returned(page: PagePython, source: str) -> Any:  # noqa: ANN401 - anything JSON knows
    """Return the value of an expression in the page."""
    run = page.run(f"import json, checking, stopping\nprint(json.dumps({source}))")
    assert run.error is None, run.error
    return json.loads(run.stream("stdout"))


def test_an_answer_that_takes_for_ever_is_stopped_in_a_page(page: PagePython) -> None:
    assert returned(page, "stopping.told()") == stopping.EXPECTED


if hasattr(sys, "monitoring"):

    def test_the_same_way_works_in_any_python_that_has_it() -> None:
        assert stopping.told() == stopping.EXPECTED


def test_answers_are_limited_by_monitoring_in_a_page(page: PagePython) -> None:
    assert returned(page, "checking.limited(1).func.__name__") == "by_monitoring"
    page.run("checking.SECONDS = 0.1")
    source = "stopping.said(stopping.hides_everything)"
    assert "took longer than 0.1 s and was stopped" in returned(page, source)


def test_the_peak_of_a_call_is_measured_in_a_page(page: PagePython) -> None:
    source = "checking.peak(lambda n: float(__import__('numpy').ones(n).sum()), 100_000)"
    got, held = returned(page, source)
    assert got == 100_000
    assert 800_000 <= held < 900_000

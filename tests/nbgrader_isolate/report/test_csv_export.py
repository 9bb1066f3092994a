"""The marks as CSV: every id survives, numbers are numbers, and a spreadsheet finds no formula."""

from __future__ import annotations

import csv
import io

import pytest

from nbgrader_isolate.report.csv_export import as_csv, escape_formula

STARTS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\n=1",
    "\uff1d1",
    "'=1",
    "'",
    "\0=1",
)


@pytest.mark.parametrize("text", STARTS)
def test_a_text_that_a_spreadsheet_may_run_begins_with_a_quote(text: str) -> None:
    assert escape_formula(text) == f"'{text}"


def test_numbers_stay_numbers_and_other_texts_stay_as_they_are() -> None:
    assert escape_formula(-1.5) == "-1.5"
    assert escape_formula(0.1 + 0.2) == "0.3"
    assert escape_formula(None) == ""
    assert escape_formula("o'brien; rm -rf ~") == "o'brien; rm -rf ~"


def test_every_text_comes_back_from_the_file_without_its_quote() -> None:
    texts = [*STARTS, "a,b", 'say "so"', "two\nlines", "a\r\nb", "élise", "n" * 300]
    table = as_csv(["id"], [{"id": text} for text in texts])
    rows = list(csv.reader(io.StringIO(table, newline="")))[1:]
    assert [cell.removeprefix("'") for (cell,) in rows] == texts

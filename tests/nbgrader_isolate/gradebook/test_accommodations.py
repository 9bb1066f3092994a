"""`accommodations.csv`: what it grants, and one line for what it cannot mean."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.accommodations import FILE, Accommodation, accommodations

HEAD = "assignment,student,extension_hours,excused,why\n"


def test_extensions_and_excuses_are_read_by_assignment(tmp_path: Path) -> None:
    assert accommodations(tmp_path, "ps1") == {}
    lines = f"{HEAD}ps1,ada,48,,ill\nps1,bob,,yes,\nps2,ada,,x,\nps1,cy,0,no,\n,,,,\n"
    (tmp_path / FILE).write_text(lines, "utf-8-sig")
    assert accommodations(tmp_path, "ps1") == {
        "ada": Accommodation(timedelta(hours=48)),
        "bob": Accommodation(excused=True),
        "cy": Accommodation(timedelta()),
    }
    assert accommodations(tmp_path, "ps2") == {"ada": Accommodation(excused=True)}
    (tmp_path / FILE).write_text("assignment,student,excused\nps1,ada,yes\n", "utf-8")
    assert accommodations(tmp_path, "ps1")["ada"].excused


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"{HEAD}ps1,ada,two days,,\n", r"csv:2: extension_hours is 'two days'; write a number"),
        (f"{HEAD}ps1,ada,-1,,\n", "extension_hours is '-1'"),
        (f"{HEAD}ps1,ada,nan,,\n", "extension_hours is 'nan'"),
        (f"{HEAD}ps1,ada,1e99,,\n", "extension_hours is '1e99'"),
        (f"{HEAD}ps1,ada,,maybe,\n", "excused is 'maybe'; write yes, or leave it empty"),
        (f"{HEAD}ps1,ada,1,,\nps1,ada,2,,\n", "csv:3: ada has two lines for ps1"),
        ("assignment,who\nps1,ada\n", "has no column student; its first line is"),
        ("", "has no column assignment"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(
    tmp_path: Path, data: str, why: str
) -> None:
    (tmp_path / FILE).write_text(data, "utf-8")
    with pytest.raises(GraderError, match=why):
        accommodations(tmp_path, "ps1")


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GraderError, match="is not UTF-8 text"):
        accommodations(tmp_path, "ps1")

"""Where a platform put a student's files is remembered from one download to the next."""

from __future__ import annotations

from pathlib import Path

from nbgrader_isolate.intake.places import places_file, read_places, remember_places


def test_places_are_added_and_replaced(tmp_path: Path) -> None:
    assert read_places(tmp_path, "ps1") == {}
    remember_places(tmp_path, "ps1", {})
    assert not places_file(tmp_path, "ps1").exists()
    remember_places(tmp_path, "ps1", {"ada": "a_1_2_", "bob": "b_3_4_"})
    remember_places(tmp_path, "ps1", {"ada": "a_1_9_"})
    assert read_places(tmp_path, "ps1") == {"ada": "a_1_9_", "bob": "b_3_4_"}
    assert read_places(tmp_path, "ps2") == {}
    for damaged in ("{", "", "[1]", "null"):
        places_file(tmp_path, "ps1").write_text(damaged, "utf-8")
        assert read_places(tmp_path, "ps1") == {}

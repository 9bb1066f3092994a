"""The watchdog: what it measures, and what it kills."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import watchdog
from support.patience import patience
from support.started import start

pytestmark = pytest.mark.slow


def test_a_tree_over_its_limit_is_killed_and_its_neighbor_is_not() -> None:
    guard = watchdog.Watchdog()
    greedy = start(
        "b = bytearray(b'x') * (100 << 20); print(1, flush=True)\nimport time; time.sleep(30)"
    )
    modest = start("print(1, flush=True)\nimport time; time.sleep(30)")
    with greedy, modest:
        watched = [guard.add(p.pid, Limits(memory_mb=60)) for p in (greedy, modest)]
        assert greedy.wait(patience(5)) == -9
        assert modest.poll() is None
        assert [one.killed_by for one in watched] == ["memory limit 60 MiB", ""]
        assert watched[0].peak > 60 << 20
        for one in watched:
            guard.remove(one)
        modest.kill()


def test_a_tree_that_was_removed_is_left_alone() -> None:
    guard = watchdog.Watchdog()
    with start("print(1, flush=True)\nimport time; time.sleep(30)") as process:
        watched = guard.add(process.pid, Limits(notebook_seconds=0.4))
        guard.remove(watched)
        time.sleep(0.8)
        assert process.poll() is None
        assert not watched.killed_by
        process.kill()


def test_a_process_that_is_already_gone_cannot_be_watched() -> None:
    with start("print(1)") as process:
        process.wait()
    with pytest.raises(ProcessLookupError):
        watchdog.Watchdog().add(process.pid, Limits())


def test_a_folder_s_size_counts_empty_files_and_follows_no_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "big").write_bytes(bytes(1 << 20))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    for number in range(100):
        (folder / f"empty{number}").touch()
    assert 100 << 10 <= watchdog.size(folder) < 1 << 20

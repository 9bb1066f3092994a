"""`ss.scale` takes its sizes from the memory this process may use, and from one switch."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import stridescope as ss
from stridescope.model.available_memory import available

GB = 10**9


def system(root: Path, files: dict[str, str]) -> Path:
    """Write the files of a system below a folder."""
    for name, text in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return root


MEMINFO = {"proc/meminfo": "MemTotal: 16000000 kB\nMemFree: 100 kB\nMemAvailable: 8000000 kB\n"}
V2 = {
    "proc/self/cgroup": "0::/user/session\n",
    "sys/fs/cgroup/user/session/memory.max": "max\n",
    "sys/fs/cgroup/user/session/memory.current": "900\n",
    "sys/fs/cgroup/user/memory.max": "3000000000\n",
    "sys/fs/cgroup/user/memory.current": "1000000000\n",
    "sys/fs/cgroup/user/memory.stat": "anon 600000000\ninactive_file 400000000\n",
}
V1 = {
    "proc/self/cgroup": "7:cpu,cpuacct:/\n4:memory:/docker/abc\n0::/\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000000\n",
    "sys/fs/cgroup/memory/memory.usage_in_bytes": "500000000\n",
    "sys/fs/cgroup/memory/memory.stat": "cache 9\ntotal_inactive_file 100000000\n",
}


def test_without_limits_it_is_what_the_machine_has_available(tmp_path: Path) -> None:
    assert available(system(tmp_path, MEMINFO)) == 8_000_000 * 1024


def test_a_version_2_group_counts_with_its_parents(tmp_path: Path) -> None:
    """Use is what cannot be dropped: 3 GB less 1 GB, of which 0.4 GB are file pages."""
    assert available(system(tmp_path, MEMINFO | V2)) == 2_400_000_000


def test_a_version_1_group_is_found_in_a_container_too(tmp_path: Path) -> None:
    assert available(system(tmp_path, MEMINFO | V1)) == 1_600_000_000


def test_a_version_1_group_without_limit_is_none(tmp_path: Path) -> None:
    none = {"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}
    assert available(system(tmp_path, MEMINFO | V1 | none)) == 8_000_000 * 1024


def test_a_group_over_its_limit_leaves_nothing_not_less(tmp_path: Path) -> None:
    over = {"sys/fs/cgroup/memory/memory.usage_in_bytes": "2900000000\n"}
    assert available(system(tmp_path, MEMINFO | V1 | over)) == 0


def test_a_path_with_dots_stays_below_the_mount(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/../../secret\n",
        "sys/fs/cgroup/memory.max": "1000\n",
        "sys/fs/cgroup/memory.current": "400\n",
    }
    assert available(system(tmp_path, MEMINFO | files)) == 600


def test_where_nothing_is_known_it_says_none(tmp_path: Path) -> None:
    assert available(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on addresses")
def test_a_limit_on_addresses_counts() -> None:
    code = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))\n"
        "from stridescope.model.available_memory import available\n"
        "print(available())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 4 * GB


def room(monkeypatch: pytest.MonkeyPatch, nbytes: int | None) -> None:
    monkeypatch.setattr(
        importlib.import_module("stridescope.instruments.scale"), "available", lambda: nbytes
    )


def test_small_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCALE", raising=False)
    assert ss.scale(10**6, 10**8) == 10**6
    monkeypatch.setenv("SCALE", "small")
    assert ss.scale((2, 3), (20, 30)) == (2, 3)


def test_full_is_one_switch_away(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 8 * GB)
    monkeypatch.setenv("SCALE", "full")
    assert ss.scale(10**6, 10**8) == 10**8
    assert ss.scale((1000, 2000), (10_000, 20_000), itemsize=16) == (10_000, 20_000)


def test_full_that_does_not_fit_says_so_and_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 2 * GB)
    monkeypatch.setenv("SCALE", "full")
    with pytest.warns(
        ResourceWarning, match=r"asks for 1,600,000,000 bytes, and 1,500,000,000 may"
    ):
        assert ss.scale((1000, 2000), (10_000, 20_000)) == (1000, 2000)


def test_three_quarters_of_what_is_available_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 1000)
    assert ss.scale.fits(750)
    assert not ss.scale.fits(751)
    room(monkeypatch, None)
    assert ss.scale.fits(0.75 * GB)
    assert not ss.scale.fits(GB)


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE", "huge")
    with pytest.raises(ValueError, match="SCALE=huge is neither small nor full"):
        ss.scale(1, 2)

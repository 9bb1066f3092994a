"""The memory this process may use is the least of what each limit leaves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from stridescope.model.available_memory import IN_A_PAGE, available_memory

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
    assert available_memory(system(tmp_path, MEMINFO)) == 8_000_000 * 1024


def test_a_version_2_group_counts_with_its_parents(tmp_path: Path) -> None:
    """Use is what cannot be dropped: 3 GB less 1 GB, of which 0.4 GB are file pages."""
    assert available_memory(system(tmp_path, MEMINFO | V2)) == 2_400_000_000


def test_a_version_1_group_is_found_in_a_container_too(tmp_path: Path) -> None:
    assert available_memory(system(tmp_path, MEMINFO | V1)) == 1_600_000_000


def test_a_version_1_group_without_limit_is_none(tmp_path: Path) -> None:
    none = {"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}
    assert available_memory(system(tmp_path, MEMINFO | V1 | none)) == 8_000_000 * 1024


def test_a_group_over_its_limit_leaves_nothing_not_less(tmp_path: Path) -> None:
    over = {"sys/fs/cgroup/memory/memory.usage_in_bytes": "2900000000\n"}
    assert available_memory(system(tmp_path, MEMINFO | V1 | over)) == 0


def test_a_path_with_dots_stays_below_the_mount(tmp_path: Path) -> None:
    files = {
        "proc/self/cgroup": "0::/../../secret\n",
        "sys/fs/cgroup/memory.max": "1000\n",
        "sys/fs/cgroup/memory.current": "400\n",
    }
    assert available_memory(system(tmp_path, MEMINFO | files)) == 600


def test_in_a_page_it_is_a_small_fixed_amount_whatever_the_system_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert available_memory(system(tmp_path, MEMINFO)) == IN_A_PAGE < 200_000_000


def test_a_stand_in_for_resource_has_no_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resource", ModuleType("resource"))
    assert available_memory(system(tmp_path, MEMINFO)) == 8_000_000 * 1024


def test_where_nothing_is_known_it_says_none(tmp_path: Path) -> None:
    assert available_memory(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on addresses")
def test_a_limit_on_addresses_counts() -> None:
    code = (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))\n"
        "from stridescope.model.available_memory import available_memory\n"
        "print(available_memory())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0 < int(done.stdout) < 4 * GB

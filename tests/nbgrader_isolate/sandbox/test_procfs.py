"""What /proc says of processes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import procfs
from support.started import start

pytestmark = pytest.mark.slow


def test_memory_of_children_is_added_and_shared_pages_count_once() -> None:
    size = 60 << 20
    code = (
        f"import os, time; b = bytearray(b'x') * {size}; os.fork(); "
        "print(1, flush=True); time.sleep(30)"
    )
    with start(code) as process:
        pids = procfs.tree(process.pid)
        while len(pids) < 2:
            pids = procfs.tree(process.pid)
        resident, shared = (
            sum(kind(pid)[0] for pid in pids) for kind in (procfs.resident, procfs.proportional)
        )
        for pid in reversed(pids):
            subprocess.run(["/bin/kill", "-9", str(pid)], check=True)
    assert resident > 2 * size
    assert size < shared < 1.6 * size


WITHOUT_FIRST_THREAD = """
import ctypes, os, tempfile, threading, time
def hold():
    while open("/proc/self/stat").read().rpartition(")")[2][:2] != " Z": time.sleep(0.01)
    b = bytearray(b"x") * (60 << 20)
    file = tempfile.TemporaryFile(dir=FOLDER); file.write(b"x" * (4 << 20)); file.flush()
    print(1, flush=True)
    time.sleep(30)
threading.Thread(target=hold).start()
libc = ctypes.CDLL(None)
libc.syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)  # this thread alone
"""


def test_a_process_whose_first_thread_has_ended_still_has_memory_and_files(tmp_path: Path) -> None:
    with start(f"FOLDER = {str(tmp_path)!r}\n{WITHOUT_FIRST_THREAD}") as process:
        assert Path(f"/proc/{process.pid}/statm").read_text().split()[0] == "0"
        assert procfs.resident(process.pid)[0] > 60 << 20
        assert procfs.proportional(process.pid)[0] > 60 << 20
        assert "python" in procfs.maps(process.pid)
        assert procfs.deleted_bytes([process.pid], [tmp_path]) >= 4 << 20
        process.kill()


def test_page_tables_count() -> None:
    code = (
        "import mmap, time; m = mmap.mmap(-1, 2 << 30, flags=mmap.MAP_PRIVATE); "
        "m.madvise(mmap.MADV_NOHUGEPAGE)\n"
        "print(1, flush=True); time.sleep(1)\n"
        "for at in range(0, 2 << 30, 2 << 20): m[at]\n"
    )
    report = "print(1, flush=True); time.sleep(30)"
    with start(code + report) as process:
        before = procfs.resident(process.pid)[0]
        pages = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
        assert process.stdout
        process.stdout.readline()
        grown = procfs.resident(process.pid)[0] - before
        in_pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) - int(pages)
        process.kill()
    # 1,024 page tables of 4 KiB each
    assert grown - in_pages * os.sysconf("SC_PAGE_SIZE") > 3 << 20


def test_a_process_that_is_gone_has_nothing() -> None:
    with start("print(1)") as process:
        process.wait()
    assert procfs.resident(process.pid) == procfs.proportional(process.pid) == (0, 0)
    assert procfs.maps(process.pid) == ""

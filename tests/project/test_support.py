"""What the tests lean on: forked commands behave like started ones, and waits end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap import ROOT
from support import patience as waiting
from support import preloaded
from support.patience import eventually, load, patience, wait_until

REPORT = """
import json, os, signal, sys
print(json.dumps({
    "argv": sys.argv[1:], "name": __name__, "cwd": os.getcwd(), "path": sys.path[:2],
    "environment": dict(os.environ), "stdin": sys.stdin.read(),
    "interrupt": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
    "files": sorted(os.listdir("/proc/self/fd"), key=int) if os.path.isdir("/proc/self/fd") else [],
}))
print("and this", file=sys.stderr)
sys.exit(7)
"""


@pytest.mark.slow
def test_a_forked_command_is_what_a_started_one_is(tmp_path: Path) -> None:
    (tmp_path / "report.py").write_text(REPORT)
    words = [str(tmp_path / "report.py"), "a", "b c"]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": "/somewhere", "OWN": "é"}
    forked = preloaded.run(words, cwd=tmp_path, env=env)
    started = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (forked.returncode, forked.stderr) == (7, "and this\n")
    assert (forked.returncode, forked.stderr) == (started.returncode, started.stderr)
    ours, theirs = json.loads(forked.stdout), json.loads(started.stdout)
    assert ours.pop("environment").items() >= env.items()
    del theirs["environment"]
    assert len(ours.pop("files")) == len(theirs.pop("files"))
    assert ours == theirs


@pytest.mark.slow
def test_an_error_and_a_signal_end_a_forked_command_as_they_end_python(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("raise ValueError('so it is')")
    done = preloaded.run([script])
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "ValueError: so it is")
    script.write_text("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert preloaded.run([script]).returncode == -signal.SIGKILL
    script.write_text("import atexit, sys; atexit.register(print, 'the end'); sys.exit('no')")
    done = preloaded.run([script])
    assert (done.returncode, done.stdout, done.stderr) == (1, "the end\n", "no\n")
    script.write_text("import time; print('go', flush=True); time.sleep(600)")
    with (tmp_path / "out").open("w") as out, preloaded.Command([script], stdout=out) as command:
        assert command.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            command.wait(0.1)
        wait_until(lambda: (tmp_path / "out").read_text() == "go\n", "it has begun")
        command.kill()
        assert command.wait(patience(5)) == -signal.SIGKILL
        assert command.poll() == -signal.SIGKILL


@pytest.mark.slow
def test_a_command_that_takes_too_long_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preloaded, "patience", lambda seconds: seconds)
    script = tmp_path / "script.py"
    script.write_text("import time; time.sleep(600)")
    with pytest.raises(subprocess.TimeoutExpired):
        preloaded.run([script], timeout=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_failure_is_written_down_when_it_happens(tmp_path: Path, workers: str) -> None:
    (tmp_path / "_build").mkdir()
    log = tmp_path / "_build" / "failures.txt"
    log.write_text("of an earlier run")
    (tmp_path / "test_it.py").write_text(
        "import os\n"
        "from pathlib import Path\n"
        "def test_wrong(): assert 1 == 2\n"
        "def test_later():\n"
        "    beside = 'PYTEST_XDIST_WORKER' in os.environ\n"
        "    assert beside or 'test_wrong' in Path('_build/failures.txt').read_text()\n"
    )
    rules = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "conftest")
    command = [sys.executable, "-m", "pytest", "-n", workers, *rules, "test_it.py"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 1
    text = log.read_text()
    assert text.startswith("test_it.py::test_wrong (call)\n")
    assert "assert 1 == 2" in text
    assert "test_later" not in text


def test_patience_grows_with_the_load_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load() >= 1
    monkeypatch.setattr(waiting, "load", lambda: 3.0)
    assert patience(2) == 3 * 2 * waiting.FACTOR
    assert patience(10_000) == waiting.LONGEST


def test_a_wait_ends_as_soon_as_it_is_true_and_says_what_it_waited_for() -> None:
    values = iter([0, "", None, "here"])
    assert wait_until(lambda: next(values), "something") == "here"
    with pytest.raises(AssertionError, match="in vain: the end of time"):
        wait_until(lambda: False, lambda: "the end of time", seconds=0)
    assert eventually(lambda: 0, seconds=0) == 0

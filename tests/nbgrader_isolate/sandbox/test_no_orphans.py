"""If the process that starts a sandbox is killed in its first milliseconds, nothing survives."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from nbgrader_isolate.sandbox import backends
from support import TESTS
from support.tiers import WHOLE
from support.users import USERS, as_ordinary, ordinary_home

KILLS = 60 if WHOLE else 4
WAYS = ("server-bwrap", "kernel-bwrap", "server-landlock", "kernel-landlock")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("way", WAYS)
def test_no_process_outlives_a_starter_killed_in_its_first_milliseconds(
    way: str, user: str
) -> None:
    backend = way.partition("-")[2]
    try:
        backends.probed(backend)
    except backends.NoSandboxError as error:
        pytest.skip(f"no {backend} sandbox here: {error}")
    script = TESTS / "support" / "orphans.py"
    with ordinary_home() as home:
        prefix = [] if user == "root" else as_ordinary(home)
        done = subprocess.run(
            [*prefix, sys.executable, str(script), way, str(KILLS), "1"],
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"HOME": home, "TMPDIR": home, "PYTHONPATH": str(TESTS)},
            timeout=500,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []

"""Machines that forbid bubblewrap what it needs, made here: the refusal is one line, and says what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import backends, landlock
from support.users import as_ordinary, ordinary_home

pytestmark = pytest.mark.slow
needs_landlock = pytest.mark.skipif(
    landlock.abi() < landlock.LEAST_ABI, reason="no Landlock in this kernel"
)

TRY = """
import sys
from nbgrader_isolate.sandbox import tiers
try:
    print("held:", tiers.choose(sys.argv[1]).name)
except tiers.NoSandbox as error:
    print(error)
"""
FILTERED = "from nbgrader_isolate.sandbox import seccomp\nseccomp.install(seccomp.NAMESPACED)\n"
WITHOUT_RIGHTS = 'exec setpriv --ambient-caps=-all --inh-caps=-all "$@"'


def under(setting: str, *more: str) -> list[str]:
    """Return what to put before a command for a user namespace in which a setting was made."""
    unshare = ["unshare", "--user", "--map-current-user", *more, "--keep-caps"]
    return [*unshare, "sh", "-c", f"{setting}\n{WITHOUT_RIGHTS}", "sh"]


@pytest.fixture(autouse=True)
def _bubblewrap_works_here() -> None:
    try:
        backends.probed("bwrap")
    except backends.NoSandbox as error:
        pytest.skip(f"no bwrap sandbox here: {error}")


def tried(tier: str, machine: list[str], code: str = TRY, path: str = os.environ["PATH"]) -> str:
    """Return what the choice of a sandbox says to an ordinary user on a machine."""
    with ordinary_home() as home:
        done = subprocess.run(
            [*as_ordinary(home), *machine, sys.executable, "-c", code, tier],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=os.environ | {"HOME": home, "TMPDIR": home, "PATH": path},
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_where_users_may_not_make_namespaces_the_setting_is_named() -> None:
    said = tried("bwrap", under("echo 0 > /proc/sys/user/max_user_namespaces"))
    assert "Creating new namespace failed" in said
    assert "`sysctl -w user.max_user_namespaces=15000` as root" in said


def test_where_proc_is_masked_as_in_a_container_the_option_that_unmasks_it_is_named() -> None:
    said = tried("bwrap", under("mount -t tmpfs none /proc/fs", "--mount"))
    assert "Can't mount proc" in said
    assert "--security-opt systempaths=unconfined" in said


def test_where_a_filter_forbids_namespaces_as_in_a_container_it_says_so() -> None:
    said = tried("bwrap", [], FILTERED + TRY)
    assert "No permissions to creat" in said
    assert "seccomp=unconfined" in said or "something around this process" in said


@needs_landlock
def test_where_bubblewrap_is_forbidden_landlock_is_taken_and_keeps_the_reason() -> None:
    code = "from nbgrader_isolate.sandbox.backends import choose\ntier = choose('auto')\nprint(tier.name, tier.better)"
    said = tried("auto", under("echo 0 > /proc/sys/user/max_user_namespaces"), code)
    assert said.startswith("landlock ")
    assert "user.max_user_namespaces" in said


@needs_landlock
def test_the_root_of_a_container_without_other_users_is_an_ordinary_user_and_has_both() -> None:
    for tier in ("bwrap", "landlock"):
        assert tried(tier, ["unshare", "--user", "--map-root-user"]) == f"held: {tier}\n"


@needs_landlock
def test_the_doctor_says_why_it_is_not_bubblewrap() -> None:
    code = "from nbgrader_isolate.cli import doctor\nfor finding in doctor.check_sandbox(): doctor.print_finding(finding)"
    programs = str(Path(sys.executable).parent)
    said = tried("", [], code, path=programs)
    assert said.startswith("warn  sandbox: landlock; 17 ways out were tried, none was open; but ")
    assert "to use bubblewrap instead: the program bwrap is not installed; install it" in said

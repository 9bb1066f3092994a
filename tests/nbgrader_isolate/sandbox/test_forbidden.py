"""On simulated machines that forbid what bubblewrap needs, the error is one line with a hint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import backends, landlock
from support.patience import patience
from support.users import as_ordinary, ordinary_home

pytestmark = pytest.mark.slow
needs_landlock = pytest.mark.skipif(
    landlock.abi() < landlock.LEAST_ABI, reason="no Landlock in this kernel"
)

TRY = """
import sys
from nbgrader_isolate.sandbox import backends
try:
    print("chosen:", backends.choose(sys.argv[1]).name)
except backends.NoSandboxError as error:
    print(error)
"""
FILTERED = "from nbgrader_isolate.sandbox import seccomp\nseccomp.install(seccomp.NAMESPACED)\n"
WITHOUT_RIGHTS = 'exec setpriv --ambient-caps=-all --inh-caps=-all "$@"'


def under(setting: str, *more: str) -> list[str]:
    """Return the prefix of a command that runs in a user namespace with a changed setting."""
    unshare = ["unshare", "--user", "--map-current-user", *more, "--keep-caps"]
    return [*unshare, "sh", "-c", f"{setting}\n{WITHOUT_RIGHTS}", "sh"]


@pytest.fixture(autouse=True)
def _bubblewrap_works_here() -> None:
    try:
        backends.probed("bwrap")
    except backends.NoSandboxError as error:
        pytest.skip(f"no bwrap sandbox here: {error}")


def output_of_choice(
    backend: str, machine: list[str], code: str = TRY, path: str = os.environ["PATH"]
) -> str:
    """Return what is printed when an ordinary user chooses a sandbox on a machine."""
    with ordinary_home() as home:
        done = subprocess.run(
            [*as_ordinary(home), *machine, sys.executable, "-c", code, backend],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=os.environ | {"HOME": home, "TMPDIR": home, "PATH": path},
            timeout=patience(15),
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_if_users_may_not_create_namespaces_the_hint_names_the_setting() -> None:
    output = output_of_choice("bwrap", under("echo 0 > /proc/sys/user/max_user_namespaces"))
    assert "Creating new namespace failed" in output
    assert "`sysctl -w user.max_user_namespaces=15000` as root" in output


def test_if_proc_is_masked_as_in_a_container_the_hint_names_the_option() -> None:
    output = output_of_choice("bwrap", under("mount -t tmpfs none /proc/fs", "--mount"))
    assert "Can't mount proc" in output
    assert "--security-opt systempaths=unconfined" in output


def test_if_a_filter_forbids_namespaces_as_in_a_container_the_hint_says_so() -> None:
    output = output_of_choice("bwrap", [], FILTERED + TRY)
    assert "No permissions to creat" in output
    assert "seccomp=unconfined" in output or "something outside this process" in output


@needs_landlock
def test_if_bubblewrap_is_forbidden_landlock_is_chosen_and_keeps_the_reason() -> None:
    code = (
        "from nbgrader_isolate.sandbox.backends import choose\n"
        "backend = choose('auto')\n"
        "print(backend.name, backend.fallback_reason)"
    )
    machine = under("echo 0 > /proc/sys/user/max_user_namespaces")
    output = output_of_choice("auto", machine, code)
    assert output.startswith("landlock ")
    assert "user.max_user_namespaces" in output


@needs_landlock
def test_the_root_of_a_container_without_other_users_is_an_ordinary_user_and_has_both() -> None:
    for backend in ("bwrap", "landlock"):
        output = output_of_choice(backend, ["unshare", "--user", "--map-root-user"])
        assert output == f"chosen: {backend}\n"


@needs_landlock
def test_the_doctor_says_why_bubblewrap_is_not_used() -> None:
    code = (
        "from nbgrader_isolate.cli import doctor\n"
        "for finding in doctor.check_sandbox(): doctor.print_finding(finding)"
    )
    programs = str(Path(sys.executable).parent)
    output = output_of_choice("", [], code, path=programs)
    assert output.startswith("warn  sandbox: landlock; 19 escape attempts, all blocked; but ")
    assert "to use bubblewrap instead: the program bwrap is not installed; install it" in output

"""Every attack that claims to work does work on plain nbgrader; else stopping it proves nothing.

Plain nbgrader runs in a sandbox without a network and with its own processes, because it offers no
protection against these submissions. A sample runs by default; TEST_TIER=all runs every attack that
claims to achieve something.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import scene
from corpus import ATTACKS
from corpus.attack import COURSE, HIDDEN, HONEST, SLEEP, VICTIM, Attack

from support.patience import patience

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAMPLE = (
    "skip-execution-tag",
    "history-read",
    "link-to-passwd",
    "html-script",
    "print-to-stderr",
    "old-schema",
    "marks-written",
    "daemon",
)
CHOSEN = [a for a in ATTACKS if a.stock != "none" and scene.is_chosen(a, SAMPLE)]
ALONE = {"abort", "harm", "survives", "hang"}
TOGETHER = [attack for attack in CHOSEN if attack.stock not in ALONE]
FLOOD = 20 << 20
PATIENCE = 90
"""If a command on three submissions takes this many seconds, it does not return."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.whole("it runs plain nbgrader only: what it finds changes with the attacks alone"),
]


def autograde(
    course: Path, seconds: float, cell_seconds: int = 8
) -> subprocess.CompletedProcess[str]:
    """Grade and give feedback with plain nbgrader in its sandbox; print the number of daemons."""
    python = f"{sys.executable} -m nbgrader"
    look = f"grep -lsz {SLEEP} /proc/[0-9]*/cmdline | wc -l"
    limits = f"--Execute.timeout={cell_seconds} --Execute.iopub_timeout={cell_seconds}"
    script = (
        f"{python} autograde lab {limits}; code=$?; "
        f"{python} generate_feedback lab; echo daemons $({look}); exit $code"
    )
    return scene.run(course, scene.boxed(course, ["sh", "-c", script]), seconds)


@pytest.fixture(scope="module")
def together(fresh: scene.Fresh) -> Path:
    """A course in which the attacks that do not affect others were graded."""
    course = fresh("together")
    for attack in TOGETHER:
        scene.hand_in_attack(course, attack)
    # None of these attacks waits, but on a busy machine some take longer than the usual limit.
    autograde(course, 3000, cell_seconds=90)
    return course


def named(kind: str) -> pytest.MarkDecorator:
    """Run a test for each chosen attack that claims `kind`."""
    chosen = [attack for attack in CHOSEN if attack.stock == kind]
    return pytest.mark.parametrize("attack", chosen, ids=lambda attack: attack.name)


@named("points")
def test_it_gains_points(attack: Attack, together: Path) -> None:
    assert (scene.total(together, attack.who) or 0) > HONEST + sum(attack.earns.values())


@named("hidden")
def test_it_shows_hidden_tests(attack: Attack, together: Path) -> None:
    assert HIDDEN in scene.outputs(together, attack.who, errors=False)


@named("files")
def test_it_shows_what_is_not_its_own(attack: Attack, together: Path) -> None:
    shown = scene.outputs(together, attack.who, errors=False)
    assert any(mark in shown for mark in (VICTIM, COURSE, "root:x:0"))


@named("flood")
def test_it_floods_the_results(attack: Attack, together: Path) -> None:
    assert scene.result_bytes(together, attack.who) > FLOOD


@pytest.mark.browser
@named("page")
def test_its_script_runs_in_the_feedback_page(
    attack: Attack, together: Path, chromium: Browser
) -> None:
    page = chromium.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((together / "feedback" / attack.who / "lab" / "lab.html").as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") == 1
    page.close()


@pytest.fixture
def alone(fresh: scene.Fresh, attack: Attack) -> Path:
    """A course with one attacker."""
    course = fresh("alone")
    scene.hand_in_attack(course, attack)
    return course


@named("abort")
def test_it_ends_the_run_or_its_own_grading(attack: Attack, alone: Path) -> None:
    done = autograde(alone, patience(PATIENCE))
    assert done.returncode != 0
    assert None in {scene.total(alone, attack.who), scene.total(alone, "zzz-honest")}


@named("harm")
def test_it_changes_what_is_not_its_own(alone: Path) -> None:
    before, home = scene.protected_files(alone), scene.leftovers(alone).files
    autograde(alone, patience(PATIENCE))
    changed = before != scene.protected_files(alone) or home != scene.leftovers(alone).files
    assert changed or scene.total(alone, "aaa-honest") != scene.demo_assignment.FULL


@named("survives")
def test_a_process_of_its_own_survives(alone: Path) -> None:
    output = autograde(alone, patience(PATIENCE)).stdout
    assert int(output.rsplit("daemons ", 1)[1]) > 0, output


@pytest.mark.whole("it takes long to make sure that a command does not return")
@named("hang")
def test_the_command_does_not_return(alone: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        autograde(alone, PATIENCE)

"""Grade every attack next to two honest students, by our command and by nbgrader with our plugin.

A sample runs by default. TEST_TIER=all (`make test-all`) runs all attacks, and a few on the weaker
machines of `machines`. ATTACK_ON=landlock,ordinary runs the tests on such a machine alone.
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import scene
from corpus import ATTACKS
from corpus.attack import COURSE, EARNS, ESCAPED, HIDDEN, UNPROTECTED, VICTIM, Attack
from machines import HERE, OTHERS, Machine
from peaks import Peaks
from scene import HONEST as VICTIMS

from nbgrader_isolate.cli import demo_assignment

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SAMPLE = (
    "skip-execution-tag",
    "old-schema",
    "imports-edited",
    "link-to-neighbor",
    "helper-compiled",
    "nested-deep",
    "messages-filtered",
    "equals-everything",
    "callers-frames",
    "memory-shrunk",
    "endless-loop",
    "print-40-mb",
    "daemon",
    "network",
    "marks-written",
    "html-img-onerror",
    "id-glob",
)
ON_STOCK = (
    "skip-execution-tag",
    "link-to-neighbor",
    "endless-loop",
    "daemon",
    "marks-written",
    "html-img-onerror",
)
"""Those of the sample that nbgrader grades with our plugin; in the whole tier it grades all.

The engine is that of our command, so there are attacks here on what surrounds it: on the files that
come in, on the limits, and on the pages that go out.
"""
CHOSEN = [attack for attack in ATTACKS if scene.is_chosen(attack, SAMPLE)]
LIMITS = """
c.Limits.cell_seconds = 6
c.Limits.call_seconds = 3
c.Limits.notebook_seconds = 40
c.Limits.memory_mb = 384
"""
CONFIGURED = LIMITS + "import nbgrader_isolate\nnbgrader_isolate.configure(c)\n"
LARGEST = 8 << 20
"""How many bytes grading may write for one submission: its outputs are cut, its source is kept."""
LARGEST_PROCESS = 300
"""MiB that a worker, or nbgrader's command, may need at any time."""
FEW = ("skip-execution-tag", "callers-frames", "endless-loop", "daemon", "network", "marks-written")


@dataclass(frozen=True)
class Round:
    """Which attacks are graded, on which path and on which machine.

    Parameters
    ----------
    path : {"our command", "stock command"}
    machine : Machine
    attacks : list of Attack
    """

    path: str
    machine: Machine
    attacks: list[Attack]

    def __str__(self) -> str:
        """Return its id in the names of tests."""
        return self.path if self.machine == Machine() else f"{self.path}, {self.machine.words}"


STOCK = [attack for attack in CHOSEN if scene.is_chosen(attack, ON_STOCK)]
ROUNDS = [Round("our command", HERE, CHOSEN), Round("stock command", HERE, STOCK)]
if scene.WHOLE:
    few = [attack for attack in ATTACKS if attack.name in FEW]
    ROUNDS += [Round("our command", machine, few) for machine in OTHERS]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(7200)]


@dataclass
class Aftermath:
    """The state after grading: the course, what changed, what was left behind, and the output."""

    course: Path
    round: Round
    output: str
    codes: list[int]
    changed: dict[str, tuple[str | None, str | None]]
    before: scene.Leftovers
    after: scene.Leftovers
    connections: int
    mebibytes: dict[int, float]
    report: list[dict[str, object]] = field(default_factory=list)


def commands(path: str, course: Path) -> list[list[str]]:
    """Return the commands that an instructor enters."""
    if path == "our command":
        grade = [
            "nbgrader_isolate",
            "grade",
            "lab",
            "--jobs",
            "2",
            "--json",
            str(course.parent / "report.json"),
        ]
        return [
            [sys.executable, "-m", *grade],
            [sys.executable, "-m", "nbgrader_isolate", "feedback", "lab"],
        ]
    return [
        [sys.executable, "-m", "nbgrader", verb, "lab"]
        for verb in ("autograde", "generate_feedback")
    ]


def graded(round_: Round, course: Path) -> Aftermath:
    """Hand in the attacks, grade everyone and collect the results."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        for attack in round_.attacks:
            scene.hand_in_attack(course, attack, port)
        files, before = scene.protected_files(course), scene.leftovers(course)
        with Peaks(course) as peaks:
            done = [
                scene.run(course, command, 5400, round_.machine)
                for command in commands(round_.path, course)
            ]
        after, now = scene.leftovers(course), scene.protected_files(course)
        connections = count_connections(listener)
    changed = {
        n: (files.get(n), now.get(n))
        for n in files.keys() | now.keys()
        if files.get(n) != now.get(n)
    }
    report = course.parent / "report.json"
    lines = json.loads(report.read_text()) if report.exists() else []
    output = "\n".join(each.stdout + each.stderr for each in done)
    assert "Exception while loading config" not in output, output[
        :3000
    ]  # nbgrader goes on without it
    return Aftermath(
        course,
        round_,
        output,
        [each.returncode for each in done],
        changed,
        before,
        after,
        connections,
        peaks.mebibytes,
        lines,
    )


def count_connections(listener: socket.socket) -> int:
    """Return how many connections are waiting."""
    count = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


@pytest.fixture(scope="module", params=ROUNDS, ids=str)
def aftermath(request: pytest.FixtureRequest, fresh: scene.Fresh) -> Aftermath:
    """All attacks of a round, graded."""
    round_: Round = request.param
    config = LIMITS if round_.path == "our command" else CONFIGURED
    return graded(round_, fresh(round_.path.split()[0], config))


def test_the_honest_students_have_full_marks(aftermath: Aftermath) -> None:
    totals = {who: scene.total(aftermath.course, who) for who in VICTIMS}
    assert totals == dict.fromkeys(VICTIMS, demo_assignment.FULL), aftermath.output[-3000:]


def test_the_honest_students_have_their_feedback(aftermath: Aftermath) -> None:
    for who in VICTIMS:
        assert "transpose" in scene.feedback(aftermath.course, who), aftermath.output[-3000:]


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_no_attack_gains_a_point_in_an_isolated_test(aftermath: Aftermath, attack: Attack) -> None:
    scores = scene.scores(aftermath.course, attack.who) or {}
    for name, score in scores.items():
        if name != demo_assignment.IN_PROCESS:
            assert (score or 0) <= earned(attack, name), (attack.gain, scores)


def earned(attack: Attack, name: str) -> float:
    """Return the points that an attack's own right answers earn."""
    return attack.earns.get(name, EARNS.get(name, 0.0))


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_only_known_attacks_gain_points_in_the_in_process_test(
    aftermath: Aftermath, attack: Attack
) -> None:
    scores = scene.scores(aftermath.course, attack.who) or {}
    if not attack.unprotected:
        assert not scores.get(demo_assignment.IN_PROCESS), (attack.gain, scores)


@pytest.mark.parametrize("attack", [a for a in CHOSEN if a.keeps], ids=lambda attack: attack.name)
def test_honest_answers_next_to_an_attack_keep_their_points(
    aftermath: Aftermath, attack: Attack
) -> None:
    scores = scene.scores(aftermath.course, attack.who)
    assert scores is not None, aftermath.output[-3000:]
    assert {name: scores[name] for name in EARNS} == EARNS, scores


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_nothing_hidden_and_nothing_of_others_is_shown(
    aftermath: Aftermath, attack: Attack
) -> None:
    shown = {
        "outputs": scene.outputs(aftermath.course, attack.who),
        "feedback": scene.feedback(aftermath.course, attack.who),
    }
    for mark in (HIDDEN, VICTIM, COURSE, ESCAPED, "root:x:0"):
        leaks = [part for part, text in shown.items() if mark in text]
        assert not leaks, f"{mark} in {leaks}: …{context(shown[leaks[0]], mark)}…"
    assert UNPROTECTED not in shown["feedback"] or attack.unprotected_read


def context(text: str, mark: str) -> str:
    """Return the text around a mark."""
    at = text.index(mark)
    return text[max(0, at - 400) : at + 200]


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_results_stay_small(aftermath: Aftermath, attack: Attack) -> None:
    assert scene.result_bytes(aftermath.course, attack.who) < LARGEST


@pytest.mark.parametrize("attack", CHOSEN, ids=lambda attack: attack.name)
def test_every_attacker_is_graded_or_named(aftermath: Aftermath, attack: Attack) -> None:
    if scene.scores(aftermath.course, attack.who) is None:
        shown = attack.who.encode("unicode_escape").decode()
        assert (
            attack.who in aftermath.output
            or shown in aftermath.output
            or attack.who in {line.get("student") for line in aftermath.report}
        ), aftermath.output[-3000:]


def test_the_grader_itself_never_fails(aftermath: Aftermath) -> None:
    assert "the grader failed" not in aftermath.output
    assert not [line["student"] for line in aftermath.report if line["status"] == "error"]


def test_results_name_the_sandbox_of_the_machine(aftermath: Aftermath) -> None:
    if aftermath.round.path == "our command":
        used = {line["sandbox"] for line in aftermath.report}
        assert used == {aftermath.round.machine.backend}


def test_no_file_of_the_course_changed(aftermath: Aftermath) -> None:
    assert not aftermath.changed


def test_no_process_file_or_socket_is_left(aftermath: Aftermath) -> None:
    assert not aftermath.after.processes - aftermath.before.processes
    assert not aftermath.after.files - aftermath.before.files
    assert not aftermath.after.sockets - aftermath.before.sockets


def test_no_attack_reached_the_hosts_network(aftermath: Aftermath) -> None:
    assert aftermath.connections == 0


def test_the_graders_own_processes_stay_small(aftermath: Aftermath) -> None:
    assert aftermath.mebibytes
    assert max(aftermath.mebibytes.values()) <= LARGEST_PROCESS, aftermath.mebibytes


def test_the_gradebook_contains_only_students_who_submitted(aftermath: Aftermath) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{aftermath.course / 'gradebook.db'}") as book:
        students = {student.id for student in book.students}
        manual = [
            grade.name
            for s in book.assignment_submissions("lab")
            for n in s.notebooks
            for grade in n.grades
            if grade.manual_score is not None
        ]
    assert students <= {*VICTIMS, *(attack.who for attack in CHOSEN)}
    assert not manual


def test_points_of_the_in_process_test_are_marked_as_unprotected(aftermath: Aftermath) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{aftermath.course / 'gradebook.db'}") as book:
        points_given = {
            s.student_id: [c.auto_comment or "" for n in s.notebooks for c in n.comments]
            for s in book.assignment_submissions("lab")
            for n in s.notebooks
            for g in n.grades
            if g.name == demo_assignment.IN_PROCESS and g.auto_score
        }
    assert set(VICTIMS) <= set(points_given)
    for who, comments in points_given.items():
        assert any(word.startswith("Unprotected points: center-memory") for word in comments), who
    for line in aftermath.report:
        assert (
            line["cells"].get(demo_assignment.IN_PROCESS, {"mode": "in-process"})["mode"]
            == "in-process"
        )


@pytest.mark.browser
def test_no_script_of_a_student_runs_in_a_feedback_page(
    aftermath: Aftermath, chromium: Browser
) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in sorted((aftermath.course / "feedback").glob("*/lab/lab.html")):
        page.goto(file.as_uri())
        page.wait_for_timeout(50)
        assert page.evaluate("window.owned") is None, file
    assert not [url for url in asked if url.startswith("http")]
    page.close()

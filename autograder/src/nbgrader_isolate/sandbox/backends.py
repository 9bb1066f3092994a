"""Which sandbox this machine can give: found out by a process that tries to get out of it.

`choose("auto")` tries bubblewrap, then Landlock. A tier is taken only if the probe, run inside by this user on this machine
now, failed at everything it tried; otherwise `NoSandbox` names what it achieved.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import (
    bubblewrap,
    hints,
    identity,
    landlock,
    mounts,
    no_namespaces,
    probe,
)

TierName = Literal["bwrap", "landlock", "none"]
WANTED = ("auto", "bwrap", "landlock", "none")

_PROBE_SECONDS = 10.0
_LEFT_BEHIND = "leave a process behind"


NOTHING_RAN = "No sandbox holds on this machine, so no student's code was run."
ELSEWHERE = "or use another machine, or a virtual one; `--no-sandbox` runs students' code with your own rights"


class NoSandbox(RuntimeError):  # noqa: N818 (it reads: raise NoSandbox)
    """A tier did not hold, or none did; the message says why, and what to do.

    Parameters
    ----------
    why, what_to_do : str
        A line each.
    reasons : mapping of str to NoSandbox
        By tier, where several were tried.
    """

    def __init__(
        self, why: str, what_to_do: str, reasons: Mapping[str, NoSandbox] | None = None
    ) -> None:
        self.why, self.what_to_do, self.reasons = why, what_to_do, dict(reasons or {})
        each = [f"  {name}: {error}\n" for name, error in self.reasons.items()]
        told = "".join(each)
        super().__init__(f"{why}\n{told}  → {what_to_do}" if told else f"{why} → {what_to_do}")


@dataclass(frozen=True)
class Tier:
    """A sandbox, and what its probe tried.

    Parameters
    ----------
    name : TierName
        As it stands in every result.
    attempts : dict of str to str
        By name of the attempt: what stopped it; empty: nothing did.
    smaller : tuple of str
        What it does not guarantee, and bubblewrap does.
    better : NoSandbox or None
        Why it was not bubblewrap, where that was tried before.
    """

    name: TierName
    attempts: Mapping[str, str]
    smaller: tuple[str, ...] = ()
    better: NoSandbox | None = None

    def server_command(self, arguments: Sequence[str], **options: Any) -> list[str]:  # noqa: ANN401
        """Return the command for a fork server: `bwrap.server_command`, or `bare.server_command`."""
        if self.name == "bwrap":
            return bubblewrap.server_command(arguments, **options)
        return no_namespaces.server_command(arguments, **options)

    def kernel_command(self, program: Sequence[str], **options: Any) -> list[str]:  # noqa: ANN401
        """Return the command for a program in a sandbox of its own (`folder`, `limits`)."""
        if self.name == "bwrap":
            return bubblewrap.kernel_command(program, **options)
        return no_namespaces.kernel_command(program, confined=self.name == "landlock", **options)


SMALLER = {
    "bwrap": (),
    "landlock": (
        "names, sizes and times of files outside can be learnt, not their content",
        "processes outside can be listed, not touched",
        "files are written to the host's disk: their sum is looked at ten times a second, not capped",
        "of an ordinary user, one submission at its limit of processes can keep another from starting threads",
        "there is no /tmp but $TMPDIR, and no /dev/shm; chmod, chown and utime do nothing; no sockets but Unix ones",
    ),
    "none": ("everything: student code can do what you can do",),
}


def choose(wanted: str = "auto") -> Tier:
    """Return the tier to use.

    Parameters
    ----------
    wanted : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first that holds and never "none", which must be asked for.

    Raises
    ------
    NoSandbox
        What was asked for does not hold here.
    ValueError
        No such tier.
    """
    if wanted not in WANTED:
        raise ValueError(f"no sandbox is called {wanted!r}: one of {', '.join(WANTED)}")
    if wanted == "none":
        return Tier("none", {}, SMALLER["none"])
    names: tuple[TierName, ...] = ("bwrap", "landlock") if wanted == "auto" else (wanted,)  # type: ignore[assignment]
    reasons: dict[str, NoSandbox] = {}
    for name in names:
        try:
            tier = probed(name)
        except NoSandbox as error:
            reasons[name] = error
        else:
            return replace(tier, better=reasons["bwrap"]) if reasons else tier
    raise NoSandbox(NOTHING_RAN, ELSEWHERE, reasons)


@cache
def probed(name: TierName) -> Tier:
    """Return a tier that held against its probe; the answer is kept for the life of this process.

    Raises
    ------
    NoSandbox
        It cannot be started, or the probe got out.
    """
    missing = _missing(name)
    if missing:
        raise NoSandbox(*missing)
    attempts = try_to_escape(Tier(name, {}))
    escaped = [attempt for attempt, held in attempts.items() if not held]
    if escaped:
        what_to_do = hints.REPORT if os.getuid() else hints.ROOT
        raise NoSandbox(f"the probe could {'; '.join(escaped)}", what_to_do)
    return Tier(name, attempts, SMALLER[name])


def _missing(name: TierName) -> tuple[str, str] | None:
    """Return what this machine lacks for a tier, as far as one can see without trying, and what to do."""
    if sys.platform != "linux":
        return f"needs Linux, this is {sys.platform}", "grade on Linux, or in a virtual machine"
    if name == "bwrap" and not bubblewrap.available():
        return "the program bwrap is not installed", hints.INSTALL
    if name == "landlock" and landlock.abi() < landlock.LEAST_ABI:
        offers = f"the kernel offers Landlock {landlock.abi()}, {landlock.LEAST_ABI} is needed"
        return offers, hints.LANDLOCK
    return None


def try_to_escape(tier: Tier) -> dict[str, str]:
    """Run the probe in a tier and return, by attempt, what stopped it (empty: nothing).

    Raises
    ------
    NoSandbox
        The sandbox or the probe in it could not be started, or did not answer.
    """
    limits = Limits(processes=6, disk_mb=16, file_mb=8, cpu_seconds=10)
    with _targets(limits) as (targets, folder):
        shown = [f"{name}={value}" for name, value in targets.items() if name != "datagram socket"]
        program = [mounts.interpreter(), "-I", "-S", probe.__file__, *shown]
        command = tier.kernel_command(program, folder=folder, limits=limits)
        answers = _answers(command)
        return answers | dict.fromkeys(_seen_outside(targets), "")


def _seen_outside(targets: Mapping[str, Any]) -> Iterator[str]:
    """Name the attempts that left a trace where they should not."""
    if Path(targets["folder"], "escaped").exists():
        yield "write a file outside"
    with contextlib.suppress(BlockingIOError):
        targets["datagram socket"].recv(1)
        yield "send a datagram to the host"


def _answers(command: list[str]) -> dict[str, str]:
    """Return what the probe says, when nothing that it started holds its output any more."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            said, errors = process.communicate(timeout=_PROBE_SECONDS)
            left = False
        except subprocess.TimeoutExpired as late:
            process.terminate()
            said, errors = late.output or b"", late.stderr or b""
            left = True
    lines = [line.partition(": ") for line in said.decode(errors="replace").splitlines()]
    answers = {name: held for name, _, held in lines}
    if answers.keys() != probe.ATTEMPTS.keys():
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        late_or_code = (
            f"no answer in {_PROBE_SECONDS:.0f} s" if left else f"exit code {process.returncode}"
        )
        said_last = (last or [late_or_code])[0]
        raise NoSandbox(f"the probe did not run: {said_last}", hints.for_bubblewrap(said_last))
    return answers | dict.fromkeys([_LEFT_BEHIND] if left else [], "")


@contextlib.contextmanager
def _targets(limits: Limits) -> Iterator[tuple[dict[str, Any], Path]]:
    """Make what the probe shall reach for, and the folder that it gets."""
    folder, outside = identity.private_folder(), identity.private_folder()
    identity.give(outside)
    secret = outside / "secret"
    secret.write_text("not for students", "ascii")
    identity.give(secret)
    name = f"autograder-probe-{os.getpid()}-{outside.name}"
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(shutil.rmtree, outside, ignore_errors=True)
        port = stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
        datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        datagrams.bind(("127.0.0.1", 0))
        datagrams.setblocking(False)  # noqa: FBT003
        for address in (str(outside / "socket"), "\0" + name):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(address)
            listener.listen()
        identity.give(outside / "socket")
        targets: dict[str, Any] = {
            "file": str(secret),
            "folder": str(outside),
            "pid": os.getpid(),
            "port": port,
            "datagrams": datagrams.getsockname()[1],
            "datagram socket": datagrams,
            "socket": str(outside / "socket"),
            "abstract": name,
            "processes": limits.processes,
        }
        yield targets, folder

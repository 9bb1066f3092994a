"""Choose the sandbox that this machine can provide, by running a process that tries to escape.

`choose("auto")` tries bubblewrap, then Landlock. A backend is used only if the probe fails at
everything it tries, when this user runs it inside that sandbox on this machine. Otherwise
`NoSandboxError` names what the probe achieved.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

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
from nbgrader_isolate.sandbox.private import ExposedError, identities

BackendName = Literal["bwrap", "landlock", "none"]
CHOICES = ("auto", "bwrap", "landlock", "none")

_PROBE_SECONDS = 60.0
_LEFT_BEHIND = "leave a process behind"

NOTHING_RAN = "No sandbox works on this machine, so no student code was run."
ELSEWHERE = (
    "or use another machine or a virtual machine; "
    "`--no-sandbox` runs student code with your own permissions"
)


class NoSandboxError(RuntimeError):
    """One backend cannot be used, or none can; the message says why and what to do.

    Parameters
    ----------
    reason, hint : str
        Why, and what to do about it; one line each.
    by_backend : mapping of str to NoSandboxError
        The error of each backend, if several were tried.
    """

    def __init__(
        self, reason: str, hint: str, by_backend: Mapping[str, NoSandboxError] | None = None
    ) -> None:
        self.reason, self.hint, self.by_backend = reason, hint, dict(by_backend or {})
        details = "".join(f"  {name}: {error}\n" for name, error in self.by_backend.items())
        super().__init__(f"{reason}\n{details}  → {hint}" if details else f"{reason} → {hint}")


class SlowProbeError(NoSandboxError):
    """The probe did not answer in time: that says something about the machine, not the backend."""


@dataclass(frozen=True)
class Backend:
    """A sandbox, and the results of its probe.

    Parameters
    ----------
    name : BackendName
        The name recorded in every result.
    attempts : dict of str to str
        What stopped each attempt to escape; an empty string means that nothing did.
    limitations : tuple of str
        What this backend does not guarantee although bubblewrap does.
    fallback_reason : NoSandboxError or None
        Why bubblewrap was not used, if it was tried first.
    private : tuple of str
        Paths that it hides, wherever they are; see `private`.
    data : tuple of str
        Folders that it shows, read-only, in addition to those of `mounts`.
    """

    name: BackendName
    attempts: Mapping[str, str]
    limitations: tuple[str, ...] = ()
    fallback_reason: NoSandboxError | None = None
    private: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def readable(self) -> list[str]:
        """Return the paths that a child of the fork server may read under Landlock."""
        if self.name != "landlock":
            return []
        return no_namespaces.readable(self.private, self.data)

    def server_command(
        self,
        arguments: Sequence[str],
        *,
        server_dir: Path,
        variables: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Return the command that starts a fork server; see `bubblewrap.server_command`."""
        if self.name == "bwrap":
            return bubblewrap.server_command(
                arguments,
                server_dir=server_dir,
                variables=variables,
                private=self.private,
                data=self.data,
            )
        return no_namespaces.server_command(
            arguments, server_dir=server_dir, variables=variables, data=self.data
        )

    def kernel_command(self, program: Sequence[str], *, folder: Path, limits: Limits) -> list[str]:
        """Return the command that runs one program in its own sandbox; see `bubblewrap`."""
        if self.name == "bwrap":
            return bubblewrap.kernel_command(
                program, folder=folder, limits=limits, private=self.private, data=self.data
            )
        return no_namespaces.kernel_command(
            program,
            folder=folder,
            limits=limits,
            confined=self.name == "landlock",
            private=self.private,
            data=self.data,
        )


LIMITATIONS = {
    "bwrap": (),
    "landlock": (
        "names, sizes and times of outside files can be seen, but not their contents",
        "outside processes can be listed, but not touched",
        (
            "files are written to the host's disk; their total size is checked several times a "
            "second but not capped"
        ),
        (
            "if an ordinary user grades, a submission that starts many processes can keep another "
            "from starting threads for a fraction of a second"
        ),
        (
            "$TMPDIR replaces /tmp, there is no /dev/shm, chmod, chown and utime do nothing, "
            "and only Unix sockets exist"
        ),
    ),
    "none": ("everything: student code can do whatever you can do",),
}


def choose(name: str = "auto", private: Iterable[str] = (), data: Iterable[str] = ()) -> Backend:
    """Return the backend to use.

    Parameters
    ----------
    name : {"auto", "bwrap", "landlock", "none"}
        "auto" takes the first backend that works, but never "none", which must be requested.
    private : iterable of str
        Absolute paths that must not be visible in the sandbox, such as those of a course.
    data : iterable of str
        Absolute paths of folders that it shows, read-only.

    Raises
    ------
    NoSandboxError
        If the requested backend does not work on this machine.
    ValueError
        If there is no such backend.
    """
    if name not in CHOICES:
        raise ValueError(f"unknown sandbox {name!r}; choose one of {', '.join(CHOICES)}")
    if name == "none":
        return Backend("none", {}, LIMITATIONS["none"], data=tuple(data))
    candidates = ("bwrap", "landlock") if name == "auto" else (name,)
    errors: dict[str, NoSandboxError] = {}
    for candidate in candidates:
        try:
            backend = probed(cast("BackendName", candidate), tuple(private), tuple(data))
        except SlowProbeError:
            raise  # a busy machine is no reason to use a weaker sandbox
        except NoSandboxError as error:
            errors[candidate] = error
        else:
            return replace(backend, fallback_reason=errors["bwrap"]) if errors else backend
    raise NoSandboxError(NOTHING_RAN, ELSEWHERE, errors)


@cache
def probed(name: BackendName, private: tuple[str, ...] = (), data: tuple[str, ...] = ()) -> Backend:
    """Return a backend whose probe could not escape; cached for the lifetime of this process.

    Raises
    ------
    NoSandboxError
        If the sandbox cannot be started, or the probe escapes from it.
    """
    missing = _missing(name)
    if missing:
        raise NoSandboxError(*missing)
    if gone := next((folder for folder in data if not Path(folder).is_dir()), None):
        raise NoSandboxError(f"{gone} is not a folder of this machine", hints.DATA)
    try:
        attempts = try_to_escape(Backend(name, {}, private=private, data=data))
    except ExposedError as error:
        raise NoSandboxError(str(error), hints.EXPOSED) from None
    escaped = [attempt for attempt, stopped_by in attempts.items() if not stopped_by]
    if escaped:
        hint = hints.REPORT if os.getuid() else hints.ROOT
        raise NoSandboxError(f"the probe could {'; '.join(escaped)}", hint)
    return Backend(name, attempts, LIMITATIONS[name], private=private, data=data)


def _missing(name: BackendName) -> tuple[str, str] | None:
    """Return the reason and a hint if this machine clearly cannot run a backend, else None."""
    if sys.platform != "linux":
        return (
            f"this needs Linux, and the machine runs {sys.platform}",
            "grade on Linux, or in a virtual machine",
        )
    if name == "bwrap" and not bubblewrap.available():
        return "the program bwrap is not installed", hints.INSTALL
    if name == "landlock" and landlock.abi() < landlock.LEAST_ABI:
        reason = (
            f"this needs Landlock {landlock.LEAST_ABI}, and the kernel offers "
            f"{landlock.abi() or 'none'}"
        )
        return reason, hints.LANDLOCK
    return None


def try_to_escape(backend: Backend) -> dict[str, str]:
    """Run the probe in a backend and return what stopped each attempt (empty: nothing did).

    Raises
    ------
    NoSandboxError
        If the sandbox or the probe in it does not start, or does not answer.
    """
    limits = Limits(processes=6, disk_mb=16, file_mb=8, cpu_seconds=10)
    with _targets(limits) as (targets, folder):
        arguments = [
            f"{name}={value}" for name, value in targets.items() if name != "datagram socket"
        ]
        program = [mounts.interpreter(), "-I", "-S", probe.__file__, *arguments]
        known = dict(identities(backend.private))
        program += [f"private {path}={numbers}" for path, numbers in known.items()]
        command = backend.kernel_command(program, folder=folder, limits=limits)
        expected = {*probe.ATTEMPTS, *(probe.name_of(path) for path in known)}
        answers = _answers(command, expected)
        return answers | dict.fromkeys(_visible_outside(targets), "")


def _visible_outside(targets: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of attempts that left a trace outside the sandbox."""
    if Path(targets["folder"], "escaped").exists():
        yield "write a file outside"
    with contextlib.suppress(BlockingIOError):
        targets["datagram socket"].recv(1)
        yield "send a datagram to the host"


def _answers(command: list[str], expected: Collection[str]) -> dict[str, str]:
    """Return the probe's answers, once no process that it started still holds its output open."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            output, errors = process.communicate(timeout=_PROBE_SECONDS)
            timed_out = False
        except subprocess.TimeoutExpired as timeout:
            process.terminate()
            output, errors = timeout.output or b"", timeout.stderr or b""
            timed_out = True
    lines = [line.partition(": ") for line in output.decode(errors="replace").splitlines()]
    answers = {name: stopped_by for name, _, stopped_by in lines}
    if answers.keys() != set(expected):
        status = (
            f"no answer within {_PROBE_SECONDS:.0f} s"
            if timed_out
            else f"exit code {process.returncode}"
        )
        if timed_out:
            raise SlowProbeError(f"the probe of the sandbox gave {status}", hints.BUSY)
        error = [status, *errors.decode(errors="replace").strip().splitlines()][-1]
        raise NoSandboxError(f"the probe did not run: {error}", hints.for_bubblewrap(error))
    return answers | dict.fromkeys([_LEFT_BEHIND] if timed_out else [], "")


@contextlib.contextmanager
def _targets(limits: Limits) -> Iterator[tuple[dict[str, Any], Path]]:
    """Create the targets that the probe tries to reach; yield them and the probe's own folder."""
    folder, outside = identity.private_folder(), identity.private_folder()
    identity.give_to_sandbox_user(outside)
    secret = outside / "secret"
    secret.write_text("not for students", "ascii")
    identity.give_to_sandbox_user(secret)
    name = f"nbgrader-isolate-probe-{os.getpid()}-{outside.name}"
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
        identity.give_to_sandbox_user(outside / "socket")
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

"""Start the warm process, by the command line of the sandbox's tier."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from typing import IO, Any

from autograder.limits import Limits
from autograder.sandbox.tiers import Tier

MODULE = "autograder.forkserver.server"

# The same sets in the same order in every run: a submission must not get other points the next time.
_VARIABLES = {"PYTHONHASHSEED": "0"}


def values(limits: Limits) -> dict[str, Any]:
    """Return the limits as plain data."""
    return {name: getattr(limits, name) for name in limits.traits(config=True)}


def start(
    tier: Tier, folder: Path, control: socket.socket, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the warm process with its channel as standard input.

    Parameters
    ----------
    tier : Tier
    folder : Path
        Empty and private: its home, where the tier gives it none of its own.
    control : socket.socket
        Its end of the channel.
    errors : file
        Where it writes what it could not say over the channel.

    Raises
    ------
    OSError
        When the program cannot be started.
    """
    return subprocess.Popen(
        tier.server_command(["-P", "-m", MODULE], spool=folder, variables=_VARIABLES),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
        cwd="/",
    )

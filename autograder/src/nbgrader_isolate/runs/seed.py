"""Seeds of students' random data."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from nbgrader_isolate.core import atomic

SECRET_FILE, SECRET_BYTES = "secret", 32


def seed_of(secret: bytes, assignment: str, student: str) -> int:
    """Return the seed of a student's random data: the same in each run, different per student.

    Without the secret of the course nobody can tell it, and it is too long to be tried.
    """
    text = f"{assignment}\0{student}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hmac.digest(secret, text, "sha256")[:16], "big")


def course_secret(state: Path) -> bytes:
    """Return the secret of a course; it is drawn once and kept in the grader's own folder."""
    file = state / SECRET_FILE
    try:
        secret = file.read_bytes()
    except FileNotFoundError:
        secret = b""
    if len(secret) < SECRET_BYTES:
        secret = secrets.token_bytes(SECRET_BYTES)
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_atomically(file, secret, 0o600)
    return secret

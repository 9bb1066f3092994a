"""Build a library of this repository, and install the wheel in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def build_wheel(project: str, folder: Path) -> Path:
    """Build the wheel of `autograder` or `stridescope` with hatchling, which is installed here."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT / project, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path, *more: str) -> Path:
    """Install a wheel, and what it asks for, in a new environment; return the environment's Python.

    The versions are those of `requirements.lock`, so that they need not be downloaded again.
    """
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    pins = ["--constraint", str(ROOT / "requirements.lock")]
    command = [*uv, "pip", "install", "--quiet", "--python", str(python), *pins, str(wheel), *more]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return python


def clean_environment() -> dict[str, str]:
    """Return this process's variables without any that could lead a Python to this checkout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return kept | {"PATH": "/usr/bin:/bin"}

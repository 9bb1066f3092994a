"""Create `.venv` from `requirements.lock`, then run the verb inside it.

This runs before any package is installed, on any Python that the reader has. So it uses only the
standard library and syntax that Python 3.6 can read, and an old Python can explain what to do.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "course-is-ready"
DISTRIBUTION = "inside-the-ndarray"


class SetupError(Exception):
    """What this machine lacks and how to fix it, in one sentence."""


def ensure(arguments: "list[str]") -> "int | None":
    """Make sure that the packages are installed; if they are not here, start again inside `.venv`.

    Parameters
    ----------
    arguments : list of str
        The verb and its options, as after `python -m course`.

    Returns
    -------
    int or None
        None if this Python has the packages, so that the verb can run here. Otherwise, the exit
        status: that of the same verb inside `.venv`, 1 after one sentence that says what to do, or
        130 after Ctrl-C.
    """
    try:
        refuse_old_python(sys.executable, sys.version_info[:2])
        if in_step() if inside() else installed_here():
            return None
        make_environment()
        return start_again(arguments)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to continue.", file=sys.stderr)
        return 130


def refuse_old_python(executable: str, version: "tuple[int, ...]") -> None:
    """Raise `SetupError` with instructions if the reader's Python is too old."""
    if version >= OLDEST:
        return
    raise SetupError(
        f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer and {executable} is "
        f"{version[0]}.{version[1]}: install a newer one, or name one that you have, as in "
        f"`make PYTHON=python3.12 html`."
    )


def installed_here() -> bool:
    """Return whether the course is installed in this Python itself (conda, Binder, a hub)."""
    from importlib import metadata

    try:
        metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return False
    return True


def inside() -> bool:
    """Return whether this Python is the one in `.venv`, even through a symbolic link."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def in_step() -> bool:
    """Return whether `.venv` matches `requirements.lock`."""
    return STAMP.is_file() and STAMP.read_text() == wanted()


def wanted() -> str:
    """Return a digest of everything that decides what is installed in `.venv`."""
    projects = [folder / "pyproject.toml" for folder in projects_here()]
    texts = [file.read_bytes() for file in (ROOT / "requirements.lock", *projects)]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def projects_here() -> "list[Path]":
    """Return the folders to install in place: the course and the workspace packages that exist."""
    members = [ROOT / name for name in ("autograder", "stridescope")]
    return [ROOT] + [member for member in members if (member / "pyproject.toml").is_file()]


def venv_python() -> Path:
    """Return the path of the Python inside `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment() -> None:
    """Bring `.venv` up to date with `requirements.lock`; print what is done and how long it took.

    Raises
    ------
    SetupError
        If this Python cannot create environments, or the packages cannot be downloaded.
    """
    if in_step() and works(venv_python()):
        return
    started = time.monotonic()
    lock = (ROOT / "requirements.lock").read_text()
    count = len(re.findall(r"(?m)^[\w.-]+==", lock))
    print(f"Setting up .venv with the {count} packages of requirements.lock ...", flush=True)
    if not works(venv_python()):
        make_venv()
    python = str(venv_python())
    uv = re.search(r"(?m)^uv==\S+", lock)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1"]
    fetch([*pip, uv.group() if uv else "uv"])
    in_venv = ["--quiet", "--python", python]
    uv_pip = [python, "-m", "uv", "pip"]
    # compiled once here, not whenever a kernel starts where Python may not write its caches
    locked = ["--require-hashes", "--compile-bytecode", str(ROOT / "requirements.lock")]
    fetch([*uv_pip, "sync", *in_venv, *locked])
    editable = [f"--editable={folder}" for folder in projects_here()]
    fetch([*uv_pip, "install", *in_venv, "--no-deps", *editable])
    STAMP.write_text(wanted())
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def works(python: Path) -> bool:
    """Return whether `python` starts, has pip and is new enough (a system upgrade can break it)."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        return subprocess.run([str(python), "-c", check], check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Create an empty `.venv`; if that fails, remove what was created."""
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if done.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        if "venv" in done.stdout or "ensurepip" in done.stdout:
            version = "{}.{}".format(*sys.version_info[:2])
            raise SetupError(
                f"{sys.executable} cannot create environments because its venv module is missing: "
                f"on Debian or Ubuntu run `sudo apt-get install python{version}-venv`, elsewhere "
                f"install a complete Python. Then run this command again."
            )
        raise SetupError(f"Could not create {VENV}: {done.stdout.strip()}")


def fetch(command: "list[str]") -> None:
    """Run an installer; if it fails, raise `SetupError` with its last lines and what to do."""
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        env=dict(os.environ, UV_HTTP_RETRIES=os.environ.get("UV_HTTP_RETRIES", "1")),
    )
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        output = "\n".join(f"  {line.strip()}" for line in lines[-3:])
        raise SetupError(
            f"{output}\nThe packages could not be installed: connect this machine to the network "
            f"(behind a mirror, set PIP_INDEX_URL and UV_DEFAULT_INDEX), then run this command "
            f"again; it resumes where it stopped."
        )


def start_again(arguments: "list[str]") -> int:
    """Run the same verb with the Python in `.venv` and return its exit status."""
    command = [str(venv_python()), "-m", "course", *arguments]
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(str(ROOT))
        os.execv(command[0], command)  # noqa: S606 - the same program, inside .venv
    return subprocess.run(command, check=False, cwd=str(ROOT)).returncode

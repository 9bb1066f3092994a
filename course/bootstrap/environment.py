"""Create `.venv` from `requirements.lock`, then run the verb inside it.

This runs before any package is installed, on any Python that the reader has. So it uses only the
standard library and syntax that Python 3.6 can read, and an old Python can explain what to do.
"""

import contextlib
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from course.bootstrap import installer, moved, variables

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent.parent
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
        variables.escape_what_cannot_be_printed()
        refuse_old_python(sys.executable, sys.version_info[:2])
        if in_step() if inside() else installed_here():
            keep_scripts_plain()
            environment = dict(os.environ)
            wanted_here = variables.wanted_environment(environment, ROOT, in_venv=inside())
            if wanted_here == environment and not sys.flags.optimize:
                return None
            return start_again(Path(sys.executable), arguments)
        make_environment()
        return start_again(venv_python(), arguments)
    except (SetupError, installer.InstallerError) as error:
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
    """Return whether `.venv` matches `requirements.lock`, and was made or repaired here."""
    return STAMP.is_file() and STAMP.read_bytes() == stamp()


def stamp() -> bytes:
    """Return what the stamp of `.venv` says: what is installed, and in which folder."""
    return b"\n".join((wanted().encode(), os.fsencode(str(ROOT))))


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
        If this Python cannot create environments, or this folder cannot take one.
    course.bootstrap.installer.InstallerError
        If the packages cannot be downloaded or installed.
    """
    if in_step() and works(venv_python()):
        return
    refuse_folder()
    started = time.monotonic()
    mask = os.umask(0o022)  # others may read packages: as root, students' code runs as another user
    try:
        if repaired():
            return
        lock = (ROOT / "requirements.lock").read_text("utf-8")
        count = len(re.findall(r"(?m)^[\w.-]+==", lock))
        print(f"Setting up .venv with the {count} packages of requirements.lock ...", flush=True)
        if not works(venv_python()):
            make_venv()
        install(lock)
        STAMP.write_bytes(stamp())
    finally:
        os.umask(mask)
    print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)


def keep_scripts_plain() -> None:
    """Let Node.js take the scripts of packages in `.venv` for what they are: no modules.

    The `package.json` of this checkout says that scripts are modules, and Node.js believes the next
    one above a script. JupyterLab runs such a script when it starts, if there is Node.js.
    """
    file = VENV / "package.json"
    if inside() and not file.exists():
        with contextlib.suppress(OSError):  # a .venv that belongs to somebody else
            file.write_text("{}\n", "ascii")


def refuse_folder() -> None:
    """Raise `SetupError` if this folder cannot take an environment."""
    if os.pathsep in str(ROOT):
        raise SetupError(
            f"{ROOT}: rename this folder, because Python cannot make an environment in a path with "
            f"{os.pathsep!r} in it."
        )
    if not variables.can_write(VENV) or not variables.can_write(ROOT):
        raise SetupError(
            f"{ROOT}: you cannot write in this folder: copy it to a folder of your own (as in "
            f"`cp -r {shlex.quote(str(ROOT))} ~/inside-the-ndarray`), and run this command there."
        )


def repaired() -> bool:
    """Repair a `.venv` that was moved or copied; return whether nothing is left to install."""
    old = STAMP.read_bytes().split(b"\n", 1) if STAMP.is_file() else []
    if len(old) < len(stamp().split(b"\n", 1)) or os.fsdecode(old[1]) == str(ROOT):
        return False
    if not works(venv_python()) or not moved.repair(VENV, os.fsdecode(old[1])):
        return False
    STAMP.write_bytes(old[0] + b"\n" + os.fsencode(str(ROOT)))
    print(f"Moved .venv here from {os.fsdecode(old[1])}.", flush=True)
    return in_step()


def install(lock: str) -> None:
    """Install what the lock lists, and the packages of this checkout, into `.venv`."""
    python = str(venv_python())
    uv = re.search(r"(?m)^uv==\S+", lock)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries=1"]
    ours = variables.wanted_environment(dict(os.environ), ROOT, in_venv=True)
    environment = installer.environment_of(venv_python(), ours)
    installer.run([*pip, uv.group() if uv else "uv"], ROOT, environment)
    in_venv = ["--quiet", "--python", python]
    uv_pip = [python, "-m", "uv", "pip"]
    # compiled once here, not whenever a kernel starts where Python may not write its caches
    locked = ["--require-hashes", "--compile-bytecode", "requirements.lock"]
    installer.run([*uv_pip, "sync", *in_venv, *locked], ROOT, environment)
    # relative paths, because a requirement gives a meaning to characters such as # and [
    here = [os.path.relpath(str(folder), str(ROOT)) for folder in projects_here()]
    editable = [f"--editable=.{os.sep}{folder}" for folder in here]
    installer.run([*uv_pip, "install", *in_venv, "--no-deps", *editable], ROOT, environment)


def works(python: Path) -> bool:
    """Return whether `python` starts, has pip and is new enough (a system upgrade can break it)."""
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        # isolated: what the environment names may be another Python's
        return subprocess.run([str(python), "-I", "-c", check], check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Create an empty `.venv`; if that fails, remove what was created."""
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=variables.wanted_environment(dict(os.environ), ROOT, in_venv=True),
    )
    if done.returncode:
        said = done.stdout.decode("utf-8", "replace").strip()
        shutil.rmtree(str(VENV), ignore_errors=True)
        if re.search(r"No module named '?(venv|ensurepip)|ensurepip is not available", said):
            version = "{}.{}".format(*sys.version_info[:2])
            raise SetupError(
                f"{sys.executable} cannot create environments because its venv module is missing: "
                f"on Debian or Ubuntu run `sudo apt-get install python{version}-venv`, elsewhere "
                f"install a complete Python. Then run this command again."
            )
        raise SetupError(installer.explained(f"Could not create {VENV}:\n{said}"))


def start_again(python: Path, arguments: "list[str]") -> int:
    """Run the same verb with another Python, or in another environment; return its exit status."""
    command = [str(python), "-m", "course", *arguments]
    in_venv = python == venv_python() or inside()
    environment = variables.wanted_environment(dict(os.environ), ROOT, in_venv=in_venv)
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(str(ROOT))
        os.execve(command[0], command, environment)  # noqa: S606 - the same program, inside .venv
    return subprocess.run(command, check=False, cwd=str(ROOT), env=environment).returncode

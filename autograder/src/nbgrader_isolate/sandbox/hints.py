"""What to do when a sandbox does not start, according to its error and the kernel's settings."""

from __future__ import annotations

from pathlib import Path

from nbgrader_isolate.sandbox import drop_root

NAMESPACES = ("namespace", "uid map", "gid map", "loopback", "setting up")
"""Words in bubblewrap's errors about user namespaces, and about rights that AppArmor takes away."""

APPARMOR = (
    "let AppArmor allow user namespaces for bwrap: as root, run "
    "`echo 'abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }' "
    "> /etc/apparmor.d/bwrap` and `apparmor_parser -r /etc/apparmor.d/bwrap`; "
    "or allow them for all programs with "
    "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
)
SETTINGS = (
    (
        "kernel/unprivileged_userns_clone",
        "0",
        (
            "allow user namespaces: run `sysctl -w kernel.unprivileged_userns_clone=1` as root, "
            "and put the same setting into /etc/sysctl.d"
        ),
    ),
    (
        "user/max_user_namespaces",
        "0",
        (
            "allow user namespaces: run `sysctl -w user.max_user_namespaces=15000` as root, "
            "and put the same setting into /etc/sysctl.d"
        ),
    ),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        APPARMOR,
    ),
)
"""Kernel settings below /proc/sys, the value that forbids user namespaces, and what to do."""

CONTAINER = (
    "start the container with `--security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined --security-opt systempaths=unconfined` "
    "(with Podman, use `unmask=ALL` for the last one)"
)
PROC = (
    "/proc is masked, as it is in a container: start the container with "
    "`--security-opt systempaths=unconfined` (Docker) or `--security-opt unmask=ALL` (Podman)"
)
ELSEWHERE = (
    "something outside this process forbids user namespaces; "
    "use another machine, or a virtual machine"
)
INSTALL = "install it: `apt-get install bubblewrap` or `dnf install bubblewrap`"
ROOT = (
    "grade as an ordinary user; or, if Python is in a folder that other users cannot enter "
    "(such as root's home), move the environment to one that they can"
)
LANDLOCK = (
    "use Linux 6.2 or later, booted with `landlock` among its security modules (`lsm=`); "
    "in a container, use a seccomp profile that allows Landlock"
)
EXPOSED = "keep the course, the exchange and Python's environment in separate folders"
DATA = "mount it there too, or take it out of c.Limits.data_folders"
REPORT = "please report this"
BUSY = "the machine is busy: run the command again when it is less so, or name the sandbox yourself"


def for_bubblewrap(error: str, root: Path = Path("/")) -> str:
    """Return what to do, in one line.

    Parameters
    ----------
    error : str
        The last line written by bubblewrap, or by the supervisor that starts it.
    root : Path
        The folder that contains `proc` and the files by which containers can be recognized.
    """
    if "mount proc" in error:
        return PROC
    if drop_root.NOT_FOR_OTHERS in error:
        folders = error.partition(f"{drop_root.NOT_FOR_OTHERS}: ")[2].strip()
        return f"let others read the packages: run `chmod -R go+rX {folders}`"
    if drop_root.FAILED in error:
        return ROOT
    if not any(phrase in error for phrase in NAMESPACES):
        return REPORT
    for name, forbidden, hint in SETTINGS:
        if setting(root / "proc/sys" / name) == forbidden:
            return hint
    return CONTAINER if in_container(root) else ELSEWHERE


def setting(path: Path) -> str:
    """Return the value of a file in /proc/sys; empty if it does not exist."""
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""


def in_container(root: Path) -> bool:
    """Return whether this looks like a container of Docker, Podman or Kubernetes."""
    marks = (".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io")
    return any((root / mark).exists() for mark in marks)

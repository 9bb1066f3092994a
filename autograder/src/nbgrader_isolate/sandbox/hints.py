"""What to do where a sandbox cannot be had: read from what it said, and from the settings of the kernel."""

from __future__ import annotations

from pathlib import Path

from nbgrader_isolate.sandbox import drop_root

NAMESPACES = ("namespace", "uid map", "gid map", "loopback", "setting up")
"""Words of bubblewrap's complaints about user namespaces, and about what AppArmor takes from them."""

APPARMOR = (
    "let AppArmor allow them to bwrap: as root `echo 'abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }' "
    "> /etc/apparmor.d/bwrap` and `apparmor_parser -r /etc/apparmor.d/bwrap`; or, for all programs, "
    "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`"
)
SETTINGS = (
    (
        "kernel/unprivileged_userns_clone",
        "0",
        "allow user namespaces: `sysctl -w kernel.unprivileged_userns_clone=1` as root, and the same line in /etc/sysctl.d",
    ),
    (
        "user/max_user_namespaces",
        "0",
        "allow user namespaces: `sysctl -w user.max_user_namespaces=15000` as root, and the same line in /etc/sysctl.d",
    ),
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        APPARMOR,
    ),
)
"""Settings of the kernel below /proc/sys, the value that forbids user namespaces, and what to do."""

CONTAINER = (
    "start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined "
    "--security-opt systempaths=unconfined` (Podman: `unmask=ALL` for the last)"
)
PROC = (
    "/proc is masked here, as in a container: start that with `--security-opt systempaths=unconfined` "
    "(Docker) or `--security-opt unmask=ALL` (Podman)"
)
ELSEWHERE = (
    "something around this process forbids user namespaces; use another machine, or a virtual one"
)
INSTALL = "install it: `apt-get install bubblewrap`, `dnf install bubblewrap`"
ROOT = (
    "grade as an ordinary user; or, if Python lies in a folder that other users may not enter (root's home), move the "
    "environment to one that they may"
)
LANDLOCK = "Linux 6.2 or later, started with `landlock` among its security modules (`lsm=`); in a container, one whose seccomp profile knows it"
REPORT = "please report this"


def for_bubblewrap(said: str, root: Path = Path("/")) -> str:
    """Return what to do, in one line.

    Parameters
    ----------
    said : str
        The last line that bubblewrap, or what starts it, wrote.
    root : Path
        Where `proc` lies, and what containers put beside it.
    """
    if "mount proc" in said:
        return PROC
    if drop_root.FAILED in said:
        return ROOT
    if not any(word in said for word in NAMESPACES):
        return REPORT
    for name, forbidden, what_to_do in SETTINGS:
        if setting(root / "proc/sys" / name) == forbidden:
            return what_to_do
    return CONTAINER if in_container(root) else ELSEWHERE


def setting(path: Path) -> str:
    """Return what a file of /proc/sys holds; nothing if it is not there."""
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return ""


def in_container(root: Path) -> bool:
    """Return whether Docker, Podman or Kubernetes have left their mark."""
    marks = (".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io")
    return any((root / mark).exists() for mark in marks)

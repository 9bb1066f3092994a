"""A Dockerfile built without a container engine: its steps run in a root folder of their own.

The root folder is a fresh Debian from mmdebstrap, because no image can be downloaded here. What a
base image brings has to be made by hand; COPY, RUN, ENV, USER and WORKDIR are followed as written.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

PASSED_ON = {"PIP_CERT", "SSL_CERT_FILE"}
"""Variables that name the certificates of a proxy, if there is one."""
PIP_CONF = (Path("/etc/pip.conf"), Path.home() / ".config" / "pip" / "pip.conf")
MOUNTS = """
bind() {{ if test -d "$1"; then mkdir -p "$2"; else mkdir -p "$(dirname "$2")"; touch "$2"; fi
          mount --bind "$1" "$2"; }}
mount --make-rprivate /
mount --bind {root} {root}
cd {root}
mount --rbind /dev dev
mount -t proc proc proc
mount -t tmpfs -o mode=1777 tmp tmp
mount -t tmpfs run run
"""
"""What an engine mounts in a container whose /proc is not masked (`systempaths=unconfined`)."""
ENTER = "mkdir --parents .old; pivot_root . .old; cd /; umount --lazy /.old; rmdir /.old"
"""Not chroot: inside of that, the kernel allows no user namespaces, which the sandbox needs."""
CERTIFICATES = "/run/host/certificates.crt"


def debian(folder: Path) -> Path:
    """Make a small Debian or Ubuntu, of the release of this machine, and return its root folder."""
    release = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text("utf-8").splitlines()
        if "=" in line
    )
    sources = sorted(Path("/etc/apt/sources.list.d").glob("debian.sources"))
    parts = "main,universe" if release["ID"] == "ubuntu" else "main"
    subprocess.run(
        [
            *("mmdebstrap", "--quiet", "--variant=apt", f"--components={parts}"),
            "--include=ca-certificates,mount,python3-venv",
            *(release["VERSION_CODENAME"], str(folder), *map(str, sources)),
        ],
        check=True,
        timeout=900,
    )
    return folder


def instructions(dockerfile: str) -> Iterator[tuple[str, str]]:
    """Yield the instructions of a Dockerfile: the word, and the rest on one line."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if line.strip():
            word, rest = line.split(maxsplit=1)
            yield word, " ".join(rest.split())


@dataclass
class Image:
    """A root folder, and the state that the instructions of a Dockerfile change.

    Parameters
    ----------
    root : Path
        The root folder.
    variables : dict
        The environment that the base image has.
    """

    root: Path
    variables: dict[str, str] = field(default_factory=dict)
    user: str = "0"
    folder: str = "/"
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    started: dict[str, list[str]] = field(default_factory=dict)

    def build(self, dockerfile: Path, context: Path) -> None:
        """Follow a Dockerfile's instructions; HEALTHCHECK, ENTRYPOINT and CMD are kept."""
        self.variables.setdefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/bin")
        for word, rest in instructions(dockerfile.read_text("utf-8")):
            if word == "RUN":
                self.run(rest, check=True)
            elif word == "COPY":
                self.copy(self.filled(rest), context)
            elif word == "ENV":
                named = dict(part.split("=", 1) for part in shlex.split(rest))
                self.variables |= {name: self.filled(value) for name, value in named.items()}
            elif word == "USER":
                self.user = self.filled(rest)
            elif word == "WORKDIR":
                self.folder = self.filled(rest)
                self.inside(self.folder).mkdir(parents=True, exist_ok=True)
            elif word == "SHELL":
                self.shell = tuple(json.loads(rest))
            elif word in ("ENTRYPOINT", "CMD"):
                self.started[word] = json.loads(rest)

    def filled(self, text: str) -> str:
        """Return a text with the values of variables in it."""
        return Template(text).substitute(self.variables)

    def inside(self, path: str) -> Path:
        """Return where a path of the image is on this machine."""
        return self.root / path.lstrip("/")

    def copy(self, text: str, context: Path) -> None:
        """Copy a file or a folder of the context."""
        *options, source, target = text.split()
        to, start = self.inside(target), context / source
        to.parent.mkdir(parents=True, exist_ok=True)
        if start.is_dir():
            shutil.copytree(start, to, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(start, to)
        owner = next((one.partition("=")[2] for one in options if "chown" in one), "0:0")
        subprocess.run(["chown", "--recursive", owner, str(to)], check=True)

    def run(
        self, script: str, *, check: bool = False, mounts: tuple[tuple[Path, str], ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a script in the image, as its user, in its folder.

        Parameters
        ----------
        script : str
            What the image's shell runs.
        check : bool
            Whether a failure is an error, with what was printed last.
        mounts : tuple of (Path, str)
            More folders of this machine, and where they are in the image.
        """
        with tempfile.TemporaryDirectory(prefix="image-") as name:
            shared, variables = self.shared(Path(name))
            steps = [MOUNTS.format(root=shlex.quote(str(self.root)))]
            for at, to in [*shared, *((str(at), to) for at, to in mounts)]:
                steps.append(f"bind {shlex.quote(at)} {shlex.quote(str(self.inside(to)))}")
            started = [
                *("setpriv", "--reuid", self.user, "--regid", self.group(), "--clear-groups"),
                *("env", "--chdir", self.folder, *self.shell, script),
            ]
            steps += [ENTER, f"exec {shlex.join(started)}"]
            done = subprocess.run(
                ["unshare", "--mount", "--pid", "--fork", "bash", "-euc", "\n".join(steps)],
                env={**self.variables, **variables},
                capture_output=True,
                text=True,
                check=False,
                timeout=1500,
            )
        if check and done.returncode:
            raise AssertionError(f"{script}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done

    def group(self) -> str:
        """Return the number of the main group of the current user."""
        lines = self.inside("/etc/passwd").read_text("utf-8").splitlines()
        users = {parts[2]: parts[3] for parts in (line.split(":") for line in lines)}
        return users.get(self.user, "0")

    def shared(self, scratch: Path) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """Return what of this machine its network needs: files with their places, variables."""
        files = [("/etc/resolv.conf", "/etc/resolv.conf")]
        variables = {}
        if bundle := next((os.environ[name] for name in PASSED_ON if name in os.environ), ""):
            files.append((bundle, CERTIFICATES))
            variables = dict.fromkeys(PASSED_ON, CERTIFICATES)
        settings = "".join(file.read_text("utf-8") for file in PIP_CONF if file.is_file())
        lines = [line for line in settings.splitlines() if line.startswith(("index", "extra-ind"))]
        (scratch / "pip.conf").write_text("\n".join(["[global]", *lines]), "utf-8")
        files.append((str(scratch / "pip.conf"), "/run/host/pip.conf"))
        return files, {**variables, "PIP_CONFIG_FILE": "/run/host/pip.conf"}

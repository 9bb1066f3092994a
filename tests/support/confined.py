"""Run a student's program in a sandbox: `python confined.py SPEC` prints the result as JSON.

It is a separate process so that tests can start it as root and as an ordinary user. SPEC is JSON
with `backend`, `code`, `limits`, `arguments`; `watched` may hold limits of the watchdog only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from nbgrader_isolate.core import strange_folders
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import backends, identity, mounts
from nbgrader_isolate.sandbox.watchdog import WATCHDOG
from support.patience import patience


def main() -> None:
    spec = json.loads(sys.argv[1])
    limits = Limits(**spec["limits"])
    folder = identity.private_folder()
    source = folder / "src"
    source.mkdir()
    (source / "data.txt").write_text("given", "utf-8")
    for path in (source, source / "data.txt"):
        identity.give_to_sandbox_user(path)
    backend = backends.Backend(spec["backend"], {})
    program = [mounts.interpreter(), "-c", spec["code"], *spec["arguments"]]
    process = subprocess.Popen(
        backend.kernel_command(program, folder=folder, limits=limits),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": "/usr/bin:/bin", "SECRET": "not for students"},
        cwd="/",
        start_new_session=True,
    )
    on_disk = [path for path in folder.iterdir() if path != source]
    its_limits = Limits(**spec["limits"] | spec.get("watched", {}))
    watched = WATCHDOG.add(process.pid, its_limits, folders=on_disk, kill=process.terminate)
    output, errors = process.communicate(timeout=patience(20))
    WATCHDOG.remove(watched)
    answer = {
        "output": output[-20000:],
        "errors": errors[-2000:],
        "status": process.returncode,
        "killed_by": watched.killed_by,
        "peak": watched.peak,
        "disk": strange_folders.size(folder),
        "given": (source / "data.txt").read_text("utf-8"),
        "files": sorted(path.name for path in Path(folder / "s").iterdir()),
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()

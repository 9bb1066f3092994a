"""The checks of `make lint` for JavaScript and CSS.

Biome checks format and style, and TypeScript's compiler checks the types in the comments. Both come
from npm into `node_modules`. Only developers need them: no page is built with them.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COLUMNS = 100
FOLDERS = ("autograder/src", "course", "stridescope/src", "tests/js", "web")
SUFFIXES = {".css", ".js", ".mjs", ".ts"}
# Programs of node_modules, as arguments of node.
PROGRAMS = (
    ("@biomejs/biome/bin/biome", "check", "--error-on-warnings", "--log-level=warn"),
    ("typescript/bin/tsc", "--build", "tsconfig.json", "tests/js"),
)
WHAT_TO_DO = (
    "make lint checks JavaScript and CSS with programs that need Node.js 18 or newer and npm: "
    "install the packages nodejs and npm of your system, or get both from nodejs.org. "
    "Nothing else in this course needs them."
)


def check(root: Path) -> bool:
    """Check the JavaScript and CSS in `root`, and print what is wrong.

    Installs the programs first if they are missing or are not those of `package-lock.json`.

    Returns
    -------
    bool
        Whether nothing is wrong.
    """
    long_lines = list(too_long(root))
    sys.stderr.writelines(f"{line}\n" for line in long_lines)
    node = shutil.which("node")
    if node is None or not install(root):
        sys.stderr.write(f"{WHAT_TO_DO}\n")
        return False
    modules = root / "node_modules"
    statuses = [
        subprocess.run([node, str(modules / program), *options], check=False, cwd=root).returncode
        for program, *options in PROGRAMS
    ]
    return not any(statuses) and not long_lines


def install(root: Path) -> bool:
    """Bring `node_modules` up to date with `package-lock.json`; tell whether it is."""
    stamp = root / "node_modules" / ".installed"
    lock = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == lock:
        return True
    npm = shutil.which("npm")
    if npm is None:
        return False
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(
        [npm, "ci", *options], check=False, cwd=root, capture_output=True, text=True
    )
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        return False
    stamp.write_text(lock, "utf-8")
    return True


def too_long(root: Path) -> Iterator[str]:
    """Yield a message for each line with more than `COLUMNS` columns.

    Biome wraps code only, so that comments and texts can be longer.
    """
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in SUFFIXES:
                continue
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                if len(line) > COLUMNS:
                    place = f"{file.relative_to(root)}:{number}"
                    yield f"{place}: {len(line)} columns, more than {COLUMNS}"

"""`make release-check`: build everything that is released, check it, and write `dist/`.

`dist/` has the wheels and source distributions of the two libraries, the site, the students' zip,
the browser build, and a list of digests. Nothing is published: docs/release.md says how to.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from course.core.errors import CourseError
from course.core.paths import Folders
from course.core.tool_environment import folder_of_tools
from course.handout.versions import check_versions

LIBRARIES = {"autograder": "nbgrader_isolate", "stridescope": "stridescope"}
"""The folders of the two libraries, and what they are imported as."""
SMOKE = {
    "stridescope": (
        "import numpy as np, stridescope as ss\n"
        "assert 'int' in ss.layout(np.arange(6).reshape(2, 3)).text\n"
        "print(ss.__version__)"
    ),
    "autograder": (
        "from nbgrader_isolate.cli.main import build_parser\n"
        "import nbgrader_isolate, nbgrader_isolate.runs.assignment\n"
        "build_parser()\nprint(nbgrader_isolate.__version__)"
    ),
}
"""What each wheel has to do in an environment that has it, and what it asks for, and no more."""
SUMS = "SHA256SUMS"
OLDEST_DATE = (1980, 1, 1, 0, 0, 0)


class Release:
    """One release of a checkout.

    Parameters
    ----------
    folders : Folders
        The checkout.
    say : callable, optional
        Takes each line for the person who waits.
    """

    def __init__(self, folders: Folders, say: Callable[[str], None] = print) -> None:
        self.folders, self.say = folders, say
        self.dist = folders.root / "dist"

    def check(self) -> list[Path]:
        """Build and check everything, and return the files of `dist/`.

        Raises
        ------
        CourseError
            With the first thing that is wrong and what to do.
        """
        version = check_versions(self.folders.root)
        tools = folder_of_tools(
            self.folders.root / "vendor" / "checks" / "tools.txt", self.folders.build, self.say
        )
        shutil.rmtree(self.dist, ignore_errors=True)
        self.dist.mkdir()
        self.say(f"Building the libraries, version {version} ...")
        for folder in LIBRARIES:
            self.build(folder)
        self.check_packages(tools)
        for folder in LIBRARIES:
            self.say(f"Installing the wheel of {folder}/ into an environment of its own ...")
            self.try_wheel(folder, version)
        self.say("Building the site, the students' zip and the browser build ...")
        self.pack_pages(version)
        write_sums(self.dist)
        return sorted(self.dist.iterdir())

    def build(self, folder: str) -> None:
        """Build the source distribution of a library, and its wheel from that."""
        project = self.folders.root / folder
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(self.dist)]
        run([*command, str(project)], f"{folder}/ cannot be built")

    def check_packages(self, tools: Path) -> None:
        """Check what an index and an installer would: metadata, contents, licenses, citation."""
        files = sorted(map(str, self.dist.iterdir()))
        wheels = [name for name in files if name.endswith(".whl")]
        run([str(tools / "twine"), "check", "--strict", *files], "a description is not valid")
        run([str(tools / "check-wheel-contents"), *wheels], "a wheel has wrong contents")
        citation = str(self.folders.root / "CITATION.cff")
        run([str(tools / "cffconvert"), "--validate", "-i", citation], "CITATION.cff is not valid")
        for name in files:
            check_license(Path(name), (self.folders.root / "LICENSE").read_bytes())

    def try_wheel(self, folder: str, version: str) -> None:
        """Install a wheel in an environment of its own, and use it outside of the checkout."""
        (wheel,) = self.dist.glob(f"{LIBRARIES[folder]}-*.whl")
        uv = [sys.executable, "-m", "uv"]
        pins = ["--constraint", str(self.folders.root / "requirements.lock")]
        with tempfile.TemporaryDirectory(prefix="release-") as name:
            place = Path(name) / "venv"
            python = str(place / ("Scripts" if sys.platform == "win32" else "bin") / "python")
            run([*uv, "venv", "--quiet", str(place)], "no environment can be made")
            install = [*uv, "pip", "install", "--quiet", "--python", python, *pins, str(wheel)]
            run(install, f"{wheel.name} cannot be installed")
            said = run([python, "-I", "-c", SMOKE[folder]], f"{wheel.name} does not work", name)
        if said.strip() != version:
            raise CourseError(f"{wheel.name} says that it is version {said.strip()}.")

    def pack_pages(self, version: str) -> None:
        """Write the site, the students' zip and the browser build as archives."""
        from course.handout.student_zip import student_zip
        from course.live.jupyterlite import JupyterLite
        from course.site.build import Site

        outcome = Site(self.folders, live=True, with_matplotlib=False).build(jobs=None)
        if outcome.errors:
            raise CourseError("\n".join(str(error) for error in outcome.errors))
        zip_folder(self.folders.site, self.dist / f"inside-the-ndarray-{version}-site.zip")
        students, _ = student_zip(self.folders)
        shutil.copy(students, self.dist / f"inside-the-ndarray-{version}-student.zip")
        browser = JupyterLite(self.folders, self.say).build()
        zip_folder(browser, self.dist / f"inside-the-ndarray-{version}-jupyterlite.zip")


def run(command: list[str], wrong: str, folder: str | None = None) -> str:
    """Run a program and return what it printed.

    Raises
    ------
    CourseError
        If it fails; what it said last, and what that means.
    """
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        raise CourseError(f"{said}\nNothing is released: {wrong}.")
    return done.stdout


def check_license(package: Path, license_text: bytes) -> None:
    """Check that a wheel or a source distribution has the license.

    Raises
    ------
    CourseError
        If it has none, or another one.
    """
    texts = [data for name, data in members(package) if name.rpartition("/")[2] == "LICENSE"]
    if license_text not in texts:
        raise CourseError(f"{package.name} does not contain the file LICENSE of this checkout.")


def members(package: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files in a wheel or a source distribution."""
    if package.suffix == ".whl":
        with zipfile.ZipFile(package) as wheel:
            for name in wheel.namelist():
                yield name, wheel.read(name)
        return
    with tarfile.open(package) as source:
        for member in source:
            if (file := source.extractfile(member)) is not None:
                yield member.name, file.read()


def zip_folder(folder: Path, target: Path) -> None:
    """Write a folder as a zip file; the same files always give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{target.stem}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, OLDEST_DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, file.read_bytes())


def write_sums(dist: Path) -> None:
    """Write the digests of all files, for `sha256sum --check`."""
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in dist.iterdir()}
    lines = [f"{sums[name]}  {name}\n" for name in sorted(sums)]
    (dist / SUMS).write_text("".join(lines), "utf-8")

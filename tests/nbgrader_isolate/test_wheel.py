"""The grader as other teachers get it: a wheel, in an environment without this checkout."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest

from nbgrader_isolate import __version__
from support.wheels import build_wheel, clean_environment, install

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel("autograder", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("installed") / "venv")


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the console script in a folder outside of the checkout."""
    return subprocess.run(
        [python.with_name("nbgrader-isolate"), *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )


def put_names_of_ours(folder: Path) -> None:
    """Put files and folders into a course that bear names of modules that the grader imports."""
    for name in ("autograder", "course", "nbgrader_isolate"):
        (folder / name).mkdir()
    for name in ("autograder/__init__.py", "course/__init__.py", "numpy.py", "nbformat.py"):
        (folder / name).write_text("raise RuntimeError('a file of the course folder')\n")


def test_the_wheel_holds_one_package_with_its_types_and_one_license(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"nbgrader_isolate", f"nbgrader_isolate-{__version__}.dist-info"}
    assert "nbgrader_isolate/py.typed" in names
    assert "nbgrader_isolate/feedback/templates/feedback.html.j2" in names
    assert [name for name in names if "/licenses/" in name] == [
        f"nbgrader_isolate-{__version__}.dist-info/licenses/LICENSE"
    ]


def test_the_installed_command_says_its_version(python: Path, tmp_path: Path) -> None:
    done = run(python, tmp_path, "--version")
    assert (done.returncode, done.stdout) == (0, f"nbgrader-isolate {__version__}\n")


def test_the_installed_command_grades_where_folders_bear_names_of_ours(
    python: Path, tmp_path: Path
) -> None:
    put_names_of_ours(tmp_path)
    doctor = run(python, tmp_path, "doctor")
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    assert "ok    kernels: graded a notebook in " in doctor.stdout
    demo = run(python, tmp_path, "demo", str(tmp_path / "demo"))
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "30 submissions" in demo.stdout
    assert len(list((tmp_path / "demo").glob("autograded/*/lab1/lab.ipynb"))) >= 28
    put_names_of_ours(tmp_path / "demo")
    with (tmp_path / "demo" / "nbgrader_config.py").open("a") as settings:
        settings.write("\nimport nbgrader_isolate\nnbgrader_isolate.configure(c)\n")
    again = run(python, tmp_path / "demo", "grade", "lab1", "--student", "ada", "--force")
    assert again.returncode == 0, again.stdout + again.stderr
    nbgrader = subprocess.run(
        [python.with_name("nbgrader"), "autograde", "lab1", "--student", "ada", "--force"],
        cwd=tmp_path / "demo",
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert nbgrader.returncode == 0, nbgrader.stderr
    assert "Writing" in nbgrader.stderr
    module = subprocess.run(
        [python, "-m", "nbgrader_isolate", "report", "lab1", "--course", "demo"],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert module.returncode == 0, module.stderr
    assert "ada" in module.stdout


def test_the_doctor_of_a_python_without_packages_says_what_to_install(tmp_path: Path) -> None:
    import sys

    source = Path(__file__).parents[2] / "autograder" / "src"
    code = (
        f"import sys; sys.path.insert(0, {str(source)!r}); "
        "from nbgrader_isolate.__main__ import main; sys.exit(main())"
    )
    for command, status, message in (
        ("doctor", 5, "FAIL  nbgrader-isolate: not installed as a package\n      → pip install"),
        ("demo", 5, "is not installed: run `pip install nbgrader-isolate`"),
        ("--version", 0, f"nbgrader-isolate {__version__}"),
    ):
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", code, command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stderr
        assert message in done.stdout + done.stderr
        assert "Traceback" not in done.stderr

"""`make lint` refuses wrong JavaScript and CSS, and accepts what is in the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.core.paths import ROOT
from course.lint import javascript

WHAT_IS_CHECKED = ("stridescope/src/stridescope/js", "tests/js")
FILES = ("biome.jsonc", "package.json", "package-lock.json", "tsconfig.json")
MODULE = Path("stridescope/src/stridescope/js/model/golf.js")
# Each with what is said about it.
WRONG = {
    "a property that the type does not have": (
        "/** @param {Layout} lay */\nexport const wrong = (lay) => lay.shapes;\n",
        "Property 'shapes' does not exist on type 'Layout'",
    ),
    "a parameter without a type": (
        "export const wrong = (lay) => lay;\n",
        "Parameter 'lay' implicitly has an 'any' type",
    ),
    "an unused variable": (
        "export function wrong() {\n  const unused = 1;\n  return 2;\n}\n",
        "This variable unused is unused",
    ),
    "a line of code that is not wrapped": (
        f"export const wrong = [{', '.join(map(str, range(1000, 1016)))}, 1016];\n",
        "Formatter would have printed",
    ),
    "a comment of 120 columns": (f"// {'long ' * 23}ly\n", "120 columns, more than 100"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the programs read, with the programs of the repository."""
    assert javascript.install(ROOT), "npm is needed to run these tests"
    root = tmp_path_factory.mktemp("tree")
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    for folder in WHAT_IS_CHECKED:
        shutil.copytree(ROOT / folder, root / folder)
    (root / "web").mkdir()
    (root / "node_modules").symlink_to(ROOT / "node_modules")
    return root


def module_of(wrong: str) -> Path:
    """Return the module that has one of the mistakes."""
    return MODULE.with_name(f"wrong_{list(WRONG).index(wrong)}.js")


@pytest.fixture(scope="module")
def checked(tree: Path) -> list[subprocess.CompletedProcess[str]]:
    """What is said of the modules as they are, and with all mistakes beside them."""
    code = (
        "import sys; from pathlib import Path; from course.lint import javascript; "
        "sys.exit(not javascript.check(Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tree)]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)]
    for wrong, (text, _) in WRONG.items():
        (tree / module_of(wrong)).write_text(
            f"{(tree / MODULE).read_text('utf-8')}\n{text}", "utf-8"
        )
    runs.append(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False))
    return runs


@pytest.mark.sample(every=2)
@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["", *WRONG])
def test_known_mistakes_are_refused_and_the_modules_are_not(
    checked: list[subprocess.CompletedProcess[str]], wrong: str
) -> None:
    done = checked[bool(wrong)]
    output = done.stdout + done.stderr
    assert done.returncode == bool(wrong), output
    if wrong:
        assert WRONG[wrong][1] in output
        assert module_of(wrong).name in output
    else:
        assert MODULE.name not in output


@pytest.mark.parametrize("missing", ["node", "npm"])
def test_without_node_or_npm_it_says_what_to_install(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    missing: str,
) -> None:
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(
        shutil, "which", lambda name: None if name == missing else f"/nowhere/{name}"
    )
    assert not javascript.check(tmp_path)
    assert "packages nodejs and npm" in capsys.readouterr().err


def test_what_is_installed_is_used_until_the_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []

    def run(command: list[str], **_: object) -> object:
        ran.append(command)
        (tmp_path / "node_modules").mkdir(exist_ok=True)
        return javascript.subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(javascript.subprocess, "run", run)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    lock = tmp_path / "package-lock.json"
    for text, runs in (("{}", 1), ("{}", 1), ('{"packages": {}}', 2), ('{"packages": {}}', 2)):
        lock.write_text(text)
        assert javascript.install(tmp_path)
        assert len(ran) == runs
    assert ran[0] == [
        "npm",
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]


def test_no_committed_file_of_npm_names_a_registry() -> None:
    for name in ("package.json", "package-lock.json", ".npmrc"):
        assert "registry." not in (ROOT / name).read_text("utf-8")
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text("utf-8")

"""stridescope as others install it: a wheel, in an environment that has NumPy and nothing else."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

import stridescope as ss
from stridescope.runtime.bundle import bundle
from support.wheels import build_wheel, clean_environment, install

pytestmark = pytest.mark.slow

PACKAGE = Path(ss.__file__).parent
USE = """
import json, sys
import numpy as np
import stridescope as ss
from stridescope.runtime.bundle import bundle

a = np.arange(12, dtype=np.int64).reshape(3, 4)
figure = ss.layout(a)
shown = figure._repr_mimebundle_()
print(json.dumps({
    "version": ss.__version__,
    "file": ss.__file__,
    "text": figure.text,
    "forms": sorted(shown),
    "style": shown["text/html"].startswith("<style>.ss{"),
    "front_end": len(bundle()),
    "widgets": sorted({"anywidget", "IPython", "traitlets"} & sys.modules.keys()),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel("stridescope", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(wheel, tmp_path_factory.mktemp("installed") / "venv")


def run(python: Path, folder: Path, code: str, **settings: str) -> str:
    """Run code in the new environment, in a folder outside of the checkout."""
    done = subprocess.run(
        [python, "-c", code],
        cwd=folder,
        env=clean_environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_with_its_types_and_front_end_and_one_license(
    wheel: Path,
) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    info = f"stridescope-{ss.__version__}.dist-info"
    assert {name.split("/")[0] for name in names} == {"stridescope", info}
    files = {f.relative_to(PACKAGE.parent).as_posix() for f in PACKAGE.rglob("*") if f.is_file()}
    assert {name for name in names if name.startswith("stridescope/")} == {
        name for name in files if "__pycache__" not in name and not name.endswith(".d.ts")
    }
    assert {"stridescope/py.typed", "stridescope/style.css", "stridescope/js/index.js"} <= names
    assert {name for name in names if "/licenses/" in name} == {f"{info}/licenses/LICENSE"}


def test_the_metadata_names_numpy_alone_and_one_license(wheel: Path) -> None:
    info = f"stridescope-{ss.__version__}.dist-info"
    metadata = zipfile.ZipFile(wheel).read(f"{info}/METADATA").decode()
    lines = metadata.partition("\n\n")[0].splitlines()
    required = [line.partition(": ")[2] for line in lines if line.startswith("Requires-Dist: ")]
    assert [name for name in required if "extra ==" not in name] == ["numpy>=2.2"]
    assert "License-Expression: BSD-3-Clause" in lines


@pytest.mark.parametrize("setting", ["", "1"], ids=["by itself", "asked to be live"])
def test_it_draws_with_numpy_alone(python: Path, tmp_path: Path, setting: str) -> None:
    installed = run(python, tmp_path, "import importlib.metadata as m\n"
                    "print(*sorted(d.name for d in m.distributions()))")  # fmt: skip
    assert installed.split() == ["numpy", "stridescope"]
    seen = json.loads(run(python, tmp_path, USE, STRIDESCOPE_LIVE=setting))
    assert Path(seen["file"]).is_relative_to(python.parents[1])
    assert seen["version"] == ss.__version__
    assert seen["text"].startswith("a: int64 array, shape (3, 4), strides (32, 8)")
    assert seen["forms"] == ["text/html", "text/plain"]
    assert seen["style"]
    assert seen["front_end"] == len(bundle())
    assert seen["widgets"] == []

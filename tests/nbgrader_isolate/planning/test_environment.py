"""What a plan depends on outside the assignment: packages, Python, limits."""

from __future__ import annotations

import importlib.metadata
import sys
from typing import TYPE_CHECKING

import numpy as np
from traitlets.config import Config

from nbgrader_isolate.planning import environment
from nbgrader_isolate.planning.environment import (
    differences,
    environment_of,
    missing_packages,
    own_modules,
    pip_install,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

CELLS = [
    "%matplotlib inline\nimport numpy as np, json",
    "from absent_one.pyparts import x\nimport Absent_two",
    "def f():\n    import absent_three",
    "try:\n    import absent_four\nexcept ImportError:\n    pass",
    "if 'colab' in str(get_ipython()):\n    import absent_five",
    "%%writefile absent_six.py\nx = 1",
    "import absent_six, helpers",
    "this is not Python, import it",
]
FILES = ["lib/helpers.py", "data/table.csv"]


def test_packages_that_a_cell_cannot_do_without_are_missing() -> None:
    assert missing_packages(CELLS, own_modules(FILES)) == [
        "absent_one",
        "absent_three",
        "Absent_two",
    ]
    assert "helpers" in missing_packages(CELLS, ())


def test_the_environment_has_the_versions_of_all_that_is_imported() -> None:
    found = environment_of(CELLS, own_modules(FILES))
    assert found["numpy"] == np.__version__
    assert found["absent_one"] == found["absent_four"] == "missing"
    assert found["Python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert not {"json", "helpers"} & found.keys()


def test_limits_of_the_course_are_part_of_the_environment() -> None:
    config = Config({"Limits": {"cell_seconds": 60}, "ExecutePreprocessor": {"timeout": 9}})
    found = environment_of([], (), config)
    assert {"Limits.cell_seconds": "60", "ExecutePreprocessor.timeout": "9"}.items() <= (
        found.items()
    )


def test_names_of_distributions_are_those_that_pip_knows() -> None:
    assert pip_install(["sklearn", "pandas"]) == "pip install scikit-learn pandas"
    assert environment_of(["import yaml"], ())["yaml"] == importlib.metadata.version("pyyaml")
    assert environment_of(["import zmq"], ())["zmq"] == importlib.metadata.version("pyzmq")


def test_a_module_that_no_distribution_installed_counts_as_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "module_of_a_path.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert environment_of(["import module_of_a_path"], ())["module_of_a_path"] == "installed"
    monkeypatch.setitem(sys.modules, "module_without_spec", None)
    environment.installed_version.cache_clear()
    assert environment_of(["import module_without_spec"], ())["module_without_spec"]


def test_what_changed_is_named_with_both_versions() -> None:
    before = {"pandas": "missing", "numpy": "2.1", "sympy": "1.13"}
    now = {"pandas": "2.2.3", "numpy": "2.1", "Limits.cell_seconds": "60"}
    assert differences(before, now) == [
        "Limits.cell_seconds (not used, now 60)",
        "pandas (missing, now 2.2.3)",
        "sympy (1.13, now not used)",
    ]

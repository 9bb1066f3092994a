"""Which installed packages the notebooks of an assignment import, and in which versions.

A plan shows what the reference solution did with the packages that were installed. So it is kept
only as long as these, Python and the limits are the same. Nothing is imported to find that out.
"""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import importlib.util
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.limits import STOCK_SECTIONS
from nbgrader_isolate.notebook.ipython_syntax import parse_cell

if TYPE_CHECKING:
    from traitlets.config import Config

MISSING = "missing"
"""The version of a package that cannot be imported."""
UNKNOWN = "installed"
"""The version of a package that no distribution claims, such as a module on `PYTHONPATH`."""
DISTRIBUTIONS = {
    "Bio": "biopython",
    "IPython": "ipython",
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "mpl_toolkits": "matplotlib",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Distributions whose name is not that of the package that they install."""


def environment_of(
    sources: Iterable[str], own: Collection[str], config: Config | None = None
) -> dict[str, str]:
    """Return what the runs of a notebook depend on outside the assignment, as text.

    Parameters
    ----------
    sources : iterable of str
        Of all code cells, with the reference solutions.
    own : collection of str
        Modules that are files of the assignment.
    config : Config, optional
        The course's configuration, for the limits that it sets.
    """
    packages = sorted({name for text in sources for name, _ in imported_packages(text)} - set(own))
    settings: Mapping[str, Any] = config or {}
    limits = {f"Limits.{name}": value for name, value in settings.get("Limits", {}).items()}
    for section in STOCK_SECTIONS:
        if "timeout" in settings.get(section, {}):
            limits[f"{section}.timeout"] = settings[section]["timeout"]
    return {
        "Python": ".".join(map(str, sys.version_info[:2])),
        **{name: installed_version(name) for name in packages},
        **{name: str(value) for name, value in sorted(limits.items())},
    }


def missing_packages(sources: Collection[str], own: Collection[str]) -> list[str]:
    """Return the packages that cells import and that this Python does not find.

    An import in a `try` or below an `if` is not counted: the cell may do without it. Nor is a
    module that a cell writes itself.

    Parameters
    ----------
    sources, own
        As for `environment_of`.
    """
    needed = {name for text in sources for name, always in imported_packages(text) if always}
    missing = {name for name in needed - set(own) if installed_version(name) == MISSING}
    written = {name for name in missing if re.search(rf"\b{name}\.py\b", "\n".join(sources))}
    return sorted(missing - written, key=str.casefold)


def own_modules(files: Iterable[str]) -> set[str]:
    """Return the modules that files beside the notebooks may be, by their relative paths."""
    return {part.partition(".")[0] for file in files for part in file.split("/")}


def pip_install(packages: Iterable[str]) -> str:
    """Return the command that installs packages."""
    return f"pip install {' '.join(DISTRIBUTIONS.get(name, name) for name in packages)}"


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return what differs between two environments, such as `pandas (missing, now 2.2.3)`."""
    names = sorted({**before, **now}, key=str.casefold)
    return [
        f"{name} ({before.get(name, 'not used')}, now {now.get(name, 'not used')})"
        for name in names
        if before.get(name) != now.get(name)
    ]


def imported_packages(source: str) -> Iterator[tuple[str, bool]]:
    """Yield the packages that a cell imports, and whether it cannot run without them.

    Packages of the standard library are left out.
    """
    if "import" not in source:
        return
    for node, always in statements(parse_cell(source), always=True):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                found = [module]
            case _:
                continue
        for name in found:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names:
                yield top, always


def statements(tree: ast.AST, *, always: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Yield all nodes below a node, and whether nothing decides if they run."""
    for node in ast.iter_child_nodes(tree):
        certain = always and not isinstance(node, ast.Try | ast.TryStar | ast.If | ast.With)
        yield node, certain
        yield from statements(node, always=certain)


@functools.cache
def installed_version(package: str) -> str:
    """Return the version of a package that can be imported, `MISSING` if it cannot."""
    try:
        if importlib.util.find_spec(package) is None:
            return MISSING
    except (ImportError, ValueError):  # a module that has no spec is there, however it came
        return UNKNOWN if package in sys.modules else MISSING
    try:
        return importlib.metadata.version(DISTRIBUTIONS.get(package, package))
    except importlib.metadata.PackageNotFoundError:
        names = distributions_by_package().get(package, ())
    versions = sorted({importlib.metadata.version(name) for name in names})
    return ", ".join(versions) or UNKNOWN


@functools.cache
def distributions_by_package() -> Mapping[str, list[str]]:
    """Return which distributions install a package; reading all of them takes some tenths of s."""
    return importlib.metadata.packages_distributions()

"""Every supported Python asks the `__missing__` of a dict subclass for missing globals."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import builtins
class Builtins(dict):
    def __missing__(self, name):
        return names[name]
class Namespace(dict):
    def __missing__(self, name):
        if name != "theirs":
            raise KeyError(name)
        return 42
names = Namespace()
names["__builtins__"] = Builtins(vars(builtins))
exec('''
first = theirs
def function():
    def inner():
        return [theirs + k for k in range(2)]
    return inner() + [len([theirs])]
for _ in range(5000):  # long enough that the interpreter specialises its code
    assert function() == [42, 43, 1]
class Body:
    value = theirs
    def method(self):
        return theirs
assert (first, Body.value, Body().method(), eval("theirs"), (lambda: theirs)()) == (42,) * 5
for name in ("unknown", "class Body: unknown", "(lambda: unknown)()"):
    try:
        exec(name, globals())
    except NameError:
        pass
    else:
        raise SystemExit("an unknown name was found")
theirs = 1
assert function() == [1, 2, 1]
del theirs
assert function() == [42, 43, 1]
''', names)
assert "theirs" not in names
"""


def interpreter(version: str) -> str | None:
    """Return a Python of a version that runs here, or None."""
    installed = sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    for python in (sys.executable, shutil.which(f"python{version}"), *map(str, installed)):
        if python is None:
            continue
        command = [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return python
    return None


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_cpython_asks_a_subclass_of_dict_for_missing_globals(version: str) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    done = subprocess.run([python, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

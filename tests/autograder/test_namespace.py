"""Names that a dict does not hold are asked for, by every Python that the course promises."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

CODE = """
import builtins
asked = []
class Names(dict):
    def __missing__(self, name):
        asked.append(name)
        if hasattr(builtins, name) or name != "theirs":
            raise KeyError(name)
        return 42
names = Names()
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
assert (first, Body.value, eval("theirs"), (lambda: theirs)()) == (42, 42, 42, 42)
try:
    nobodys
except NameError:
    pass
else:
    raise SystemExit("a name that nobody has was found")
theirs = 1
assert function() == [1, 2, 1]
del theirs
assert function() == [42, 43, 1]
''', names)
assert asked and "theirs" not in names
"""


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_cpython_asks_a_subclass_of_dict_for_globals_that_it_does_not_hold(version: str) -> None:
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    python = sys.executable if version == own else shutil.which(f"python{version}")
    if (
        not python
        or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode
    ):
        pytest.skip(f"no Python {version} on this machine")
    done = subprocess.run([python, "-c", CODE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""Stock commands run their kernels forked and enclosed, when a kernelspec says so."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import pytest

from nbgrader_isolate import provisioner

CELLS = [
    "import numpy as np\nprint(np.arange(3).sum(), open('table.csv').read())",
    "import os\nprint(sorted(os.listdir()), os.getpid(), [k for k in os.environ if 'SECRET' in k])",
    "open('written.txt', 'w').write('x')",
]


def test_the_entry_point_is_registered() -> None:
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name=provisioner.NAME)
    assert found.load() is provisioner.ForkProvisioner


@pytest.mark.slow
def test_nbconvert_executes_in_a_forked_kernel_and_nothing_is_written_beside_the_notebook(
    tmp_path: Path,
) -> None:
    provisioner.kernelspec(tmp_path / "data" / "kernels", "forked")
    work = tmp_path / "work"
    work.mkdir()
    (work / "table.csv").write_text("1,2")
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), work / "n.ipynb")
    command = [
        *(sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook"),
        *("--ExecutePreprocessor.kernel_name=forked", "--output", "out", "n.ipynb"),
        "--KernelManager.client_class=nbgrader_isolate.client.FastClient",
    ]
    surroundings = os.environ | {
        "JUPYTER_PATH": str(tmp_path / "data"),
        "MY_SECRET": "1",
        "AUTOGRADER_RUNTIME": f"/tmp/ag-nb-{os.getpid()}",  # noqa: S108 (short: sockets lie in it)
    }
    subprocess.run(command, cwd=work, env=surroundings, check=True, timeout=240)
    executed = nbformat.read(work / "out.ipynb", as_version=4)
    first, second, _ = executed.cells
    assert first.outputs[0].text == "3 1,2\n"
    assert second.outputs[0].text == "['table.csv'] 1 []\n"
    assert sorted(path.name for path in work.iterdir()) == ["n.ipynb", "out.ipynb", "table.csv"]
    assert [path.name for path in Path(surroundings["AUTOGRADER_RUNTIME"]).iterdir()] == ["lock"]
    Path(surroundings["AUTOGRADER_RUNTIME"], "lock").unlink()
    Path(surroundings["AUTOGRADER_RUNTIME"]).rmdir()

"""nbgrader is imported where it is used, and without its server extensions."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def test_a_worker_never_imports_nbgrader_and_the_run_not_its_server_extensions() -> None:
    program = (
        "import sys\n"
        "import nbgrader_isolate.runs.worker, nbgrader_isolate.grading.submission\n"
        "import nbgrader_isolate.core.serialization, nbgrader_isolate.intake.submission\n"
        "assert 'nbgrader' not in sys.modules and 'sqlalchemy' not in sys.modules\n"
        "from nbgrader_isolate.gradebook.lazy_nbgrader import load_nbgrader\n"
        "load_nbgrader()\n"
        "from nbgrader.api import Gradebook\n"
        "import nbgrader_isolate.runs.assignment, nbgrader_isolate.feedback.write\n"
        "import nbgrader_isolate.report.summary, nbgrader_isolate.report.csv_export\n"
        "assert not [name for name in sys.modules if 'server_extensions' in name]\n"
        "import nbgrader\n"
        "from nbgrader.apps import NbGraderAPI\n"
        "from nbgrader.api import Gradebook as Same\n"
        "assert Same is Gradebook and nbgrader.__version__\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

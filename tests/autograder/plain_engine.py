"""An engine of one plain kernel and no sandbox, for tests of what stands around the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbclient import NotebookClient

from autograder.limits import Limits


class PlainEngine:
    """Runs a rebuilt notebook from top to bottom and records what the outputs say."""

    sandbox = "none"

    def __init__(self, limits: Limits, sandbox: str) -> None:
        del limits, sandbox

    def run(
        self,
        notebook: Any,  # noqa: ANN401 - NotebookNode
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] | None = None,
    ) -> Any:  # noqa: ANN401
        del student_names, seed
        with TemporaryDirectory() as folder:
            for name, data in {**(student_files or {}), **files}.items():
                Path(folder, name).write_bytes(data)
            client = NotebookClient(
                notebook, allow_errors=True, resources={"metadata": {"path": folder}}
            )
            client.execute()
        for cell in notebook.cells:
            errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
            outcome = {"outcome": "failed" if errors else "passed", "proof": not errors}
            cell.metadata["autograder"] |= outcome
        return notebook

    def close(self) -> None:
        """Nothing is kept."""

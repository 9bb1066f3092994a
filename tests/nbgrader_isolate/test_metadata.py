"""What an installation of the grader adds to the environment around it."""

from __future__ import annotations

from importlib.metadata import distribution


def test_the_distribution_registers_one_command_and_no_kernel_provisioner() -> None:
    entries = distribution("nbgrader-isolate").entry_points
    assert {(entry.group, entry.name) for entry in entries} == {
        ("console_scripts", "nbgrader-isolate")
    }

"""What tests share: courses, servers, users, and programs that tests start."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
"""The folder that goes on `PYTHONPATH` of a program that imports `support`."""

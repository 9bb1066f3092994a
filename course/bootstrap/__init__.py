"""Run before any package is installed: create `.venv`, or say what this machine lacks.

Everything here uses the standard library and the syntax of Python 3.6 only, so that an old Python
can explain what to do. `environment.ensure` is where `python -m course` starts.
"""

from course.bootstrap.environment import ROOT, ensure

__all__ = ["ROOT", "ensure"]

"""The verbs of the course: build the notebooks, run and render them, check, hand out.

Start at `course.cli.main`, which lists every verb. `python -m course VERB` works on a fresh clone
with no package installed: `course.bootstrap` makes `.venv` first and starts again inside it.
"""

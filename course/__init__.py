"""The course's own tools: build the notebooks, run and render them, check them, hand them out.

Start at `course.cli.main`, which lists every verb. `python -m course VERB` works in a fresh clone
without any package installed: `course.bootstrap` first creates `.venv`, then starts again in it.
"""

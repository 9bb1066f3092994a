"""Isolated tests: the test process here, the student's functions there, and plain data between them.

`tester.main` is the test process. It runs `cells` in which the student's names are stand-ins (`names`, `sources`), which
ask the student's process (`remote`) over a `channel`. There `student.serve` answers. `pack` and `unpack` turn plain data
into JSON and back, `memory` and `dtypes` carry arrays by description, `unreadable` holds those whose elements must not be
read, and `failures` are what no test can catch. On the worker's side, `notebook` runs the cells of a notebook in both
(`session`), with `kernel` as the client of the student's Jupyter kernel, `outputs` for what it sends and `proof` for
grade cells that run there.
"""

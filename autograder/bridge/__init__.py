"""Two kernels: tests here, the student's functions there, and plain data between them.

`tester.main` is the test process. In its cells the student's names are stand-ins (`names`), which ask the student's
process (`remote`) over a `channel`. There `student.serve` answers. `wire` turns plain data into JSON and back, `memory` and
`dtypes` carry arrays by description, `unreadable` holds those whose elements must not be read, and `failures` are what no test
can catch. `kernel` and `outputs` are the worker's side of the student's Jupyter kernel, `session` runs a notebook in
both.
"""

"""Isolated tests: tests run here, the student's functions run there, and plain data crosses.

`tester.main` is the test process. It runs `cells` in which the student's names are proxies
(`namespace`, `sources`). A proxy asks the student's process (`remote`) over a `channel`, and
`student.serve` answers there. `pack` and `unpack` turn plain data into JSON and back, `memory` and
`dtypes` carry arrays, `stdlib_types` the values of Python's own library, `library_values` those of
pandas and SciPy, and `opaque_array` stands for arrays whose elements must not be read. `failures`
are the errors that no test can catch.

On the worker's side, `notebook` runs the cells of a notebook in both processes (`session`), whose
handles `processes` describes. `kernel` is the client of the student's Jupyter kernel, `outputs`
checks what the kernel sends, and `completion_token` shows that an in-process test ran to its end.
"""

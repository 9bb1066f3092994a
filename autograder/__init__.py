"""The project folder of nbgrader-isolate. Importing it says what the package is called now."""

raise ImportError(
    "The package `autograder` is now called `nbgrader_isolate`: write "
    "`import nbgrader_isolate` and `nbgrader_isolate.configure(c)` in nbgrader_config.py, and "
    "`python -m nbgrader_isolate` on the command line.",
    name="autograder",
)

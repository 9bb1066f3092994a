"""The checks of the texts: what would break a page or a grader is refused with file and line."""

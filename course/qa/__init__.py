"""Checks of the course as a whole: the lessons and the grader on every NumPy, and test reports."""

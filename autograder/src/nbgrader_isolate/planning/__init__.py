"""Before grading: the instructor's notebook, and which test runs where."""

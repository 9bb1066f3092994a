"""Plan an assignment before grading: the instructor's notebooks, and where each test runs."""

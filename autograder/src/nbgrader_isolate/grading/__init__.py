"""Grade one submission: rebuild it from the instructor's notebook, run it, score it."""

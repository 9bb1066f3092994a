"""One run of grade: which submissions, on which workers, and what came back."""

"""What a run and a gradebook say to the instructor: summary and CSV."""

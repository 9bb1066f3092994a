"""The feedback page of a notebook: what it shows, what it hides, and how it is made harmless."""

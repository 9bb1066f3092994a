"""The page that a student gets for each notebook: what to show, what to hide, and how to make it harmless."""

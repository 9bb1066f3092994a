"""The students' side: copies to work in, the check that says how far they are, and a fresh start."""

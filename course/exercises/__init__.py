"""The students' side: copies to work in, a check of their progress, a fresh start, the capstone."""

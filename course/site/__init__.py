"""`make html`: run the lessons, and build their pages and the others in `_site/`."""

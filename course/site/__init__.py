"""`make html`: the lessons run, become pages, and stand in `_site/` with the pages beside them."""

"""`make lint`: style and types, and mistakes in the sources that would break a page or a grade."""

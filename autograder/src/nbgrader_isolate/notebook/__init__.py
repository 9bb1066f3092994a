"""Notebooks as data: cells, parsing, sanitizing, images, and what syntax trees say."""

"""Notebooks as data: cells, parsing, sanitizing, images, and queries on syntax trees."""

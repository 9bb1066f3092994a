"""Arithmetic without pictures: layouts, indices, cache lines, allocations, texts of values."""

"""Arithmetic of memory, without pictures: layouts, indices, cache lines, allocations."""

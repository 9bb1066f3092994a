"""The tags of values that belong to libraries, for those who know a value only by its tag.

This imports no library: `nbgrader` reads it in a course's folder, which may have a `numpy.py`.
"""

from __future__ import annotations

SERIES = frozenset({"Polynomial", "Chebyshev", "Legendre", "Laguerre", "Hermite", "HermiteE"})
"""Classes of `numpy.polynomial`."""
POLYNOMIALS = SERIES | {"poly1d"}
GENERATORS = frozenset({"random.Generator", "random.RandomState", "random.Random"})
FIGURES = frozenset({"mpl.Axes", "mpl.Figure"})

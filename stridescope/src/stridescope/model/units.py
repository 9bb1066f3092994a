"""Times, sizes, ratios and counts in a few characters, as a person writes them."""

from __future__ import annotations

KILO = 1000


def seconds_words(seconds: float) -> str:
    """Return a time in seconds with three digits and a unit: ``1.23 ms``."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= 0.9995 * size:
            return f"{_three(seconds / size)} {unit}"
    return f"{_three(seconds / 1e-9)} ns"


def size_words(nbytes: float) -> str:
    """Return a size in powers of 1000: ``8 B``, ``2.4 kB``, ``1.6 GB``."""
    size = float(nbytes)
    for unit in ("B", "kB", "MB", "GB", "TB", "PB"):
        if size < 999.5 or unit == "PB":  # noqa: PLR2004 - rounds to three digits
            break
        size /= KILO
    return f"{_three(size)} {unit}"


def ratio_words(ratio: float) -> str:
    """Return a ratio with three digits: ``×0.25``, ``×87,259``."""
    return f"×{_three(ratio)}"


def count_words(n: int | None) -> str:
    """Return a count in at most seven characters: ``12``, ``1e11``, ``≈3.2e9``, ``many``."""
    if n is None:
        return "many"
    most = 999_999
    if n <= most:
        return str(n)
    mantissa, _, exponent = f"{n:.1e}".partition("e+")
    rounded = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    return rounded if int(float(rounded)) == n else f"≈{rounded}"


def _three(number: float) -> str:
    """Return three significant digits without an exponent."""
    if number >= 99.95:  # noqa: PLR2004 - rounds to three digits before the point
        return f"{number:,.0f}"
    text = f"{number:.3g}"
    return f"{number:.9f}".rstrip("0") if "e" in text else text

"""Sizes, times and ratios have three digits."""

from __future__ import annotations

import re


def test_sizes_are_said_in_three_digits() -> None:
    from stridescope.model.units import ratio_words, seconds_words, size_words

    sizes = [0, 8, 999, 1000, 1_234_567, 999_600, 4e12]
    assert [size_words(n) for n in sizes] == [
        "0 B",
        "8 B",
        "999 B",
        "1 kB",
        "1.23 MB",
        "1 MB",
        "4 TB",
    ]
    assert [seconds_words(s) for s in (2, 0.0123, 4.5e-6, 59e-9)] == [
        "2 s",
        "12.3 ms",
        "4.5 µs",
        "59 ns",
    ]
    assert [ratio_words(r) for r in (0.5, 1.0, 12.34, 87259.3)] == [
        "×0.5",
        "×1",
        "×12.3",
        "×87,259",
    ]
    assert not re.search("e", size_words(1e20))

"""`ss.scale` takes its sizes from the memory this process may use, and from one switch."""

from __future__ import annotations

import importlib

import pytest

import stridescope as ss

GB = 10**9


def room(monkeypatch: pytest.MonkeyPatch, nbytes: int | None) -> None:
    monkeypatch.setattr(
        importlib.import_module("stridescope.instruments.scale"), "available_memory", lambda: nbytes
    )


def test_small_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCALE", raising=False)
    assert ss.scale(10**6, 10**8) == 10**6
    monkeypatch.setenv("SCALE", "small")
    assert ss.scale((2, 3), (20, 30)) == (2, 3)


def test_full_is_one_switch_away(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 8 * GB)
    monkeypatch.setenv("SCALE", "full")
    assert ss.scale(10**6, 10**8) == 10**8
    assert ss.scale((1000, 2000), (10_000, 20_000), itemsize=16) == (10_000, 20_000)


def test_full_that_does_not_fit_says_so_and_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 2 * GB)
    monkeypatch.setenv("SCALE", "full")
    with pytest.warns(
        ResourceWarning, match=r"needs 1,600,000,000 bytes, but only 1,500,000,000 can"
    ):
        assert ss.scale((1000, 2000), (10_000, 20_000)) == (1000, 2000)


def test_three_quarters_of_what_is_available_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 1000)
    assert ss.scale.fits(750)
    assert not ss.scale.fits(751)
    room(monkeypatch, None)
    assert ss.scale.fits(0.75 * GB)
    assert not ss.scale.fits(GB)


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALE", "huge")
    with pytest.raises(ValueError, match="SCALE=huge is neither small nor full"):
        ss.scale(1, 2)


@pytest.mark.parametrize(
    ("small", "itemsize", "expected"),
    [
        (10**6, 8, 10**6),
        (10**7, 8, 5 * 10**6),
        (10**7, 160, 312_500),
        ((2_000, 4_000), 16, (1_000, 2_000)),
        ((2_000, 4_000), 32, (1_000, 1_000)),
        ((), 8, ()),
        (10**9, 10**9, 1),
        ((0, 5), 10**9, (0, 5)),
    ],
)
def test_a_small_size_that_does_not_fit_is_halved_until_it_does(
    monkeypatch: pytest.MonkeyPatch,
    small: int | tuple[int, ...],
    itemsize: float,
    expected: int | tuple[int, ...],
) -> None:
    room(monkeypatch, 80_000_000)
    monkeypatch.delenv("SCALE", raising=False)
    assert ss.scale(small, small, itemsize=itemsize) == expected
    monkeypatch.setenv("SCALE", "full")
    if expected != small:
        with pytest.warns(ResourceWarning):
            assert ss.scale(small, small, itemsize=itemsize) == expected

"""The browser gives the view, copy, scalar or error that NumPy gives for an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stridescope.model.array_state import layout_state
from stridescope.model.indexing import entry_json
from stridescope.model.memory import describe
from support.in_node import in_node

if TYPE_CHECKING:
    from numpy.typing import NDArray


def random_entry(rng: np.random.Generator, n: int) -> object:
    """Return an entry for an axis of length n, now and then one that NumPy refuses."""

    def whole() -> int:
        high = n + 1 if rng.random() < 0.03 else n
        return int(rng.integers(-n - (rng.random() < 0.03), high))

    kind = rng.choice(["int", "slice", "all", "list", "mask"], p=[0.2, 0.3, 0.2, 0.2, 0.1])
    if kind == "int":
        return whole()
    if kind == "slice":
        start, stop = (
            None if rng.random() < 0.3 else int(rng.integers(-n - 1, n + 2)) for _ in range(2)
        )
        return slice(start, stop, None if rng.random() < 0.5 else int(rng.choice([-2, -1, 1, 2])))
    if kind == "list":
        return [whole() for _ in range(rng.choice([1, 2, 2, 2]))]
    return rng.random(n) < 0.6 if kind == "mask" else slice(None)


def random_case(rng: np.random.Generator) -> tuple[Any, tuple[Any, ...]]:
    """Return an array in some layout and an index for it."""
    shape = tuple(int(n) for n in rng.integers(1, 5, rng.integers(1, 5)))
    a = np.arange(np.prod(shape), dtype=rng.choice(["i1", "i4", "i8"])).reshape(shape)
    a = a.transpose(rng.permutation(a.ndim))
    a = a[tuple(slice(None, None, int(rng.choice([-1, 1, 2]))) for _ in a.shape)]
    if a.ndim > 1 and rng.random() < 0.2:
        return a, (rng.random(a.shape[:2]) < 0.5, *(random_entry(rng, n) for n in a.shape[2:]))
    entries = [random_entry(rng, n) for n in a.shape]
    for _ in range(rng.choice([0, 0, 1, 2])):
        entries.insert(int(rng.integers(len(entries) + 1)), None)
    return a, tuple(entries)


@pytest.mark.slow
def test_the_live_form_agrees_with_numpy_on_2500_indices() -> None:
    rng = np.random.default_rng(7)
    made = [random_case(rng) for _ in range(2500)]
    cases, expected = [], []
    for a, index in made:
        layout = describe(a).layout
        tokens = [entry_json(np.asarray(k) if isinstance(k, list) else k) for k in index]
        cases.append({"lay": layout_state(layout), "entries": tokens})
        try:
            expected.append(a[index])
        except IndexError as error:
            expected.append(error)
    found = in_node(
        {"model/indexing.js": ["indexed"]},
        "(c) => { const r = indexed(c.lay, c.entries); "
        "return r.kind === 'copy' ? { ...r, reads: r.reads() } : r; }",
        cases,
    )
    seen: set[str] = set()
    for (a, _), want, got in zip(made, expected, found, strict=True):
        seen.add(got.get("kind", "error"))
        agrees(a, want, got)
    assert seen == {"view", "copy", "scalar", "error"}


def agrees(a: NDArray[Any], want: object, got: dict[str, Any]) -> None:
    """Check one result of the live form against NumPy's."""
    if isinstance(want, IndexError):
        assert got["error"].strip() == str(want).strip()
        return
    owner = describe(a).owner.raw
    if not isinstance(want, np.ndarray):
        assert got["kind"] == "scalar"
        assert np.ndarray((), a.dtype, owner, got["byte"]) == want
        return
    place = got["layout"] if got["kind"] == "view" else got
    assert tuple(place["shape"]) == want.shape
    if want.size:
        assert (got["kind"] == "view") == np.shares_memory(a, want)
        free = zip(want.shape, want.strides, place["strides"], strict=True)
        assert all(n == 1 or s == t for n, s, t in free)
    if got["kind"] == "copy":
        values = [np.ndarray((), a.dtype, owner, r["from"])[()] for r in got["reads"]]
        assert values == want.ravel().tolist()
        places = {r["to"] for r in got["reads"]}
        assert places == set(range(0, want.nbytes, want.itemsize))
    elif want.size:
        first = want.__array_interface__["data"][0] - describe(a).owner.address
        assert place["offset"] == first

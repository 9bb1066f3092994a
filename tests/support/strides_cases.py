"""Cases of the strides model that hypothesis makes up and NumPy answers, for any other language."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.lib.array_utils import byte_bounds
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray

from stridescope.model.strides import Layout, c_strides, f_strides
from stridescope.model.verdict import ndarray_line, numpy_verdict, outside_words, reach_words

OWNER = 1 << 14
MIDDLE = OWNER // 2
Array = NDArray[Any]
Json = dict[str, Any]


@st.composite
def views(draw: st.DrawFn, owner: Array, itemsize: int, longest: int = 4) -> Array:
    """A view of the owner's middle: any strides, packed ones half of the time."""
    ndim = draw(st.integers(0, 5))
    shape = tuple(draw(st.integers(0 if draw(st.booleans()) else 1, longest)) for _ in range(ndim))
    step = st.one_of(st.integers(-40, 40), st.sampled_from([0, itemsize, -itemsize, 3 * itemsize]))
    strides = tuple(draw(step) for _ in range(ndim))
    if draw(st.booleans()):
        strides = draw(st.sampled_from([c_strides, f_strides]))(shape, itemsize)
    start = MIDDLE + draw(st.integers(-50, 50))
    one = np.ndarray((1,), f"V{itemsize}", buffer=owner, offset=start)
    return as_strided(one, shape, strides)


def layout(a: Array, owner: Array) -> Json:
    """Describe an array over its owner, by what NumPy says of it."""
    start = a.__array_interface__["data"][0] - owner.__array_interface__["data"][0]
    return {
        "offset": start,
        "shape": list(a.shape),
        "strides": list(a.strides),
        "itemsize": a.itemsize,
    }


KEYS = st.one_of(
    st.integers(-4, 3),
    st.slices(4),
    st.builds(slice, st.integers(-6, 6), st.integers(-6, 6), st.sampled_from([1, -1, 2, -3, None])),
    st.none(),
    st.just(...),
)


def key_json(key: list[Any]) -> list[Any]:
    """Return a basic index as JSON: slices as objects, the Ellipsis as text."""
    return [
        {"start": k.start, "stop": k.stop, "step": k.step}
        if isinstance(k, slice)
        else "..."
        if k is ...
        else k
        for k in key
    ]


@st.composite
def cases(draw: st.DrawFn) -> Json:
    """One array with every question that the model answers, and NumPy's answers."""
    owner = np.zeros(OWNER, np.uint8)
    a = draw(views(owner, draw(st.integers(1, 16))))
    lay = layout(a, owner)
    starts = {index: layout(a[(*index, ...)], owner)["offset"] for index in np.ndindex(a.shape)}
    low, high = (int(end) - owner.__array_interface__["data"][0] for end in byte_bounds(a))
    some = st.integers(lay["offset"] - 90, lay["offset"] + 90)
    byte = draw(st.one_of(some, st.sampled_from([*starts.values()])) if starts else some)
    key = draw(st.lists(KEYS, max_size=6))
    return {
        "layout": lay,
        "starts": [[list(index), start] for index, start in list(starts.items())[:40]],
        "extent": [low, high] if a.size else [lay["offset"]] * 2,
        "flags": [a.flags.c_contiguous, a.flags.f_contiguous],
        "byte": byte,
        "indices": sorted(list(i) for i, start in starts.items() if start == byte),
        "fits": draw(fits(lay)),
        "key": key_json(key),
        "taken": taken(a, key, owner),
        "axes": (axes := draw(st.permutations(range(a.ndim)))),
        "transposed": layout(a.transpose(axes), owner),
        "broadcast": broadcast(a, draw(shapes_like(a)), owner),
        "reshape": reshape(a, draw(shapes_of(a.size)), owner),
        "packed": [
            list(np.zeros(a.shape, a.dtype, "C").strides),
            list(np.zeros(a.shape, a.dtype, "F").strides),
        ]
        if a.size
        else None,
    }


@st.composite
def fits(draw: st.DrawFn, lay: Json) -> Json | None:
    """Whether NumPy makes this array over a small buffer; None where it does not check."""
    nbytes, offset = draw(st.integers(1, 120)), lay["offset"] % 64
    if math.prod(lay["shape"]) == 0 or offset > nbytes:
        return None
    shape, strides = tuple(lay["shape"]), tuple(lay["strides"])
    kind, buffer = f"V{lay['itemsize']}", np.zeros(nbytes, np.uint8)
    try:
        np.ndarray(shape, kind, buffer=buffer, offset=offset, strides=strides)
    except (ValueError, TypeError):
        return {"nbytes": nbytes, "offset": offset, "accepted": False}
    return {"nbytes": nbytes, "offset": offset, "accepted": True}


def taken(a: Array, key: list[Any], owner: Array) -> Json | None:
    """What basic indexing makes; None if NumPy refuses."""
    try:
        return layout(a[(*key, *(() if ... in key else (...,)))], owner)
    except IndexError:
        return None


@st.composite
def shapes_like(draw: st.DrawFn, a: Array) -> list[int]:
    """A shape that `a` often stretches to."""
    more = [draw(st.integers(0, 3)) for _ in range(draw(st.integers(0, 2)))]
    own = [
        draw(st.integers(0, 4)) if n == 1 or draw(st.integers(0, 9)) == 0 else n for n in a.shape
    ]
    return more + own


def broadcast(a: Array, shape: list[int], owner: Array) -> Json:
    """What broadcasting to a shape makes; None if NumPy refuses."""
    try:
        wide = np.broadcast_to(a, shape)
    except ValueError:
        return {"shape": shape, "layout": None}
    return {"shape": shape, "layout": layout(wide, owner)}


@st.composite
def shapes_of(draw: st.DrawFn, size: int) -> list[int]:
    """A shape of `size` elements, or now and then of another number."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.lists(st.integers(0, 4), max_size=4))
    if size == 0:
        return draw(st.permutations([0, *draw(st.lists(st.integers(0, 3), max_size=3))]))
    shape: list[int] = []
    rest = size
    while rest > 1 and len(shape) < 4:
        n = draw(st.sampled_from([n for n in range(1, rest + 1) if rest % n == 0]))
        shape.append(n)
        rest //= n
    return [*shape, rest] if rest > 1 else shape


def reshape(a: Array, shape: list[int], owner: Array) -> Json:
    """What reshape makes without a copy; None if NumPy refuses."""
    try:
        view = a.reshape(shape, copy=False)
    except ValueError:
        return {"shape": shape, "layout": None}
    return {"shape": shape, "layout": layout(view, owner)}


@st.composite
def readings(draw: st.DrawFn) -> Json:
    """A reading of a buffer, with what NumPy says of it when asked."""
    nbytes, kind = draw(st.integers(0, 80)), np.dtype(draw(st.sampled_from(["u1", "i2", "f8"])))
    shape = tuple(draw(st.lists(st.integers(0, 5), max_size=3)))
    strides = tuple(draw(st.integers(-3, 3)) * kind.itemsize for _ in shape)
    if draw(st.booleans()):
        strides = c_strides(shape, kind.itemsize)
    lay = Layout(draw(st.integers(-8, 90)), shape, strides, kind.itemsize)
    line = ndarray_line(lay, kind, "b")
    return {
        "layout": {
            "offset": lay.offset,
            "shape": shape,
            "strides": strides,
            "itemsize": lay.itemsize,
        },
        "nbytes": nbytes,
        "code": repr(kind.str.lstrip("<|")),
        "line": line,
        "verdict": numpy_verdict(np.zeros(nbytes, np.uint8), lay, kind),
        "outside": outside_words(lay, nbytes),
        "reach": reach_words(lay, nbytes),
    }


def golf() -> list[list[list[int]]]:
    """The target of each hole of stride golf, in NumPy's terms."""
    a = np.arange(12).reshape(3, 4)
    i, j = np.indices((3, 4))
    targets = [
        a.T,
        a[::-1],
        a[:, ::-1],
        a[::-1, ::-1],
        a[:, ::2],
        a.reshape(4, 3),
        np.broadcast_to(a[0], (3, 4)),
        np.arange(10)[np.add.outer([0, 3, 6], range(4))],
        sliding_window_view(np.arange(6), 4)[::-1],
        np.rot90(a),
        np.fliplr(a).diagonal()[None, :],
        i + 2 * j,
    ]
    return [target.tolist() for target in targets]


def float_texts() -> list[Json]:
    """Floats of 2, 4 and 8 bytes at every turn of the format, with NumPy's text for each."""
    powers = [s * m * 10.0**e for s, m, e in product((1, -1), (1, 1.5, 9.99), range(-20, 21))]
    powers += [2.0**e for e in range(-60, 61)] + [0.0, -0.0, math.inf, -math.inf, math.nan, 0.1]
    found = []
    for kind in ("f2", "f4", "f8"):
        with np.errstate(all="ignore"):
            values = np.array(powers).astype(kind)
        found += [
            {"itemsize": int(kind[1]), "hex": v.tobytes().hex(), "text": str(v)} for v in values
        ]
    return found


def writes_exponents_early() -> bool:
    """Whether this NumPy writes float16 from 1e3, float32 from 1e6 with an exponent, like 2.4."""
    return str(np.float16(1000)) == "1e+03"

"""`ss.windows`: its sums are NumPy's, its runs are where the bytes are."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.lib.stride_tricks import sliding_window_view

import stridescope as ss
from support.svg_reading import parse, svgs, texts

IMAGE = np.arange(36, dtype=np.int64).reshape(6, 6)
KERNEL = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]])
TOTAL = re.compile(r" = (\S+)\.(?:\n| The)")


def total(figure: ss.Instrument) -> str:
    found = TOTAL.search(figure.text)
    assert found
    return found[1].replace("−", "-")


@pytest.mark.slow
@given(
    hnp.arrays(st.sampled_from(["i1", "u1", "i4", "i8", "?"]), (5, 6)),
    hnp.arrays(st.sampled_from(["i1", "u1", "i8"]), (2, 3)),
    st.booleans(),
    st.integers(0, 2),
    st.integers(1, 2),
)
def test_the_sum_is_numpys(
    image: np.ndarray,
    kernel: np.ndarray,
    flip: bool,  # noqa: FBT001
    pad: int,
    step: int,
) -> None:
    """The same windows in another way: np.pad and sliding_window_view, in the arrays' dtypes."""
    every = sliding_window_view(np.pad(image, pad), (2, 3))[::step, ::step]
    turned = kernel[::-1, ::-1] if flip else kernel
    at = (every.shape[0] - 1, every.shape[1] // 2)
    figure = ss.windows(image, kernel, at=at, flip=flip, pad=pad, step=step)
    assert total(figure) == str((every[at] * turned).sum())
    shape, strides = re.escape(str(every.shape)), re.escape(str(every.strides))
    assert re.search(f"one view of shape {shape}, strides {strides}", figure.text)


def test_correlation_against_convolution() -> None:
    """One bright pixel: convolution brings out the kernel, correlation the kernel turned."""
    spot = np.zeros((5, 5), np.int64)
    spot[2, 2] = 1
    for flip, expected in ((True, KERNEL), (False, KERNEL[::-1, ::-1])):
        sums = [
            [int(total(ss.windows(spot, KERNEL, at=(i, j), flip=flip))) for j in range(3)]
            for i in range(3)
        ]
        assert sums == expected.tolist()


def test_a_product_that_wraps_is_said_to() -> None:
    figure = ss.windows(np.full((2, 2), 200, np.uint8), np.full((2, 2), 2, np.uint8))
    assert total(figure) == str(4 * (400 % 256))
    assert "The products overflow uint8; the exact sum is 1600." in figure.text


def test_floats_keep_six_digits() -> None:
    image = np.array([[0.1, 1e-9], [1e9, np.nan]])
    assert total(ss.windows(image, np.array([[1.0]]), at=(0, 0))) == "0.1"
    assert total(ss.windows(image, np.array([[1.0]]), at=(1, 0))) == "1e+09"
    assert total(ss.windows(image, np.array([[1.0]]), at=(1, 1))) == "nan"


@pytest.mark.parametrize("a", [IMAGE, IMAGE[::-1], IMAGE[:, ::2], IMAGE.T, IMAGE[1:, 1:]])
def test_the_runs_start_at_the_bytes_of_the_image(a: np.ndarray) -> None:
    figure = ss.windows(a, np.ones((3, 2), int), at=(1, 0))
    base = IMAGE.__array_interface__["data"][0]
    window = a[1:4, 0:2]
    starts = [window[r : r + 1].__array_interface__["data"][0] - base for r in range(3)]
    *first, last = map(str, starts)
    assert f"They start at bytes {', '.join(first)} and {last}, " in figure.text
    drawn = [int(t) for *_, t in texts(svgs(figure.html, "Bytes of")[0], "a")]
    assert {*starts} <= {*drawn}
    assert len(drawn) == 6


def test_elements_that_do_not_touch_are_said_to_lie_apart() -> None:
    assert (
        "3 runs of 3 elements, 16 bytes apart of image"
        in ss.windows(np.zeros((6, 12))[:, ::2], np.ones((3, 3))).text
    )


def test_the_ring_and_the_values_are_those_of_the_window() -> None:
    figure = ss.windows(IMAGE, KERNEL, at=(2, 1))
    inside = [t for *_, t in texts(svgs(figure.html, "image")[0], "i")]
    assert inside == [str(v) for v in IMAGE[2:5, 1:4].ravel()]
    assert [t for *_, t in texts(svgs(figure.html, "kernel")[0], "k")] == [
        str(v).replace("-", "−") for v in KERNEL.ravel()
    ]


def test_a_border_is_a_new_array() -> None:
    figure = ss.windows(IMAGE, KERNEL, pad=1, at=(0, 0))
    assert "a new array from np.pad" in figure.text
    assert "of np.pad(image, 1). They start at bytes 0, 64 and 128" in figure.text


def test_a_large_image_is_drawn_around_the_window_and_sent_in_part() -> None:
    large = np.zeros((4000, 4000), np.uint8)
    figure = ss.windows(large, KERNEL, at=(2000, 3000))
    parse(figure.html)
    assert figure.state["first"] == [1993, 2993]
    assert len(json.dumps(figure.state)) < 3000
    assert len(figure.html) < 20_000


@pytest.mark.parametrize("kind", ["?", "i1", "u8", ">i2", "f2", ">f8", "g"])
def test_every_real_dtype_is_drawn(kind: str) -> None:
    figure = ss.windows(np.ones((4, 4), kind), np.ones((2, 2), kind))
    parse(figure.html)
    json.dumps(figure.state, allow_nan=False)
    assert total(figure) == "4"


def test_nan_and_large_integers_survive_in_the_state() -> None:
    image = np.array([[np.nan, np.inf], [-np.inf, 0.5]])
    state = ss.windows(image, [[1.0]]).state
    assert state["image"] == [["nan", "inf"], ["-inf", 0.5]]
    state = ss.windows(np.array([[2**63 - 1, -3]]), [[1]]).state
    assert state["image"] == [[str(2**63 - 1), -3]]


def test_read_only_images_are_fine() -> None:
    image = np.broadcast_to(np.arange(4), (4, 4))
    assert (
        "They start at bytes 0, 0 and 0, 0 bytes apart."
        in ss.windows(image, np.ones((3, 3)), at=(0, 0)).text
    )


@pytest.mark.parametrize(
    ("image", "kernel", "kwargs", "kind", "problem"),
    [
        ([[1]], [[1]], {}, TypeError, "takes a NumPy array, not list"),
        (np.zeros((2, 2), complex), [[1]], {}, TypeError, "the image contains complex128"),
        (np.zeros((2, 2), object), [[1]], {}, TypeError, "the image contains object"),
        (np.zeros((2, 2), [("x", "i2")]), [[1]], {}, TypeError, "the image contains structured"),
        (np.zeros((2, 2)), [["x"]], {}, TypeError, "the kernel contains"),
        (np.zeros(()), [[1]], {}, ValueError, "takes a 2-d image, not one of shape ()"),
        (np.zeros((4, 4, 3)), [[1]], {}, ValueError, "take one channel, image[:, :, 0]"),
        (np.zeros((2,) * 6), [[1]], {}, ValueError, "takes a 2-d image"),
        (np.zeros((0, 4)), [[1]], {}, ValueError, "and no elements, so there is no window"),
        (
            np.zeros((2, 2)),
            np.ones((3, 3)),
            {},
            ValueError,
            "does not fit into an image of shape (2, 2)",
        ),
        (np.zeros((9, 9)), np.ones((8, 8)), {}, ValueError, "draws kernels up to 7 × 7"),
        (
            np.zeros((4, 4)),
            [[1]],
            {"pad": -1},
            ValueError,
            "pad must be an integer of at least 0, not -1",
        ),
        (np.zeros((4, 4)), [[1]], {"pad": 99}, ValueError, "pad must be at most 7"),
        (np.zeros((4, 4)), [[1]], {"step": 0}, ValueError, "step must be an integer of at least 1"),
        (
            np.zeros((4, 4)),
            [[1]],
            {"at": (4, 0)},
            IndexError,
            "no window [4, 0]: there are 4 × 4 windows",
        ),
    ],
)
def test_bad_calls_say_what_to_do(
    image: object, kernel: object, kwargs: dict, kind: type[Exception], problem: str
) -> None:
    with pytest.raises(kind, match=re.escape(problem)):
        ss.windows(image, kernel, **kwargs)


def test_names_cannot_inject_markup() -> None:
    assert "<script" not in ss.windows(IMAGE, KERNEL, name="<script>").html

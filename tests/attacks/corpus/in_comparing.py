"""Attacks by what numbers and arrays are equal to: NaN, nothing at all, and near relatives."""

from __future__ import annotations

from corpus.attack import answers

answers(
    "nan",
    "these tests say what must hold, and nothing holds for NaN",
    {
        ("nan-scalar", "a number that is neither below nor above anything"): """
def flat_index(row, col, n_cols): return float("nan")
column_strides = (float("nan"), float("nan"))
""",
        ("nan-everywhere", "an array of the right shape, full of NaN"): """
def transpose(a): return np.full(a.T.shape, np.nan)
def windows(a, n): return np.full((a.size - n + 1, n), np.nan)
""",
        ("nan-complex", "NaN in the imaginary part only"): """
def flat_index(row, col, n_cols): return complex(row * n_cols + col, float("nan"))
def windows(a, n): return np.full((a.size - n + 1, n), complex(0, np.nan))
""",
        ("nan-decimal", "a signaling NaN, which raises when it is compared"): """
from decimal import Decimal
def flat_index(row, col, n_cols): return Decimal("sNaN")
column_strides = (Decimal("NaN"), Decimal("sNaN"))
""",
        ("nan-not-a-time", "NaT, which is not equal to itself"): """
def transpose(a): return np.full(a.T.shape, np.datetime64("NaT"))
def flat_index(row, col, n_cols): return np.timedelta64("NaT")
""",
        ("nan-payloads", "NaNs of many bits, one of them signaling"): """
def windows(a, n):
    bits = np.arange((a.size - n + 1) * n, dtype=np.uint64) + 0x7FF0000000000001
    return bits.view(np.float64).reshape(-1, n)
""",
        ("nan-one-object", "one NaN object in many places, equal to itself by identity"): """
one = float("nan")
def windows(a, n): return [[one] * n] * (a.size - n + 1)
column_strides = (one, one)
def flat_index(row, col, n_cols): return one
""",
    },
)

answers(
    "nothing",
    "these tests look at the shape first",
    {
        ("empty-array", "an empty array, all of whose elements are equal to anything"): """
def transpose(a): return a[:0].T
def windows(a, n): return np.empty((0, n))
column_strides = ()
def flat_index(row, col, n_cols): return np.array([], dtype=int)
""",
        ("empty-right-length", "the right number of rows with nothing in them"): """
def transpose(a): return np.empty((a.shape[1], 0))
def windows(a, n): return np.empty((a.size - n + 1, 0))
""",
        ("empty-lists", "lists of no elements"): """
def transpose(a): return []
def windows(a, n): return [[] for _ in range(a.size - n + 1)]
def flat_index(row, col, n_cols): return []
""",
        ("empty-view", "a view of the argument without elements, which shares its memory"): """
def transpose(a): return a.T[:, :0]
def windows(a, n): return a[:0].reshape(0, n)
""",
        ("zero-itemsize", "elements of no bytes"): """
def transpose(a): return np.zeros(a.T.shape, "V0")
def windows(a, n): return np.zeros((a.size - n + 1, n), "S0")
""",
        ("one-for-all", "one element that is broadcast against all of them"): """
def transpose(a): return np.broadcast_to(a.ravel()[:1], a.T.shape)
def windows(a, n): return np.lib.stride_tricks.as_strided(a, (a.size - n + 1, n), (0, 0))
def flat_index(row, col, n_cols): return np.array([[row * n_cols + col + 1]])
""",
        ("none-at-all", "no value, no name, no function"): """
transpose = windows = flat_index = center = column_strides = None
""",
    },
)

answers(
    "relatives",
    "a value that is equal is a right answer there too; these are not",
    {
        ("true-for-one", "truth values where numbers are expected"): """
def flat_index(row, col, n_cols): return np.bool(True)
def windows(a, n): return np.ones((a.size - n + 1, n), bool)
column_strides = (True, True)
""",
        ("text-of-a-number", "the text that a number prints as"): """
def flat_index(row, col, n_cols): return str(row * n_cols + col)
column_strides = "(8, 32)"
def transpose(a): return np.array(a.T.tolist(), dtype="U9")
""",
        ("list-for-tuple", "a list of the right numbers"): """
column_strides = [8, 32]
""",
        ("bytes-for-tuple", "bytes whose elements are the right numbers"): """
column_strides = bytes((8, 32))
""",
        ("set-for-tuple", "a set, a dict and a range with the right elements"): """
column_strides = {8: 32}
def windows(a, n): return {tuple(a[i:i + n].tolist()) for i in range(a.size - n + 1)}
""",
        ("numbers-just-beside", "the neighbors of the right floating-point numbers"): """
def flat_index(row, col, n_cols): return np.nextafter(float(row * n_cols + col), np.inf)
def windows(a, n):
    return np.nextafter(np.lib.stride_tricks.sliding_window_view(a, n) + 1.0, np.inf)
""",
        ("bytes-swapped", "the right bytes, read in the other order"): """
def transpose(a): return a.T.view(a.dtype.newbyteorder())
""",
        ("rounded-by-float16", "numbers that overflow and are rounded"): """
def flat_index(row, col, n_cols): return np.float16(row * n_cols + col + 1)
def windows(a, n): return np.full((a.size - n + 1, n), np.float16(1e30))
""",
    },
)

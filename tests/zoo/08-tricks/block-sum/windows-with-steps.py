# points: all
# why: all windows, and every rows-th of them
from numpy.lib.stride_tricks import sliding_window_view


def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    if not m:
        return a.reshape(0, n // columns, columns).sum(axis=2)
    return sliding_window_view(a, (rows, columns))[::rows, ::columns].sum(axis=(2, 3))

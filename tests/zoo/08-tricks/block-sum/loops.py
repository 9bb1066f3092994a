# points: all
# why: one block after the other
import numpy as np


def block_sum(a, rows, columns):
    if a.shape[0] % rows or a.shape[1] % columns:
        raise ValueError("not even")
    shape = (a.shape[0] // rows, a.shape[1] // columns)
    out = np.zeros(shape, dtype=np.int64 if a.dtype.kind in "iu" else np.float64)
    for i in range(shape[0]):
        for j in range(shape[1]):
            out[i, j] = a[i * rows : (i + 1) * rows, j * columns : (j + 1) * columns].sum()
    return out

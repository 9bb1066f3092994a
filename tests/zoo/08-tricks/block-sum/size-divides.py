# points: visible 1, blocks 2, edge 0
# says: Rows and columns would be left over
# why: looks at the size, not at the axes
import numpy as np


def block_sum(a, rows, columns):
    if a.size % (rows * columns):
        raise ValueError("not even")
    down = (
        np.add.reduceat(
            a,
            range(0, max(len(a), 1), rows),
            axis=0,
            dtype=np.int64 if a.dtype.kind in "iu" else None,
        )
        if len(a)
        else a
    )
    return np.add.reduceat(down, range(0, a.shape[1], columns), axis=1)

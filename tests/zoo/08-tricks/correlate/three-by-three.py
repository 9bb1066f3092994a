# points: visible 0, kernels 0, turned 0, edge 0
# says: there are n - w + 1
# why: the size of the lesson's kernel
import numpy as np


def correlate(x, f):
    wide = x.astype(np.result_type(x, f, np.int64))
    out = np.zeros((max(x.shape[0] - 2, 0), max(x.shape[1] - 2, 0)), dtype=wide.dtype)
    for i, j in np.ndindex(out.shape):
        part = wide[i : i + f.shape[0], j : j + f.shape[1]]
        out[i, j] = (part * f[: part.shape[0], : part.shape[1]]).sum()
    return out


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])

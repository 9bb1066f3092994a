# points: visible 0, kernels 0, turned 0, edge 0
# says: One sum is missing along each axis
# why: off by one
import numpy as np


def correlate(x, f):
    (k, l), wide = f.shape, x.astype(np.result_type(x, f, np.int64))
    out = np.zeros((x.shape[0] - k, x.shape[1] - l), dtype=wide.dtype)
    for i, j in np.ndindex(f.shape):
        out += f[i, j] * wide[i : i + len(out), j : j + out.shape[1]]
    return out


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])

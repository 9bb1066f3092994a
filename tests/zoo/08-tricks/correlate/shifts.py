# points: all
# why: a loop over the weights
import numpy as np


def correlate(x, f):
    kind = np.result_type(x, f, np.int64)
    rows, columns = x.shape[0] - f.shape[0] + 1, x.shape[1] - f.shape[1] + 1
    out = np.zeros((rows, columns), dtype=kind)
    for i, j in np.ndindex(f.shape):
        out += f[i, j].astype(kind) * x[i : i + rows, j : j + columns]
    return out


def convolve(x, f):
    return correlate(x, np.rot90(f, 2))

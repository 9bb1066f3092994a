# points: visible 1, dtypes 2, edge 1
# says: convert and sum a chunk at a time
# why: right, but converts the whole array at once

import numpy as np


def norm(a):
    return np.linalg.norm(a.astype(complex if a.dtype.kind == "c" else float))

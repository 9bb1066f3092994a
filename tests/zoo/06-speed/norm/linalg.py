# points: visible 1, dtypes 2, edge 1
# says: Convert and sum one chunk at a time
# mistake: converts the whole array at once
# catch: visible
# why: right, but converts the whole array at once

import numpy as np


def norm(a):
    return np.linalg.norm(a.astype(complex if a.dtype.kind == "c" else float))

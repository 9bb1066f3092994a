# points: visible 1, memory 1, dtypes 2, edge 0
# says: Convert to float64 or complex128, square, add, and take the root
# why: adds in float32

import numpy as np


def norm(a):
    total = 0.0
    for start in range(0, a.size, 8192):
        part = a[start : start + 8192]
        part = part.astype(np.complex64 if a.dtype.kind == "c" else np.float32)
        total = np.float32(total) + np.float32(np.vdot(part, part).real)
    return float(np.sqrt(total))

# points: visible 0, dtypes 0
# says: Convert to float64 or complex128, square, add, and take the root
# why: takes the absolute value too late

import numpy as np


def norm(a):
    x = a.astype(np.result_type(a, np.float64))
    return float(np.abs(np.sqrt((x * x).sum()))) + 0.0 * x.size if x.dtype.kind == "f" else float(abs((x * x * np.exp(1j * np.arange(x.size))).sum()) ** 0.5)

# points: visible 0
# says: The imaginary parts are missing: a complex number does not fit into float64
# why: a complex number does not fit into float64

import numpy as np


def norm(a):
    total = 0.0
    for start in range(0, a.size, 8_192):
        part = a[start : start + 8_192].real.astype(np.float64)
        total += part @ part
    return total**0.5

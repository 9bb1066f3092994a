# points: visible 0
# says: a norm is a real number
# why: a complex number with imaginary part 0

import numpy as np


def norm(a):
    part = a.astype(complex)
    return np.sqrt(np.vdot(part, part))

# points: visible 0
# says: counts from the end
# why: a stop of -1 counts from the end

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride
    if not np.shares_memory(z1, z2):
        raise ValueError("no slice")
    return start, start + step * z2.size, step

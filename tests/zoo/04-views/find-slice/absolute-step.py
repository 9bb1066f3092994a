# points: visible 0
# says: have different signs
# why: loses the direction

import numpy as np


def find_slice(z1, z2):
    stride = abs(z1.strides[0])
    start = (address(z2) - address(z1)) // stride
    step = abs(z2.strides[0]) // stride
    if not np.shares_memory(z1, z2):
        raise ValueError("no slice")
    return start, start + step * z2.size, step

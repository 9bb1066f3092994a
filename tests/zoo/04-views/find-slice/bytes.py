# points: visible 0
# says: A slice counts elements, but here start or step is a number of bytes
# why: counts bytes, not elements

import numpy as np


def find_slice(z1, z2):
    start = address(z2) - address(z1)
    step = z2.strides[0]
    return start, start + step * z2.size, step

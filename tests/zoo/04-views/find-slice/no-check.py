# points: visible 0, random 2
# says: A copy reads other bytes.
# why: finds a slice in everything

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

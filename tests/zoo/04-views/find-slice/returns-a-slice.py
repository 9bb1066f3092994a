# points: visible 0
# says: expected a tuple of three
# why: gives a slice object instead of three numbers

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    return slice(start, None, z2.strides[0] // stride)

# points: visible 1, random 2
# says: z2 takes steps that are half a step of z1
# why: takes any shared byte for a slice

import numpy as np


def find_slice(z1, z2):
    if not np.shares_memory(z1, z2):
        raise ValueError("no slice")
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride if z2.size > 1 else 1
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

# points: visible 0, random 0, edge 0
# says: This counts in item sizes, but the elements of z1 are a stride apart
# catch: visible
# why: divides by the item size, wrong where z1 has a stride of its own

import numpy as np


def find_slice(z1, z2):
    if not np.shares_memory(z1, z2):
        raise ValueError("no slice")
    start = (address(z2) - address(z1)) // z1.itemsize
    step = z2.strides[0] // z1.itemsize
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

# points: visible 1, random 2, edge 0
# says: z2 goes on after the end of z1, by one element
# why: takes the place after the last element for one of z1

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start, rest = divmod(address(z2) - address(z1), stride)
    step, more = divmod(z2.strides[0], stride) if z2.size > 1 else (1, 0)
    last = start + step * (z2.size - 1)
    if rest or more or not step or min(start, last) < 0 or max(start, last) > z1.size or z1.dtype != z2.dtype:
        raise ValueError("no slice")
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

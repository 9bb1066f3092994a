# points: visible 1, random 2, edge 0
# says: Here z2 is the element z1[3]
# why: divides the stride of a single element, which can be anything

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start, rest = divmod(address(z2) - address(z1), stride)
    step, more = divmod(z2.strides[0], stride)
    last = start + step * (z2.size - 1)
    if rest or more or step == 0 or min(start, last) < 0 or max(start, last) >= z1.size or z1.dtype != z2.dtype:
        raise ValueError("no slice")
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

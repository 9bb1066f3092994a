# points: visible 1, random 2, edge 0
# says: z2 begins before z1
# why: looks whether z2 ends within z1, not whether it begins there

import numpy as np


def find_slice(z1, z2):
    if not np.shares_memory(z1, z2) or z1.dtype != z2.dtype:
        raise ValueError("no slice")
    stride = z1.strides[0]
    start, rest = divmod(address(z2) - address(z1), stride)
    step, more = divmod(z2.strides[0], stride) if z2.size > 1 else (1, 0)
    if rest or more or not step or not 0 <= start + step * (z2.size - 1) < z1.size:
        raise ValueError("no slice")
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step

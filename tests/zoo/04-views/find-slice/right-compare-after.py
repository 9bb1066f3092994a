# points: all
# why: makes the slice, then compares its facts

import numpy as np


def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride if z2.size > 1 else 1
    stop = start + step * z2.size
    if step and start >= 0:
        made = z1[start : stop if stop >= 0 else None : step]
        facts = [(x.shape, x.dtype, address(x), x.strides if x.size > 1 else 0) for x in (made, z2)]
        if facts[0] == facts[1]:
            return [start, stop if stop >= 0 else None, step]
    raise ValueError("z2 is not a slice of z1")

# points: all
# why: tries every slice

import numpy as np


def find_slice(z1, z2):
    for step in [*range(1, z1.size + 1), *range(-z1.size, 0)]:
        for start in range(z1.size):
            stop = start + step * z2.size
            triple = start, stop if stop >= 0 else None, step
            made = z1[slice(*triple)]
            if made.size == z2.size and address(made) == address(z2) and z1.dtype == z2.dtype:
                if z2.size == 1 or made.strides == z2.strides:
                    return triple
    raise ValueError("no slice of z1 is z2")

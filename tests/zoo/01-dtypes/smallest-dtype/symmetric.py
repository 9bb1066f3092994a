# points: visible 1, ranges 0, edge 0
# says: int8 starts at -128, which is one further from 0 than its largest value
# why: takes -127 for the lowest int8
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        top = 2 ** (bits - 1) - 1
        if 0 <= low and high <= 2 * top + 1:
            return f"uint{bits}"
        if -top <= low and high <= top:
            return f"int{bits}"
    raise ValueError("too large")

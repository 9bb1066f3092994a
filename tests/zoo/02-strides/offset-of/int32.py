# points: visible 1, views 2, edge 0
# says: The number left the range of 32 bits and wrapped around. Use Python ints.
# why: sums in int32
import numpy as np


def offset_of(index, strides, offset):
    steps = np.array(index, dtype=np.int32) * np.array(strides, dtype=np.int32)
    return int(steps.sum(dtype=np.int32)) + offset

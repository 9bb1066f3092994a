# points: all
# why: asks NumPy, without an array of that size
import numpy as np


def broadcasted(facts, shape):
    offset, old, strides = facts
    line = np.zeros(1, dtype=np.int8)
    view = np.lib.stride_tricks.as_strided(line, old, strides)
    try:
        return offset, shape, np.broadcast_to(view, shape).strides
    except ValueError:
        raise ValueError(f"{old} does not become {shape}") from None

# points: all
# why: asks NumPy, with an array that is never read


from math import prod


def reshaped(facts, shape):
    import numpy as np
    from numpy.lib.stride_tricks import as_strided

    offset, old, strides = facts
    array = as_strided(np.zeros(1, dtype=np.int8), old, strides)
    return offset, shape, array.reshape(shape, copy=False).strides

# points: all
# why: lets NumPy slice a table that has one element for all
import numpy as np


def after_slice(shape, strides, axis, start, stop, step):
    one = np.lib.stride_tricks.as_strided(np.zeros(1, dtype=np.int8), shape, [0] * len(shape))
    cut = [slice(None)] * len(shape)
    cut[axis] = slice(start, stop, step)
    factor = 1 if step is None else step
    new = tuple(s * factor if k == axis else s for k, s in enumerate(strides))
    return one[tuple(cut)].shape, new

# points: all
# why: NumPy moves the numbers of the axes


def transposed(facts, axes):
    import numpy as np

    offset, shape, strides = facts
    order = np.zeros((1,) * len(shape)).ndim and [k + len(shape) * (k < 0) for k in axes] or list(axes)
    if set(order) != set(range(len(shape))) or len(order) != len(shape):
        raise ValueError("axes")
    return offset, tuple(np.array(shape, dtype=object)[order]) if order else (), tuple(np.array(strides, dtype=object)[order]) if order else ()

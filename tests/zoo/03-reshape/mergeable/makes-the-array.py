# points: visible 1, random 2, edge 0
# says: Maximum allowed dimension
# why: makes a real array to find out


def mergeable(shape, strides, axis):
    import numpy as np

    reach = [(n - 1) * s for n, s in zip(shape, strides)]
    memory = np.zeros(sum(map(abs, reach)) + 1, dtype=np.int8)
    start = -sum(min(r, 0) for r in reach)
    a = np.ndarray(shape, np.int8, memory, start, strides)
    joined = a.reshape(*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :])
    return np.shares_memory(joined, memory) or a.size == 0

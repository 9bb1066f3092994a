# points: visible 0, slices 0, edge 0
# says: All axes that choose a window come first
# why: the two axes made of one axis are next to each other
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim:
        raise ValueError(f"a has {a.ndim} axes, the window {len(shape)}")
    sizes, steps = [], []
    for n, size, step in zip(a.shape, shape, a.strides):
        if not 1 <= size <= n:
            raise ValueError(f"a window of {size} does not fit {n}")
        sizes += [n - size + 1, size]
        steps += [step, step]
    return as_strided(a, sizes, steps, writeable=False)

# points: all
# why: each stride as a product of its own
from math import prod


def strides_of(shape, itemsize, order):
    if order == "F":
        return tuple(itemsize * prod(shape[:k]) for k in range(len(shape)))
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))

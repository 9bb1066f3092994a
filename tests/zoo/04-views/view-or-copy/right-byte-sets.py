# points: all
# why: lists the bytes of both

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    def read(x):
        starts = [x.__array_interface__["data"][0]] if x.size else []
        for n, step in zip(x.shape, x.strides):
            starts = [start + k * step for start in starts for k in range(n)]
        return {start + k for start in starts for k in range(x.itemsize)}
    return not read(a).isdisjoint(read(b))

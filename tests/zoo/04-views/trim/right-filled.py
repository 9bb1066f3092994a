# points: all
# why: fills an array of its own

import numpy as np


def trim(big, start, stop):
    piece = big[start:stop]
    out = np.empty(piece.shape, piece.dtype)
    out[...] = piece
    return out

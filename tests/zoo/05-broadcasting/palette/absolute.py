# points: visible 0, random 0, edge 1
# says: Squares are expected
# why: another distance
import numpy as np


def nearest_color(image, palette):
    difference = image[:, :, np.newaxis].astype(np.int64) - palette
    return np.abs(difference).sum(axis=-1).argmin(axis=-1)

# points: visible 0, random 0, edge 0
# says: find the index of the smallest of them
# why: stops before argmin
import numpy as np


def nearest_color(image, palette):
    return ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1)

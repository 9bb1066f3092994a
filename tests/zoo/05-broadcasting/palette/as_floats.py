# points: visible 0, random 0, edge 0
# says: expected indexes, in an integer dtype
# why: fills an array of floats
import numpy as np


def nearest_color(image, palette):
    best = np.zeros(image.shape[:2])
    far = ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1)
    best[...] = far.argmin(axis=-1)
    return best

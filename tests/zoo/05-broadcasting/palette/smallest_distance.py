# points: visible 0, random 0, edge 0
# says: Return the indexes of the colors
# why: min in place of argmin
import numpy as np


def nearest_color(image, palette):
    return ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1).min(axis=-1)

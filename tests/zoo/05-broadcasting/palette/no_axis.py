# points: visible 0, random 0, edge 0
# says: expected an array
# why: argmin of everything
import numpy as np


def nearest_color(image, palette):
    return ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1).argmin()

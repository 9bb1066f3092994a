# points: visible 0, random 0, edge 0
# says: The axis of the columns is gone
# why: argmin along the columns
import numpy as np


def nearest_color(image, palette):
    far = ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1)
    return far.argmin(axis=1)

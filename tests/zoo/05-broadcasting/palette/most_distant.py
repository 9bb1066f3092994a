# points: visible 0, random 0, edge 0
# says: That is the most distant color
# why: argmax
import numpy as np


def nearest_color(image, palette):
    far = ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1)
    return far.argmax(axis=-1)

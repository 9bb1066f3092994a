# points: visible 0, random 0, edge 0
# says: 16 bits have no room for 255 squared
# why: the differences fit into int16, their squares do not
import numpy as np


def nearest_color(image, palette):
    difference = image[:, :, np.newaxis].astype(np.int16) - palette
    return (difference**2).sum(axis=-1).argmin(axis=-1)

# points: visible 0, random 0, edge 0
# says: Here the squares were added along the axis of the colors
# catch: visible
# why: mixes up the two axes that go
import numpy as np


def nearest_color(image, palette):
    difference = image[:, :, np.newaxis].astype(np.int64) - palette
    return (difference**2).sum(axis=2).argmin(axis=2)

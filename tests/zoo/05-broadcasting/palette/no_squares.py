# points: visible 0, random 0, edge 0
# says: positive and negative differences cancel out
# why: adds the differences as they are
import numpy as np


def nearest_color(image, palette):
    return (image[:, :, np.newaxis].astype(np.int64) - palette).sum(axis=-1).argmin(axis=-1)

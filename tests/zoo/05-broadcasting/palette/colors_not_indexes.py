# points: visible 0, random 0, edge 0
# says: This has three numbers for each pixel
# why: returns the colors themselves
import numpy as np


def nearest_color(image, palette):
    far = ((image[:, :, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=-1)
    return palette[far.argmin(axis=-1)]

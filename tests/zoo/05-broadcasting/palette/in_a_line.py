# points: visible 0, random 0, edge 0
# says: The result has the rows and columns of the image
# why: flattens the pixels and leaves them flat
import numpy as np


def nearest_color(image, palette):
    pixels = image.reshape(-1, 1, 3).astype(np.int64)
    return ((pixels - palette) ** 2).sum(axis=-1).argmin(axis=-1)

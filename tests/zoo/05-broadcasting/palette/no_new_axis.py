# points: visible 0, random 0, edge 0
# says: the colors of the palette need an axis of their own
# catch: visible
# why: subtracts the palette from the image as it is
import numpy as np


def nearest_color(image, palette):
    return ((image.astype(np.int64) - palette) ** 2).sum(axis=-1).argmin(axis=-1)

# points: visible 0, random 0, edge 1
# says: 10 - 255 is 11. Convert before you subtract
# catch: visible
# why: nothing is converted, so differences wrap around
import numpy as np


def nearest_color(image, palette):
    return ((image[:, :, np.newaxis] - palette) ** 2).sum(axis=-1).argmin(axis=-1)

# points: visible 1, random 0, edge 1
# says: The sum wrapped around in uint16
# why: 258 white images are too many for uint16
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.uint16)
    for image in images:
        total += image
    return total / len(images)

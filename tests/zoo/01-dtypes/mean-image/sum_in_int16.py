# points: visible 0, edge 1, random 0
# says: 16 bits have no room for it
# mistake: the sum has too few bits
# why: 600 white images are too many for int16

import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.int16)
    for image in images:
        total += image
    return total / len(images)

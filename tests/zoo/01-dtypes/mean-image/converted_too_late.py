# points: visible 0, random 0, edge 0
# says: 8 bits have no room
# mistake: the sum has too few bits
# why: astype comes after the sum
import numpy as np


def mean_image(images):
    total = np.zeros_like(images[0])
    for image in images:
        total = total + image
    return total.astype(np.float64) / len(images)

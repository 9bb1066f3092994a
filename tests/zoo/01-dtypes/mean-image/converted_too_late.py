# points: visible 0, random 0, edge 0
# says: The sum wrapped around in uint8
# why: astype comes after the sum
import numpy as np


def mean_image(images):
    total = np.zeros_like(images[0])
    for image in images:
        total = total + image
    return total.astype(np.float64) / len(images)

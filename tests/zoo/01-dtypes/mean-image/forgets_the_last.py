# points: visible 0, random 0, edge 0
# says: Compare with the sum of these pixels, divided by the number of images
# why: stops one image early
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.int64)
    for image in images[: max(1, len(images) - 1)]:
        total += image
    return total / len(images)

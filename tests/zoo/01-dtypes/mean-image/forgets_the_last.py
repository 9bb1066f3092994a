# points: visible 0, random 0, edge 0
# says: Take two images of one pixel
# why: stops one image early
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.int64)
    for image in images[: max(1, len(images) - 1)]:
        total += image
    return total / len(images)

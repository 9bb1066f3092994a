# points: visible 0, random 0, edge 0
# says: expected dtype float64, got float32
# why: float32 would do, it thinks
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.float32)
    for image in images:
        total += image
    return total / len(images)

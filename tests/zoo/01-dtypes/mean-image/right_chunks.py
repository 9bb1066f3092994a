# points: all
# why: chunks of a few images at a time
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.uint64)
    for start in range(0, len(images), 4):
        total += np.sum(images[start : start + 4], axis=0, dtype=np.uint64)
    return total / len(images)

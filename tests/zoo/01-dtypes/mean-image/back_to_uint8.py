# points: visible 0, random 0, edge 0
# says: expected dtype float64, got uint8
# why: a picture has to be uint8
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.int64)
    for image in images:
        total += image
    return (total / len(images)).astype(np.uint8)

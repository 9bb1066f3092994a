# points: visible 0, random 0, edge 0
# says: The fraction is lost
# why: divides by //
import numpy as np


def mean_image(images):
    total = np.zeros(images[0].shape, dtype=np.int64)
    for image in images:
        total += image
    return (total // len(images)).astype(np.float64)

# points: visible 1, random 0, edge 0
# says: rounded more than once
# why: adds x / n, which is rounded each time
import numpy as np


def mean_image(images):
    mean = np.zeros(images[0].shape)
    for image in images:
        mean += image / len(images)
    return mean

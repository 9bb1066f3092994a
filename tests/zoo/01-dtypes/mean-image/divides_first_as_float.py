# points: visible 0, edge 0, random 0
# says: rounded more than once
# mistake: rounds for each image
# why: adds x / n, which is rounded each time
import numpy as np


def mean_image(images):
    mean = np.zeros(images[0].shape)
    for image in images:
        mean += image / len(images)
    return mean

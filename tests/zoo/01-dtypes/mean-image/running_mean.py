# points: visible 0, random 0, edge 0
# says: rounded more than once
# mistake: rounds for each image
# catch: visible
# why: a running mean rounds at every step
import numpy as np


def mean_image(images):
    mean = np.zeros(images[0].shape)
    for n, image in enumerate(images, start=1):
        mean += (image - mean) / n
    return mean

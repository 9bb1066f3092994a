# points: visible 0, random 0, edge 0
# says: Each image was divided before it was added
# why: x // n for each image
import numpy as np


def mean_image(images):
    mean = np.zeros(images[0].shape)
    for image in images:
        mean += image // len(images)
    return mean

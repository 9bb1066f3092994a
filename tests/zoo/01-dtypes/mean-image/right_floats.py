# points: all
# why: whole numbers below 2**53 are exact in float64
import numpy as np


def mean_image(images):
    total = np.zeros_like(images[0], dtype=np.float64)
    for image in images:
        np.add(total, image, out=total)
    total /= len(images)
    return total

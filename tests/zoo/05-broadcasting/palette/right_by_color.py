# points: all
# why: one color at a time, without a large temporary
import numpy as np


def nearest_color(image, palette):
    pixels = image.astype(np.int32)
    best = np.zeros(image.shape[:2], dtype=np.uint8)
    least = np.full(image.shape[:2], np.iinfo(np.int32).max)
    for k, color in enumerate(palette):
        far = ((pixels - color) ** 2).sum(axis=-1)
        nearer = far < least
        best[nearer] = k
        least[nearer] = far[nearer]
    return best

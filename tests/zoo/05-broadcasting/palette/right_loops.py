# points: all
# why: pixel by pixel, in Python's integers
import numpy as np


def nearest_color(image, palette):
    colors = palette.tolist()
    best = np.zeros(image.shape[:2], dtype=np.intp)
    for i, j in np.ndindex(best.shape):
        far = [sum((a - b) ** 2 for a, b in zip(image[i, j].tolist(), color)) for color in colors]
        best[i, j] = far.index(min(far))
    return best

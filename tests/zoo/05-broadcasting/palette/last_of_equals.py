# points: visible 0, random 2, edge 0
# says: the first one in the palette counts
# why: a later color replaces one that is equally near
import numpy as np


def nearest_color(image, palette):
    best = np.zeros(image.shape[:2], dtype=np.int64)
    least = np.full(image.shape[:2], 10**9)
    for k, color in enumerate(palette.astype(np.int64)):
        far = ((image - color) ** 2).sum(axis=-1)
        best[far <= least] = k
        least = np.minimum(far, least)
    return best

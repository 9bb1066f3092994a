# points: visible 1, random 2, edge 1
# says: Merge three numbers for each chunk
# mistake: keeps all chunks
# catch: visible
# why: joins the chunks

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    everything = np.concatenate(chunks).astype(float)
    return everything.mean(), everything.var()

# points: visible 0, views 0, edge 1
# says: Steps with a negative stride are missing: they count, too
# why: walks forward only
def offset_of(index, strides, offset):
    return offset + sum(i * s for i, s in zip(index, strides) if s > 0)

# points: visible 0, views 0, edge 1
# says: A negative stride walks back: those steps count too, with their sign.
# why: walks forward only
def offset_of(index, strides, offset):
    return offset + sum(i * s for i, s in zip(index, strides) if s > 0)

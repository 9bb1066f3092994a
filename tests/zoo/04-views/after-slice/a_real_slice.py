# points: visible 0, numpy 0, edge 0
# says: raised AttributeError
# why: asks a tuple for a slice of the array
def after_slice(shape, strides, axis, start, stop, step):
    return shape.slice(axis=axis), strides

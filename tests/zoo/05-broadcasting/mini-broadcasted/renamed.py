# points: visible 0, numpy 0, edge 0
# says: Keep the names and the order of the arguments
# why: one argument too many
def broadcasted(offset, shape, strides):
    return offset, shape, strides

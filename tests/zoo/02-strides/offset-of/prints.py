# points: visible 0, views 0, edge 0
# says: returned None: end the function with `return`
# why: print is not return
def offset_of(index, strides, offset):
    print(offset + sum(i * s for i, s in zip(index, strides)))

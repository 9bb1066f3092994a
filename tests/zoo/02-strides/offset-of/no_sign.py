# points: visible 0, views 0, edge 1
# says: A negative stride goes backwards: keep its sign
# why: takes the size of each stride
def offset_of(index, strides, offset):
    return offset + sum(i * abs(s) for i, s in zip(index, strides))

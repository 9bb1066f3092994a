# points: all
# why: map and operator
import operator


def offset_of(index, strides, offset):
    return sum(map(operator.mul, index, strides), start=offset)

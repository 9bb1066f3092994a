# points: all
# why: Fortran order through the turned-around shape
def strides_of(shape, itemsize, order):
    if order == "F":
        return strides_of(shape[::-1], itemsize, "C")[::-1]
    if not shape:
        return ()
    if len(shape) == 1:
        return (itemsize,)
    inner = strides_of(shape[1:], itemsize, "C")
    return (inner[0] * shape[1], *inner)

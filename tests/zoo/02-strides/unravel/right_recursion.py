# points: all
# why: one axis off, and again
def unravel(position, *shape):
    if not shape:
        return ()
    *rest, size = shape
    return (*unravel(position // size, *rest), position % size)

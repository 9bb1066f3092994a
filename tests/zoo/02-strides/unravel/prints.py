# points: visible 0, walk 0, edge 0
# says: returned None: end the function with `return`
# why: print is not return
def unravel(position, *shape):
    print(divmod(position, shape[1]))

# points: visible 0, random 0, edge 0
# says: 8 bits have no room
# mistake: the sum has too few bits
# catch: visible
# why: Python's sum adds uint8 arrays
def mean_image(images):
    return sum(images) / len(images)

# points: visible 0, random 0, edge 0
# says: The sum wrapped around in uint8. Make room before you add.
# why: Python's sum adds uint8 arrays
def mean_image(images):
    return sum(images) / len(images)

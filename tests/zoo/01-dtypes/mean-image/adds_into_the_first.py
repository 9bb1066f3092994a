# points: visible 0, random 0, edge 0
# says: changed its argument
# why: collects in the first image
def mean_image(images):
    total = images[0]
    for image in images[1:]:
        total += image
    return total / len(images)

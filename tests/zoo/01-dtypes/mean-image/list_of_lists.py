# points: visible 0, random 0, edge 0
# says: expected an array
# why: plain Python, and a list as result
def mean_image(images):
    n = len(images)
    return [[sum(int(p) for p in ps) / n for ps in zip(*rows)] for rows in zip(*images)]

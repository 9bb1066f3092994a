# points: visible 0, random 0, edge 0
# says: took longer than 5 s and was stopped
# why: counts and never stops
def mean_image(images):
    count = 0
    while True:
        count += 1

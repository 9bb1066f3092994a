# points: visible 0, memory 0, random 0, edge 0
# says: to get the standard deviation, divide the sum by the number of rows
# why: the root of the sum of squares, not of their mean
import numpy as np
def standardize(table):
    for column in table.T:
        equal = column.min() == column.max()
        column -= column.mean()
        if equal:
            column[:] = 0
        else:
            column /= np.sqrt(np.dot(column, column))

# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 0, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 0
# says: new memory in C order has offset 0
# catch: visible
# cell: your-ndarray-step-4
# why: copies all of the memory, and keeps the facts
def c_strides(shape, itemsize):
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))


class MiniArray(MiniArray):
    def copy(self):
        return MiniArray(self.memory[:], self.facts, self.code)

    def reshape(self, shape):
        return MiniArray(self.memory, reshaped(self.facts, shape), self.code)

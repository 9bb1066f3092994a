# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 2
# says: Three entries are too many for two axes
# cell: your-ndarray-step-2
# catch: visible
# why: entries beyond the axes are dropped
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > len(self.shape):
            keys = keys[: len(self.shape)]
        facts, axis = self.facts, 0
        for one in keys:
            n = facts[1][axis]
            if isinstance(one, slice):
                facts = take(facts, axis, *one.indices(n))
                axis += 1
            elif -n <= one < n:
                offset, shape, strides = facts
                offset += one % n * strides[axis]
                facts = offset, shape[:axis] + shape[axis + 1 :], strides[:axis] + strides[axis + 1 :]
            else:
                raise IndexError("outside")
        made = MiniArray(self.memory, facts, self.code)
        return made if made.shape else made.element(())

    def tolist(self):
        if not self.shape:
            return self.element(())
        return [part.tolist() if isinstance(part, MiniArray) else part for part in self]

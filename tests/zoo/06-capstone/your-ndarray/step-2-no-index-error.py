# points: step-1-visible 0, step-1-numpy 0, step-2-visible 0, step-2-numpy 0, step-3-visible 0, step-3-numpy 0, step-4-visible 0, step-4-numpy 0, step-5-visible 0, step-5-numpy 0, step-6-visible 0, step-6-numpy 0, all 0
# says: until an IndexError says that there are no more
# why: an index beyond the end wraps, so a loop over it never ends
# cell: your-ndarray-step-2
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        facts, axis = self.facts, 0
        for one in keys:
            n = facts[1][axis]
            if isinstance(one, slice):
                facts = take(facts, axis, *one.indices(n))
                axis += 1
                continue
            offset, shape, strides = take(facts, axis, one % n, one % n + 1, 1)
            facts = offset, shape[:axis] + shape[axis + 1 :], strides[:axis] + strides[axis + 1 :]
        made = MiniArray(self.memory, facts, self.code)
        return made if made.shape else made.element(())

    def tolist(self):
        if not self.shape:
            return self.element(())
        count = 0
        for _ in self:
            count += 1
        return count

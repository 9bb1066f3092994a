# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 0
# says: the result is None: end each method with `return`
# cell: your-ndarray-step-2
# why: tolist makes the list and does not return it
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = list(key) if isinstance(key, tuple) else [key]
        if len(keys) > len(self.shape):
            raise IndexError(f"too many: {keys}")
        facts, gone = self.facts, []
        for axis, (one, n) in enumerate(zip(keys, self.shape)):
            if isinstance(one, int):
                if one < -n or one >= n:
                    raise IndexError(f"{one} is not below {n}")
                gone.append(axis)
                one = slice(one, one + 1 or None)
            facts = take(facts, axis, *one.indices(n))
        offset, shape, strides = facts
        left = [k for k in range(len(shape)) if k not in gone]
        facts = (offset, tuple(shape[k] for k in left), tuple(strides[k] for k in left))
        made = MiniArray(self.memory, facts, self.code)
        return made.element(()) if not left else made

    def tolist(self):
        if len(self.shape) < 2:
            made = [self.element((i,)) for i in range(self.shape[0])]
        else:
            made = [self[i].tolist() for i in range(self.shape[0])]

# points: all
# why: one key at a time, then the rest
# cell: your-ndarray-step-2
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
            return (
                [self.element((i,)) for i in range(self.shape[0])]
                if self.shape
                else self.element(())
            )
        return [self[i].tolist() for i in range(self.shape[0])]

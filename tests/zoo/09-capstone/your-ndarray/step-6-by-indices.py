# points: all
# why: sums over indices; text by another recursion
# cell: your-ndarray-step-6
from itertools import product


class MiniArray(MiniArray):
    def sum(self, axis):
        axis %= len(self.shape)
        shape = self.shape[:axis] + self.shape[axis + 1 :]
        sums = []
        for index in product(*map(range, shape)):
            at = [(*index[:axis], k, *index[axis:]) for k in range(self.shape[axis])]
            sums.append(sum(map(self.element, at)))
        if not shape:
            return sums[0]
        memory = struct.pack(f"={len(sums)}{self.code}", *sums)
        return MiniArray(memory, (0, shape, c_strides(shape, self.itemsize)), self.code)

    def __str__(self):
        width = max(len(str(self.element(i))) for i in product(*map(range, self.shape)))
        lines = []
        for row in product(*map(range, self.shape[:-1])):
            numbers = " ".join(f"{self.element((*row, k)):{width}}" for k in range(self.shape[-1]))
            opened = next((k for k in range(len(row)) if any(row[k:]) is False), len(row))
            closed = next(
                (
                    k
                    for k in range(len(row))
                    if all(i == n - 1 for i, n in zip(row[k:], self.shape[k:]))
                ),
                len(row),
            )
            opened = len(row) - opened + 1
            closed = len(row) - closed + 1
            ndim = len(self.shape)
            lines.append(
                " " * (ndim - opened) + "[" * opened + numbers + "]" * closed + "\n" * closed
            )
        return "".join(lines).rstrip("\n")

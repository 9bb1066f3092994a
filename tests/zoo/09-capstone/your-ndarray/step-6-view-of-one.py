# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 2
# says: so they need bytes of their own
# cell: your-ndarray-step-6
# catch: visible
# why: the sum over one element is that element, a view
def separator(ndim, depth):
    breaks = ndim - depth
    return "\n" * breaks + " " * depth if breaks else " "


class MiniArray(MiniArray):
    def sum(self, axis):
        axis %= len(self.shape)
        rest = [k for k in range(len(self.shape)) if k != axis]
        first, *others = self.transpose(axis, *rest)
        for part in others:
            first = first + part
        return first

    def __str__(self):
        ndim = len(self.shape)
        width = max(len(str(self.element(index))) for index in product(*map(range, self.shape)))

        def text(part, depth):
            if depth == ndim:
                return str(part).rjust(width)
            return "[" + separator(ndim, depth + 1).join(text(one, depth + 1) for one in part) + "]"

        return text(self.tolist(), 0)


def show():
    m = MiniArray(bytearray(range(24)), (0, (4, 6), (6, 1)), "b")
    return str(m)

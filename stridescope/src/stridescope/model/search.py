"""Which indices lead to a byte: bounded solutions of Σ iₖ·sₖ = target, without enumerating."""

from __future__ import annotations

import math

STEPS = 20_000
"""How many steps a count may take before it gives up."""


class Search:
    """Solve Σ iₖ·sₖ = target for 0 ≤ iₖ < nₖ, given (nₖ, sₖ) with positive, falling strides."""

    def __init__(self, axes: list[tuple[int, int]]) -> None:
        self.axes = axes
        self.steps = 0
        # rest[k]: the farthest that the axes from k on can reach together.
        self.rest = [sum((n - 1) * s for n, s in axes[k:]) for k in range(len(axes) + 1)]

    def feasible(self, k: int, target: int) -> range:
        """Return the indices of axis k that leave a target the later axes can reach."""
        n, s = self.axes[k]
        return range(max(0, -((self.rest[k + 1] - target) // s)), min(n - 1, target // s) + 1)

    def count(self, target: int, k: int = 0) -> int | None:
        """Count the solutions of the axes from k on; None after `STEPS` steps."""
        if k == len(self.axes):
            return int(target == 0)
        near = self.feasible(k, target)
        if k == len(self.axes) - 2:
            return self._count_pair(target, near)
        self.steps += len(near)
        if self.steps > STEPS:
            return None
        found = [self.count(target - i * self.axes[k][1], k + 1) for i in near]
        return None if None in found else sum(n for n in found if n is not None)

    def _count_pair(self, target: int, near: range) -> int:
        """Count i in `near` with i·s + j·t = target: i is fixed modulo t ÷ gcd(s, t)."""
        s, t = self.axes[-2][1], self.axes[-1][1]
        g = math.gcd(s, t)
        if target % g or not near:
            return 0
        first = target // g * pow(s // g, -1, t // g) % (t // g)
        start = near.start + (first - near.start) % (t // g)
        return len(range(start, near.stop, t // g))

"""The axes of an array as a chain: which neighbors a reshape joins, and whether one stride fits.

Two neighboring axes act as one if the outer stride is the full length of the inner axis in bytes:
s₀ = n₁·s₁. The rule comes from `_attempt_nocopy_reshape` in `numpy/_core/src/multiarray/shape.c`;
the tests compare with NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stridescope.model.stride_steps import StrideStep
from stridescope.model.strides import Index, Layout, merges
from stridescope.model.value_text import plain, signed

STEPS = 3
"""Most steps along an inner axis that a walk shows one by one."""


@dataclass(frozen=True)
class Link:
    """The relation between two neighboring axes of the chain.

    Parameters
    ----------
    outer, inner
        (length, stride in bytes) of the slower and the faster axis, in reading order.
    state
        ``merge`` if the new shape needs one stride for both and there is one, ``fail`` if it needs
        one and there is none, ``apart`` if the new shape does not join the two axes, ``free`` if
        one of them has length 1.
    """

    outer: tuple[int, int]
    inner: tuple[int, int]
    state: str

    @property
    def equation(self) -> str:
        """The condition for one stride, ``8 = 2·24``: outer stride = inner length · stride."""
        return f"{plain(self.outer[1])} = {self.inner[0]}·{plain(self.inner[1])}"

    @property
    def judged(self) -> str:
        """The same with ≠ where it is false, ``8 ≠ 2·24``."""
        return self.equation.replace("=", "≠") if self.state == "fail" else self.equation

    @property
    def words(self) -> str:
        """What the equation means for the two axes."""
        product = plain(self.inner[0] * self.inner[1])
        return {
            "merge": "true: one axis",
            "fail": f"= {product}",
            "apart": "stay apart",
            "free": "length 1",
        }[self.state]


def chain(layout: Layout, new: Index, order: str) -> list[Link]:
    """Return the links between neighboring axes of `layout`, in the order of the axes.

    Parameters
    ----------
    new
        The requested shape, of the same size.
    order
        ``"C"`` or ``"F"``.
    """
    axes = list(zip(layout.shape, layout.strides, strict=True))
    if order == "F":
        axes, new = axes[::-1], new[::-1]
    joined = _joined(layout.shape if order == "C" else layout.shape[::-1], new)
    links = []
    for k, (outer, inner) in enumerate(pairwise(axes)):
        state = "apart"
        if 1 in (outer[0], inner[0]):
            state = "free"
        elif k in joined:
            state = "merge" if merges(outer, inner) else "fail"
        links.append(Link(outer, inner, state))
    # The two axes around an axis of length 1 are neighbors, too, and must merge.
    links = _around_ones(axes, links, joined)
    return links if order == "C" else links[::-1]


def _around_ones(axes: list[tuple[int, int]], links: list[Link], joined: set[int]) -> list[Link]:
    """Put the equation of two axes with axes of length 1 between them on the last link."""
    long = [k for k, (n, _) in enumerate(axes) if n != 1]
    for k, m in pairwise(long):
        if m > k + 1 and m - 1 in joined:
            state = "merge" if merges(axes[k], axes[m]) else "fail"
            links[m - 1] = Link(axes[k], axes[m], state)
    return links


def _joined(old: Index, new: Index) -> set[int]:
    """Return each k for which the new shape joins axes k and k + 1.

    Two shapes both have a cut where their running products, from the first axis on, are equal.
    The axes between two such cuts are joined.
    """
    if 0 in old:
        return set()
    cuts, total = {1}, 1
    for n in new:
        total *= n
        cuts.add(total)
    joined, total = set(), 1
    for k, n in enumerate(old[:-1]):
        total *= n
        if total not in cuts:
            joined.add(k)
    return joined


def walk(offset: int, link: Link) -> tuple[str, list[StrideStep]]:
    """Return a walk along the inner axis and one step along the outer one, as words and steps."""
    (_, s), (n, t) = link.outer, link.inner
    shown = min(n - 1, STEPS)
    bytes_ = [offset + k * t for k in range(shown + 1)]
    jumps = [t] * shown
    if n - 1 > STEPS:
        bytes_ = [*bytes_[:-1], offset + (n - 1) * t]
        jumps = [*jumps[:-1], (n - 1) * t - (shown - 1) * t]
    bytes_.append(offset + s)
    jumps.append(offset + s - bytes_[-2])
    labels = [signed(jump) for jump in jumps]
    if n - 1 > STEPS:
        labels[-2] = f"{signed(t)} ×{n - shown}"
    steps = [
        StrideStep(p, q, 0 if k == len(jumps) - 1 else 1, label)
        for k, ((p, q), label) in enumerate(zip(pairwise(bytes_), labels, strict=True))
    ]
    path = " → ".join(plain(p) for p in bytes_)
    end = "One stride fits." if link.state == "merge" else "No single stride fits."
    return f"Walk {path}: steps {', '.join(labels)}. {end}", steps

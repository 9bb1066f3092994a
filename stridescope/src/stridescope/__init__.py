"""stridescope: see how NumPy stores, shares and moves data.

>>> import stridescope as ss

- `layout` draws an array's elements and the bytes they lie in.
- `relate` draws which arrays share which bytes.
- `workbench` reads one buffer as any offset, shape and strides say.
- `why` and `why_reshape` say whether indexing and reshaping give a view or a copy, and why.
- `broadcast` aligns shapes and shows which axes stretch.
- `wheel` and `bits` show what an integer or a float is made of.
- `predict` asks before the output is seen.
- `review` asks again what was answered wrongly or without being sure.
- `before_after` sets the answers to questions asked twice side by side.
- `race` times ways to one result against each other, fairly.
- `scale` chooses sizes by the memory this process may use.
- `temporaries` draws the blocks of memory that an expression takes.
- `traverse` draws the order of visits and the cache lines it loads.
- `windows` moves a window over an image, and shows the bytes it reads.

Every call but `scale` returns an `Instrument`: a figure in Jupyter and in the page, words in the
terminal. Each lives in the module of its name, `_layout` and so on, which is imported when it is first
used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stridescope._before_after import before_after
    from stridescope._bits import bits
    from stridescope._broadcast import broadcast
    from stridescope._layout import layout
    from stridescope._predict import predict
    from stridescope._race import race
    from stridescope._relate import relate
    from stridescope._review import review
    from stridescope._scale import scale
    from stridescope._temporaries import temporaries
    from stridescope._traverse import traverse
    from stridescope._wheel import wheel
    from stridescope._why import why
    from stridescope._why_reshape import why_reshape
    from stridescope._windows import windows
    from stridescope._workbench import workbench
    from stridescope.runtime.instrument import Instrument

__all__ = [
    "Instrument",
    "before_after",
    "bits",
    "broadcast",
    "layout",
    "predict",
    "race",
    "relate",
    "review",
    "scale",
    "temporaries",
    "traverse",
    "wheel",
    "why",
    "why_reshape",
    "windows",
    "workbench",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import what is asked for, at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'stridescope' has no attribute {name!r}")
    module = import_module(
        f"stridescope.{'runtime.instrument' if name == 'Instrument' else f'_{name}'}"
    )
    globals()[name] = getattr(module, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

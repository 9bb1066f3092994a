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
terminal. Each lives in the module of its name in `stridescope.instruments`, which is imported when it is
first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stridescope.instruments.before_after import before_after
    from stridescope.instruments.bits import bits
    from stridescope.instruments.broadcast import broadcast
    from stridescope.instruments.layout import layout
    from stridescope.instruments.predict import predict
    from stridescope.instruments.race import race
    from stridescope.instruments.relate import relate
    from stridescope.instruments.review import review
    from stridescope.instruments.scale import scale
    from stridescope.instruments.temporaries import temporaries
    from stridescope.instruments.traverse import traverse
    from stridescope.instruments.wheel import wheel
    from stridescope.instruments.why import why
    from stridescope.instruments.why_reshape import why_reshape
    from stridescope.instruments.windows import windows
    from stridescope.instruments.workbench import workbench
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
    room = "runtime.instrument" if name == "Instrument" else f"instruments.{name}"
    module = import_module(f"stridescope.{room}")
    globals()[name] = getattr(module, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

"""stridescope: see how NumPy stores, shares and moves data.

>>> import stridescope as ss

- `layout` draws an array's elements and the bytes that hold them.
- `relate` draws which arrays share which bytes.
- `workbench` reads one buffer with any offset, shape and strides.
- `why` and `why_reshape` show whether indexing or reshaping gives a view or a copy, and why.
- `broadcast` aligns shapes and shows which axes stretch.
- `wheel` and `bits` show the bits of an integer or a float.
- `predict` asks a question before the reader sees the output.
- `review` asks questions again that were answered wrongly or without being sure.
- `before_after` compares the answers to questions that are asked twice.
- `race` compares the time and memory of functions that give the same result.
- `scale` chooses array sizes that fit into the memory of this machine.
- `temporaries` draws the blocks of memory that an expression needs.
- `traverse` draws the order of visits, and the cache lines that it loads.
- `windows` moves a window over an image, and shows the bytes that it reads.

Every call but `scale` returns an `Instrument`: a figure in Jupyter and on web pages, and words in
the terminal. Each instrument is in the module of its name in `stridescope.instruments`, which is
imported when it is first used.
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
    """Import an instrument when it is first used (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'stridescope' has no attribute {name!r}")
    room = "runtime.instrument" if name == "Instrument" else f"instruments.{name}"
    module = import_module(f"stridescope.{room}")
    globals()[name] = getattr(module, name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])

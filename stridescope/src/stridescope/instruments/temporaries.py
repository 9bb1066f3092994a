"""`temporaries`: the intermediates of an expression as blocks of memory over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stridescope.drawing.figure import NARROW, WIDE, figure, forms, prose
from stridescope.model.memory import as_array, describe, dtype_words
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from stridescope.model.allocations import Program

MODES = ("", "reuse", "buffers")
WORDS = {
    "": "as written",
    "reuse": "`out=` into temporaries",
    "buffers": "`out=` into buffers made before",
}


def temporaries(
    expression: str, *, out: str | None = None, caption: str | None = None, **arrays: object
) -> Instrument:
    """Draw the memory that an expression takes while it is computed.

    The expression is read, not run: arrays of any size cost nothing here.

    Parameters
    ----------
    expression
        Arrays by name, numbers, operators, ufuncs of `np` (also with ``out=`` an array) and sums and the
        like, as text.
    out
        How ``out=`` is used besides what the expression says: not (None), ``"reuse"`` (into a
        temporary that ends there) or ``"buffers"`` (where there is none, into a buffer made before).
    caption
        A sentence above the picture.
    arrays
        The arrays that the expression names; their shapes and dtypes are used, no element is read.

    Returns
    -------
    Instrument
        One row for each step, a box for each block; its width is its bytes, its height the steps
        through which it is held.

    Raises
    ------
    TypeError
        If one of `arrays` is no array or `expression` no text.
    ExpressionError
        (a ValueError) If the expression is outside the subset or NumPy refuses it.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.broadcast_to(1.0, 100_000_000)
    >>> print(ss.temporaries("np.sqrt(np.sum(a**2))", a=a))
    As written: np.sqrt(np.sum(a**2))
    1. t1 = a ** 2, float64 (100000000,), makes 800 MB; new memory held: 800 MB.
    2. t2 = np.sum(t1), float64, makes 8 B; new memory held: 800 MB.
    3. t3 = np.sqrt(t2), float64, makes 8 B; new memory held: 16 B.
    Peak: 800 MB of new memory, first at step 2; before it there is a (8 B).
    NumPy may reuse a temporary by itself (blocks from 256 kB, by the system); that is not modelled.
    """
    # Imported when first asked for: `import stridescope` is to cost next to nothing.
    from stridescope.drawing.temporaries import draw, line_words, peak_words
    from stridescope.model.allocations import Block, program
    from stridescope.model.expression import operations

    if not isinstance(expression, str):
        msg = (
            f'ss.temporaries takes the expression as text, "a**2", not {type(expression).__name__}'
        )
        raise TypeError(msg)
    mode = _mode(out)
    given = {name: as_array(a, "temporaries") for name, a in arrays.items()}
    found = operations(expression, given)
    programs = {kind: program(found, kind) for kind in MODES}
    named = {v.root for o in found for v in o.operands} | {o.out for o in found}
    before = [_given(name, a) for name, a in given.items() if name in named]
    made = programs[mode]
    last = len(made.steps)
    held = [Block(b["name"], b["nbytes"], 0, last) for b in before]
    words = [f"{WORDS[mode].replace('`', '').capitalize()}: {' '.join(expression.split())}"]
    words += [line_words(made, k) for k in range(1, last + 1)]
    notes = [peak_words(made, held), ELISION]
    body = f"<p>{prose(f'`{expression.strip()}`, {WORDS[mode]}.')}</p>"
    body += forms(*(draw(made, held, width) for width in (WIDE, NARROW)))
    body += f'<p>{prose(notes[0])}</p><p class="ss-read">{prose(ELISION)}</p>'
    state = {
        "expression": expression.strip(),
        "mode": mode,
        "caption": caption,
        "before": before,
        "note": ELISION,
        "programs": [_json(p) for p in programs.values()],
    }
    text = "\n".join([*words, *notes])
    return Instrument(figure("temporaries", body, caption), text, "temporaries", state)


ELISION = "NumPy may reuse a temporary by itself (blocks from 256 kB, by the system); that is not modelled."


def _mode(out: str | None) -> str:
    if out not in {None, *MODES}:
        msg = f"out is None, 'reuse' or 'buffers', not {out!r}: an array's own name cannot be out"
        raise ValueError(msg)
    return out or ""


def _given(name: str, a: Any) -> dict[str, Any]:  # noqa: ANN401 - an ndarray of any dtype
    """Return a given array's name, words, and the bytes that its elements lie in."""
    low, high = describe(a).layout.extent()
    return {"name": name, "nbytes": high - low, "words": f"{dtype_words(a.dtype)} {a.shape}"}


def _json(made: Program) -> dict[str, Any]:
    """Return a program as JSON knows it."""
    return {
        "mode": made.mode,
        "steps": [
            {"code": s.code, "result": s.result, "words": s.words, "makes": s.makes}
            for s in made.steps
        ],
        "blocks": [[b.name, b.nbytes, b.birth, b.death] for b in made.blocks],
        "buffers": [[b.name, b.nbytes, b.code] for b in made.buffers],
    }

"""Values as short text that fits into its box."""

from __future__ import annotations

MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"
DOTS = "…"


def signed(number: int) -> str:
    """Return a stride with its sign, ``+24`` or ``+0``, or with a true minus sign."""
    return f"{MINUS if number < 0 else '+'}{abs(number)}"


def plain(number: int) -> str:
    """Return an integer; a negative one has a true minus sign and is in parentheses."""
    return str(number) if number >= 0 else f"({MINUS}{-number})"


def minus(number: object) -> str:
    """Return the text of a number with true minus signs, also in its exponent."""
    return str(number).replace("-", MINUS)


def full(value: object) -> str:
    """Return a value as one line of printable text, without quotes around strings."""
    if isinstance(value, str):
        return str.__repr__(value)[1:-1]
    if isinstance(value, bytes):
        return bytes.__repr__(value)[2:-1]
    if isinstance(value, complex):
        return str(value).strip("()")
    return repr(str(value))[1:-1]


def short(text: str, limit: int) -> str:
    """Cut the text of a value to `limit` characters; the last one is then ``…``.

    An exponent is kept whole or cut off at its ``e``, so that 1e-300 cannot look like 1e-3.
    """
    if len(text) <= limit:
        return text
    mantissa, e, exponent = text.partition("e")
    if e and exponent.lstrip("+-").isdigit():
        digits = limit - len(exponent) - 2
        if digits >= 1:
            return f"{mantissa[:digits]}{DOTS}e{exponent}"
        return f"{mantissa[: max(limit - 2, 0)]}e{DOTS}"[:limit]
    return text[: limit - 1] + DOTS


def clip(text: str, limit: int = 40) -> str:
    """Cut the text of a value to `limit` characters, for use in a sentence."""
    return text if len(text) <= limit else text[: limit - 1] + DOTS

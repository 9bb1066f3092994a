"""What can be wrong with a lesson that its page would show, each with lesson, cell and remedy."""

from __future__ import annotations

from course.core.errors import CourseError


class RenderError(CourseError):
    """A fault of a lesson found while its page was made.

    Parameters
    ----------
    slug : str
        The lesson, or `index`.
    cell : int or None
        The cell, counted from 1 as in JupyterLab from the top; None if the page as a whole is at fault.
    message : str
        What is wrong and what to do.
    """

    def __init__(self, slug: str, cell: int | None, message: str) -> None:
        place = slug if cell is None else f"{slug}, cell {cell}"
        super().__init__(f"{place}: {message}")
        self.slug, self.cell, self.message = slug, cell, message


class AltError(RenderError):
    """A picture that says nothing to who cannot see it."""


class LinkError(RenderError):
    """A link or a picture's address that leads nowhere, or out to the network."""


class MathError(RenderError):
    """A formula that cannot be turned into MathML."""


class HeadingError(RenderError):
    """Headings that step by more than one, share an anchor, or a title missing or given twice."""


class OutputError(RenderError):
    """An output that a page without kernel and network cannot show."""

"""What a lesson's page can have wrong, each with lesson, cell and how to fix it."""

from __future__ import annotations

from course.core.errors import CourseError


class RenderError(CourseError):
    """A mistake in a lesson that was found while its page was rendered.

    Parameters
    ----------
    slug : str
        The lesson, or `index`.
    cell : int or None
        The cell, counted from 1 from the top as in JupyterLab; None if it concerns the whole page.
    message : str
        What is wrong and what to do.
    """

    def __init__(self, slug: str, cell: int | None, message: str) -> None:
        place = slug if cell is None else f"{slug}, cell {cell}"
        super().__init__(f"{place}: {message}")
        self.slug, self.cell, self.message = slug, cell, message


class AltError(RenderError):
    """A picture without a description for readers who cannot see it."""


class LinkError(RenderError):
    """A link or a picture's address that is broken or leads to the network."""


class MathError(RenderError):
    """A formula that cannot be converted to MathML."""


class HeadingError(RenderError):
    """Headings that skip a level or share an anchor, or a missing or second title."""


class OutputError(RenderError):
    """An output that a page cannot show without a kernel and the network."""

"""HTML pages: an executed notebook becomes a page that needs neither a kernel nor the network.

nbconvert renders, with the template in `web/templates/course/` (`page`). The other modules convert
the Markdown (`markdown`), clean the outputs (`cells`), keep what the live instruments need
(`widgets`) and check the page (`checks`).
"""

from course.render.errors import (
    AltError,
    HeadingError,
    LinkError,
    MathError,
    OutputError,
    RenderError,
)
from course.render.page import BESIDE, BESIDE_LIVE, Renderer

__all__ = [
    "BESIDE",
    "BESIDE_LIVE",
    "AltError",
    "HeadingError",
    "LinkError",
    "MathError",
    "OutputError",
    "RenderError",
    "Renderer",
]
